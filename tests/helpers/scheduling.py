"""Test scheduling: tests that share a costly fixture run on one worker of pytest-xdist.

`--dist loadgroup` of pytest-xdist 3.8 has no effect under pytest 9, so the groups are read here.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.helpers.crawling import ROOT

SLOWEST = ("engines", "slow")
"""Marks of slow tests, the slowest first."""
_GROUP = re.compile(r"""xdist_group\(["'](.+?)["']\)""")


@cache
def group_of(path: str) -> str:
    """The group that a test file names, itself if it has fixtures for its module, else ""."""
    text = (ROOT / path).read_text(encoding="utf-8")
    named = _GROUP.search(text)
    if named:
        return f"group {named[1]}"
    return path if 'scope="module"' in text else ""


class GroupScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Sends the tests of a group to one worker, and every other test to the next free one."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid.split("::")[0]) or nodeid


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sorts the slowest tests first, so that no worker waits for one of them at the end."""
    items.sort(key=lambda item: [not item.get_closest_marker(each) for each in SLOWEST])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> GroupScheduling:
    """The scheduler of `make test`."""
    return GroupScheduling(config, log)
