"""Names of the stats: spelled in one module only, and read by the health as counted."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from tests.helpers.crawling import ROOT
from wildcrawl.crawl.stats import RunCounts, Stat

NAMES = {name: value for name, value in vars(Stat).items() if name.isupper()}
FOLDERS = ("wildcrawl", "pipelines", "spiders", "tests")
METHODS = {"inc_value", "set_value", "get_value", "max_value", "min_value"}


def sources() -> list[Path]:
    return sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def spelt_out(tree: ast.AST) -> Iterator[str]:
    """Stats named by a literal text: one of this project's names, or in a counting call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.fullmatch(r"wildcrawl/[a-z_]+(/\w*)?", node.value):
                yield node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.args[0] if node.args else None
            if node.func.attr in METHODS and isinstance(name, ast.Constant | ast.JoinedStr):
                yield ast.unparse(name)


def test_a_misspelt_name_in_a_text_is_noticed() -> None:
    assert list(spelt_out(ast.parse("stats.inc_value('pagse')"))) == ["'pagse'"]
    assert list(spelt_out(ast.parse("stats.get_value(f'wildcrawl/{name}')"))) == [
        "f'wildcrawl/{name}'"
    ]
    assert list(spelt_out(ast.parse("counts = {'wildcrawl/pagse': 1}"))) == ["wildcrawl/pagse"]
    assert list(spelt_out(ast.parse("stats.inc_value(Stat.PAGES)"))) == []


def test_no_other_module_spells_a_stat_out() -> None:
    own = {ROOT / "wildcrawl" / "crawl" / "stats.py", Path(__file__).resolve()}
    found = {
        str(path.relative_to(ROOT)): names
        for path in sources()
        if path not in own and (names := list(spelt_out(ast.parse(path.read_text("utf-8")))))
    }
    assert found == {}


def test_no_two_stats_share_a_name() -> None:
    assert len(set(NAMES.values())) == len(NAMES) > 30
    assert all(name.startswith("wildcrawl/") for name in NAMES.values())


COUNTS = [each.name for each in fields(RunCounts) if "stat" in each.metadata]


@pytest.mark.parametrize("name", COUNTS)
def test_each_count_is_read_from_the_stat_of_its_name(name: str) -> None:
    stat = "downloader/request_count" if name == "requests" else f"wildcrawl/{name}"
    counts = RunCounts.from_stats({stat: 7})
    assert {each: getattr(counts, each) for each in COUNTS} == dict.fromkeys(COUNTS, 0) | {name: 7}


def test_coverage_is_read_from_the_counts_of_each_field() -> None:
    stats = {
        Stat.FIELD_BASE + "title": 60,
        Stat.FILLED + "title": 60,
        Stat.FIELD_BASE + "price": 60,
    }
    assert RunCounts.from_stats(stats).coverage == {"title": (60, 60), "price": (0, 60)}
