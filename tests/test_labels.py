"""Labels: each is written in the catalogue alone, and every closed value has one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

import wildcrawl
from wildcrawl.items import (
    RECORD_COLUMNS,
    AgeClaim,
    Health,
    PriceKind,
    ProductType,
    Relevance,
    Strength,
    Verdict,
)
from wildcrawl.labels import CLOSED, FIELDS, field_label, label_of, labels_in

ROOT = Path(wildcrawl.__file__).parents[1]
LABELS = [*FIELDS.values(), *(label for labels in CLOSED.values() for label in labels.values())]
PAIRS = {(label.english.lower(), label.chinese) for label in LABELS}
IN_TEMPLATE = re.compile(r't\("([^"]*)", "([^"]*)"\)')


def pairs_of_source(path: Path) -> Iterator[tuple[str, str]]:
    """The neighbouring strings of the tuples and calls of a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        found = getattr(node, "elts", []) if isinstance(node, ast.Tuple) else []
        found = node.args if isinstance(node, ast.Call) else found
        texts = [each.value for each in found if isinstance(each, ast.Constant)]
        for english, chinese in pairwise(texts):
            if isinstance(english, str) and isinstance(chinese, str):
                yield english.lower(), chinese


def test_no_label_is_written_a_second_time() -> None:
    twice = {
        (path.name, pair)
        for path in sorted((ROOT / "wildcrawl" / "desk").rglob("*.py"))
        for pair in pairs_of_source(path)
        if pair in PAIRS
    }
    twice |= {
        (path.name, (english.lower(), chinese))
        for path in sorted((ROOT / "wildcrawl" / "desk" / "templates").glob("*.html"))
        for english, chinese in IN_TEMPLATE.findall(path.read_text(encoding="utf-8"))
        if (english.lower(), chinese) in PAIRS
    }
    assert twice == set(), "take them from wildcrawl/labels.py"


@pytest.mark.parametrize(("name", "lang"), [("english", "en"), ("chinese", "zh")])
def test_the_report_has_no_labels_of_its_own_for_fields_and_values(name: str, lang: str) -> None:
    tree = ast.parse((ROOT / "exports" / "texts" / f"{name}.py").read_text(encoding="utf-8"))
    own = {
        (key.value, value.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(value, ast.Constant)
    }
    known = {*labels_in(lang, FIELDS).items()}
    for kind in ("verdict", "product_type", "price_kind", "reason", "status"):
        known |= {*labels_in(lang, CLOSED[kind]).items()}
    assert own & known == set()


def test_every_closed_value_and_every_column_has_a_label() -> None:
    closed = {
        "verdict": Verdict, "product_type": ProductType, "age_claim": AgeClaim,
        "price_kind": PriceKind, "health": Health, "relevance": Relevance, "strength": Strength,
    }  # fmt: skip
    assert {kind: {*CLOSED[kind]} for kind in closed} == {
        kind: {*values} for kind, values in closed.items()
    }
    assert {*RECORD_COLUMNS} <= {*FIELDS}
    for label in LABELS:
        assert re.search(r"[\u4e00-\u9fff]", label.chinese), label
        assert not re.search(r"[\u4e00-\u9fff]", label.english), label
    assert (field_label("title", "zh"), field_label("nothing", "zh")) == ("标题", "nothing")
    assert (label_of("verdict", "fake", "en"), label_of("verdict", "?", "en")) == ("fake", "?")
