"""Contact forms: the tables of written forms of contacts, and of what is none."""

from __future__ import annotations

from tests.helpers.crawling import ROOT

FOLDER = ROOT / "tests" / "analysis" / "contacts"


def forms(name: str) -> list[str]:
    """The lines of a table of written forms."""
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()
