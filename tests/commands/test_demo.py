"""`scrapy demo`: its marketplaces' port, and the settings to work on its store."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.helpers.ports import free_port
from wildcrawl.commands.demo import marketplaces, own_settings, write_settings


def test_the_marketplaces_have_the_usual_port_or_say_that_it_is_in_use(
    capsys: pytest.CaptureFixture[str],
) -> None:
    port = free_port()
    with marketplaces(1, port) as base:
        assert base == f"http://127.0.0.1:{port}"
        assert capsys.readouterr().out == ""
        with marketplaces(1, port) as other:
            assert other != base
            assert urlopen(f"{other}/robots.txt").status == 200
    assert f"Port {port} is in use" in capsys.readouterr().out


def test_a_terminal_works_on_the_demo_after_its_settings_were_read(tmp_path: Path) -> None:
    folder = tmp_path / "an analyst's demo"
    folder.mkdir()
    write_settings(folder / "settings.sh", own_settings(folder), browser="/opt/a browser")
    source = f". {shlex.quote(str(folder / 'settings.sh'))} && cd / && scrapy"
    shown = subprocess.run(
        ["bash", "-c", f"{source} settings --get WILDCRAWL_STORE; env"],
        capture_output=True, encoding="utf-8", check=True,
    ).stdout.splitlines()  # fmt: skip
    assert shown[0] == f"sqlite:///{folder}/wildcrawl.db"
    assert {f"{name}={value}" for name, value in own_settings(folder).items()} < set(shown)
    assert "WILDCRAWL_BROWSER=/opt/a browser" in shown
