"""The list of commands that `scrapy` and `scrapy -h` print, in the project and outside of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.cmdline import _get_commands_from_module

from tests.helpers.crawling import ROOT, scrapy
from wildcrawl.crawl.command_list import MONTH


def listed(text: str) -> list[str]:
    """The names of the commands, in the order in which they are printed."""
    return re.findall(r"^  ([a-z-]+)  +[A-Z]", text, re.MULTILINE)


def test_every_command_has_its_place_in_the_month() -> None:
    placed = [name for names in MONTH.values() for name in names]
    assert sorted(placed) == sorted(_get_commands_from_module("wildcrawl.commands", inproject=True))


@pytest.mark.parametrize("arguments", [[], ["-h"]])
def test_this_projects_commands_come_first(arguments: list[str], tmp_path: Path) -> None:
    said = scrapy(*arguments, folder=tmp_path)
    assert said.code == 0, said.err
    ours, _, theirs = said.out.partition("\nScrapy's own:\n")
    assert listed(ours) == [name for names in MONTH.values() for name in names]
    assert {"list", "shell", "genspider"} <= set(listed(theirs))
    assert not set(listed(ours)) & set(listed(theirs))
    assert "wildcrawl" not in listed(theirs)


def outside(folder: Path, *arguments: str) -> str:
    """What Scrapy prints in a folder without a project."""
    kept = {name: value for name, value in os.environ.items() if name != "SCRAPY_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=folder,
        env=kept,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


def test_outside_the_project_it_says_where_to_stand(tmp_path: Path) -> None:
    (line,) = re.findall(r"^  wildcrawl .*$", outside(tmp_path, "-h"), re.MULTILINE)
    assert line.endswith(f"they work in {ROOT}")
    said = outside(tmp_path, "wildcrawl")
    assert listed(said) == [name for names in MONTH.values() for name in names]
    assert said.rstrip().endswith(f"They work in {ROOT}.")
