"""Regular expressions of the code: what all versions of Python from 3.11 on read alike."""

from __future__ import annotations

import re

from tests.helpers.crawling import ROOT

POSSESSIVE_GROUP = re.compile(r"(?<![\\(])\)(?:[*+?]|\{{1,2}\d*,?\d*\}{1,2})\+")


def test_no_group_is_repeated_possessively() -> None:
    """Before Python 3.11.5 a repetition that fails keeps what it took; `(?>(?:…)*)` does not."""
    assert POSSESSIVE_GROUP.search(r"(?:a|b,(?=c))*+")
    assert POSSESSIVE_GROUP.search(r"(a){1,3}+")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for room in ("wildcrawl", "spiders", "pipelines", "exports")
        for path in sorted((ROOT / room).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if POSSESSIVE_GROUP.search(line)
    ]
    assert found == []
