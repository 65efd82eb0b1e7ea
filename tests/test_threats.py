"""THREATS.md: each test that it names exists."""

from __future__ import annotations

import re

from tests.helpers.crawling import ROOT


def test_each_test_that_shows_a_protection_exists() -> None:
    rows = re.findall(r"^\|.*\|$", (ROOT / "THREATS.md").read_text(encoding="utf-8"), re.MULTILINE)
    shown_by = [re.findall(r"`(test_\w+)`", row.split("|")[-2]) for row in rows[2:]]
    assert shown_by
    assert all(shown_by)
    named = {name for names in shown_by for name in names}
    written = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert {name for name in named if f"def {name}(" not in written} == set()
