"""Closed pipes: a command whose output is closed (`scrapy sites | head -1`) exits silently."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.helpers.crawling import environment, running, scrapy


@pytest.mark.parametrize(
    "command",
    [("list",), ("tag", *["老象牙手镯 虎骨酒 犀角杯"] * 200)],
    ids=["little", "much"],
)
def test_a_reader_that_has_gone_is_not_a_fault(tmp_path: Path, command: tuple[str, ...]) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", *command],
            cwd=tmp_path,
            env=environment(),
            stdout=theirs,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
    finally:
        os.close(theirs)
    assert done.stderr == ""


@pytest.mark.parametrize("command", ["sites", "tag 老象牙手镯", "keywords yield"])
def test_a_reader_that_goes_is_not_a_fault(tmp_path: Path, command: str) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as other:
        # Opened once the command opens its end, which is before its first output.
        reader = other.submit(lambda: os.close(os.open(pipe, os.O_RDONLY)))
        with running(*command.split(), folder=tmp_path, streams={"out": pipe}) as done:
            done.wait()
            assert done.err == ""
        reader.result()


def test_a_fault_of_the_code_still_shows(tmp_path: Path) -> None:
    module = tmp_path / "wrong.py"
    module.write_text("import wildcrawl.commands\nraise RuntimeError('seen')\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(module)],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "RuntimeError: seen" in done.stderr


def test_a_missing_file_is_still_reported(tmp_path: Path) -> None:
    result = scrapy("crawl", "records", "-a", "file=none.csv", folder=tmp_path)
    assert result.code == 2
    assert "none.csv" in result.err


def test_a_command_that_a_person_stops_shows_no_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    import wildcrawl.commands  # noqa: F401

    error = KeyboardInterrupt()
    sys.excepthook(KeyboardInterrupt, error, error.__traceback__)
    assert capsys.readouterr().err == "\nStopped.\n"


def test_the_demo_says_how_many_pictures_it_has_read(capsys: pytest.CaptureFixture[str]) -> None:
    from wildcrawl.commands.demo import pictures_done

    for number in range(1, 251):
        pictures_done(number, 250)
    said = capsys.readouterr().out.splitlines()
    assert said[:-1] == [f"  {number} of 250 pictures" for number in (100, 200, 250)]
    assert "Comparing them" in said[-1]
