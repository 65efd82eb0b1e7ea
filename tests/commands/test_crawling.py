"""Crawl processes: the settings that one started by another command gets."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from scrapy.utils.project import get_project_settings

from wildcrawl.commands.crawling import passed_on


def test_every_setting_of_the_project_reaches_a_crawl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "wildcrawl.settings")
    settings = get_project_settings()
    names = [name for name in settings if name.startswith("WILDCRAWL_")]
    assert {"WILDCRAWL_STORE", "WILDCRAWL_TIMESTAMP_URL"} <= set(names)
    for number, name in enumerate(names):
        settings.set(name, number, priority="cmdline")
    read = (
        "from wildcrawl import settings;"
        f"print(*(getattr(settings, name) for name in {names!r}), sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", read],
        env=os.environ | passed_on(settings),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.split() == [str(number) for number in range(len(names))]
