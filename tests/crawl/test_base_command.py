"""Base classes of commands: the files of every command are private to their owner."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
from pathlib import Path

from scrapy import cmdline

from tests.helpers.crawling import ROOT
from wildcrawl.crawl.base_command import PrivateFilesCommand


def test_what_every_command_writes_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    commands = cmdline._get_commands_from_module("wildcrawl.commands", inproject=True)
    modules = {
        path.stem
        for path in (ROOT / "wildcrawl" / "commands").glob("*.py")
        if re.search(r"^class Command\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert commands.keys() == modules
    assert all(isinstance(command, PrivateFilesCommand) for command in commands.values())
    before = os.umask(0o022)
    try:
        command = commands["tag"]
        command.settings = None
        parser = argparse.ArgumentParser()
        # Scrapy's part needs the settings of a whole command.
        with contextlib.suppress(AttributeError, AssertionError):
            command.process_options([], parser.parse_args([]))
        (tmp_path / "store.db").write_text("x")
        assert (tmp_path / "store.db").stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)
