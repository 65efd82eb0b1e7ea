"""Drawings of reports: made for the tests that look at them only, since they take the most time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

EMPTY = '<svg width="9" height="9" viewBox="0 0 9 9"></svg>'


@pytest.fixture
def drawn() -> None:
    """Has the figures of this test's reports drawn."""


@pytest.fixture(autouse=True)
def _undrawn(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves figures empty but for their titles and words, unless a test takes `drawn`."""

    def empty(_chart: Callable[[int], Any], _width: int) -> str:
        return EMPTY

    if "drawn" not in request.fixturenames:
        monkeypatch.setattr("exports.charts.vega.vega_svg", empty)
