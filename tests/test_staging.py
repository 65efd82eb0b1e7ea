"""Staging folder: one for each process, although others remove those of dead processes."""

from __future__ import annotations

import shutil
from pathlib import Path

import filelock
import pytest

from wildcrawl.staging import staging_folder


def test_a_folder_that_another_process_removed_before_it_was_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acquire = filelock.FileLock.acquire
    taken: list[Path] = []

    def raced(lock: filelock.FileLock, *given: float | None) -> object:
        folder = Path(lock.lock_file).parent
        first = not taken
        taken.append(folder)
        if first:
            shutil.rmtree(folder)
            raise FileNotFoundError(lock.lock_file)
        held = acquire(lock, *given)
        if len(taken) == 2:
            shutil.rmtree(folder)
        return held

    monkeypatch.setattr(filelock.FileLock, "acquire", raced)
    with staging_folder(tmp_path, ".made-") as made:
        assert taken.index(made) == 2
        assert len(taken) == 3
        (made / "file").touch()
        assert [*tmp_path.glob(".made-*")] == [made]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_a_place_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OSError), staging_folder(tmp_path / "away", ".made-"):  # noqa: PT011
        pass
