"""Fixture of the evidence tests: the evidence of an empty store, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from wildcrawl.evidence import Evidence, open_evidence
from wildcrawl.store import Store


@pytest.fixture
def evidence(store: Store, tmp_path: Path) -> Evidence:
    """The empty evidence of an empty store."""
    return open_evidence(store, tmp_path / "evidence")
