"""Collection of the tests: assertions are rewritten once for all processes."""

from __future__ import annotations

import gc
import sys

import pytest
from _pytest.assertion import rewrite

from tests.helpers.crawling import ROOT


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Writes the bytecode with rewritten assertions of the tests that have none.

    In a new checkout, each of the test processes would otherwise rewrite all tests at once.
    """
    workers = getattr(config.option, "numprocesses", None)
    if not workers or hasattr(config, "workerinput") or sys.dont_write_bytecode:
        return
    state = config.stash[rewrite.assertstate_key]
    for path in (ROOT / "tests").rglob("test_*.py"):
        folder = rewrite.get_cache_dir(path)
        compiled = folder / f"{path.stem}{rewrite.PYC_TAIL}"
        if rewrite._read_pyc(path, compiled) is None and rewrite.try_makedirs(folder):
            source, code = rewrite._rewrite_test(path, config)
            rewrite._write_pyc(state, code, source, compiled)


def pytest_collection() -> None:
    """Collects no garbage while the tests are collected: what is made then remains."""
    gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Lets later collections of garbage pass over what was loaded before the first test."""
    gc.freeze()
    gc.enable()
