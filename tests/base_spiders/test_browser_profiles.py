"""Browser profiles: the lock of a folder, and the permissions of its cookies."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from wildcrawl.base_spiders.browser_profiles import (
    COOKIES,
    ProfileError,
    check_signed_in,
    held,
    keep_cookies,
    make_private,
)


def test_a_folder_is_held_by_one_at_a_time_and_released(tmp_path: Path) -> None:
    for _ in range(2):
        with (
            held(tmp_path),
            pytest.raises(ProfileError, match="in use by another crawl or login"),
            held(tmp_path),
        ):
            pass


def test_cookies_are_for_their_owner_alone(tmp_path: Path) -> None:
    (tmp_path / COOKIES).write_text("[]")
    (tmp_path / COOKIES).chmod(0o644)
    keep_cookies(tmp_path, [{"name": "id", "value": "x"}])
    assert stat.S_IMODE((tmp_path / COOKIES).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [COOKIES]


def test_a_profile_that_others_can_read_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "profiles" / "club"
    make_private(folder)
    keep_cookies(folder, [{"name": "id", "value": "x"}])
    check_signed_in(folder, "club")
    folder.chmod(0o755)
    with pytest.raises(ProfileError, match=f"chmod 700 {folder}"):
        check_signed_in(folder, "club")
