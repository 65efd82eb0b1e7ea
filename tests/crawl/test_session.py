"""Session: settings that are refused before a crawl."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy.settings import Settings

from wildcrawl.crawl.session import SettingError, check_settings


def test_no_requests_are_kept_on_the_disk(tmp_path: Path) -> None:
    settings = Settings()
    settings.setmodule("wildcrawl.settings")
    assert not settings.get("JOBDIR")
    settings.set("WILDCRAWL_STORE", f"sqlite:///{tmp_path / 'wildcrawl.db'}")
    check_settings(settings)
    settings.set("JOBDIR", "jobs/mall")
    with pytest.raises(SettingError, match=r"JOBDIR=jobs/mall: .* leave JOBDIR out"):
        check_settings(settings)
