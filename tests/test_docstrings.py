"""Docstrings: the examples in them give what they say."""

from __future__ import annotations

import doctest
import importlib
import re

from tests.helpers.crawling import ROOT

EXAMPLE = re.compile(r"^\s+>>> ", re.MULTILINE)


def test_the_examples_in_docstrings_are_right() -> None:
    tried = 0
    for package in ("wildcrawl", "exports", "pipelines", "spiders", "scripts"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if not EXAMPLE.search(path.read_text(encoding="utf-8")):
                continue
            parts = path.relative_to(ROOT).with_suffix("").parts
            module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
            result = doctest.testmod(module)
            assert result.failed == 0, f"{path}: an example in a docstring is wrong"
            tried += result.attempted
    assert tried > 200
