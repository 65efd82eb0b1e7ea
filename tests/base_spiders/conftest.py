"""Fixture of searches: a whole run of a made-up site on a store of its own."""

from __future__ import annotations

import pytest

from tests.helpers.searched import Run, Searched


@pytest.fixture
def run(sqlite_url: str) -> Run:
    """Searches a site whose pages a function answers; see `Searched`."""
    return lambda site, answer, *rest: Searched(site, answer, sqlite_url, *rest)
