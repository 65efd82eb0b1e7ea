"""Vocabulary with few keywords: the same rules, and a search of a fifth as many pages."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.helpers.crawling import ROOT

KEPT = 2
"""Keywords that each group keeps: the first ones, which find the most."""


def write_few_keywords(path: Path) -> Path:
    """Writes the bundled vocabulary with KEPT keywords a group; returns its path."""
    rules = yaml.safe_load((ROOT / "keywords.yaml").read_text("utf-8"))
    for group in rules["groups"].values():
        group["keywords"] = group["keywords"][:KEPT]
    path.write_text(yaml.safe_dump(rules, allow_unicode=True), "utf-8")
    return path
