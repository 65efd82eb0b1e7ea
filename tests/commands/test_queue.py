"""`scrapy queue`: what it says of advertisements that a report does not count as waiting."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.settings import Settings

from wildcrawl.commands.queue import Command, beside_the_report
from wildcrawl.items import Advertisement
from wildcrawl.store import open_store

MAY = datetime(2016, 5, 3, tzinfo=UTC)


def test_those_raised_by_the_second_reader_are_counted_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    store = open_store(url)
    kinds = ["likely", "likely", "second_reader"]
    ads = [
        Advertisement("mall", f"{number}", title="牙雕", relevance=relevance, found_at=MAY)
        for number, relevance in enumerate(kinds)
    ]
    store.record(ads, "run")
    store.close()
    command = Command()
    command.settings = Settings({"WILDCRAWL_STORE": url})
    command.run([], argparse.Namespace(most=20))
    said = capsys.readouterr().out
    assert "3 of 3 without a verdict" in said
    assert "Of these, 1 raised by the second reader: a report leaves it out" in said


def test_a_sample_of_the_audit_is_named_too() -> None:
    assert beside_the_report(2, 1_000) == (
        "Of these, 2 raised by the second reader and 1,000 set aside and sampled for the audit: "
        "a report leaves them out until they are judged valid."
    )
