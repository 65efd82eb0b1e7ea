"""Settings for tests: the project's, with a store and folders of the test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scrapy.settings import Settings


def settings_in(folder: Path, **given: Any) -> Settings:
    """The project's settings, with a store in `folder`."""
    settings = Settings()
    settings.setmodule("wildcrawl.settings")
    settings.set("WILDCRAWL_STORE", f"sqlite:///{folder / 'store.db'}")
    settings.update(given, priority="cmdline")
    return settings
