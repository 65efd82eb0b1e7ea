"""Locations of files and folders in settings; relative ones start at the project's folder."""

from __future__ import annotations

from pathlib import Path

from scrapy.settings import BaseSettings
from scrapy.utils.conf import closest_scrapy_cfg

_SQLITE = "sqlite:///"


def project_folder() -> Path:
    """The folder of the scrapy.cfg in or above the current folder, else the current folder."""
    config = closest_scrapy_cfg()
    return Path(config).parent if config else Path.cwd()


def path_of(settings: BaseSettings, name: str) -> Path | None:
    """The absolute path in the setting `name`; None if it is empty."""
    value = str(settings.get(name) or "")
    return project_folder() / value if value else None


def output_of(settings: BaseSettings) -> Path:
    """The folder in WILDCRAWL_OUTPUT, in which reports and notices are written."""
    return path_of(settings, "WILDCRAWL_OUTPUT") or Path()


def store_url_of(settings: BaseSettings) -> str:
    """The URL in WILDCRAWL_STORE, with an absolute path if it names an SQLite file."""
    url = str(settings.get("WILDCRAWL_STORE")).strip()
    path = url.removeprefix(_SQLITE)
    if path in (url, "", ":memory:") or path.endswith("/"):
        return url
    return f"{_SQLITE}{project_folder() / path}"


def evidence_place_of(settings: BaseSettings) -> str:
    """The place in WILDCRAWL_EVIDENCE_DIR: an absolute path, or an address such as s3://bucket."""
    value = str(settings.get("WILDCRAWL_EVIDENCE_DIR")).strip()
    return value if "://" in value else str(project_folder() / value)
