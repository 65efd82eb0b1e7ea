"""Runs of a site in a month, for tests of reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tests.helpers.exports_data import GROUPS
from wildcrawl.items import Run

TERMS = [keyword.term for group in GROUPS for keyword in group.keywords]
"""The keywords of the reports under test."""


def run(site: str, month: str, health: str = "ok", keywords: Sequence[str] = TERMS) -> Run:
    started = datetime(int(month[:4]), int(month[5:]), 3, tzinfo=UTC)
    ended = started + timedelta(hours=1) if health else None
    return Run(
        f"{site} {month} {health}", site, started, ended, health=health, keywords=list(keywords)
    )
