"""Fallback files: what a store did not take is read again as it was."""

from __future__ import annotations

import errno
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wildcrawl.items import Advertisement
from wildcrawl.store.fallback import Journal, record_line, write_unsaved
from wildcrawl.tabular.records import Record, read_records

MAY = datetime(2016, 5, 1, 4, 30, tzinfo=UTC)


def bracelet(ad_id: str = "7", **given: object) -> Advertisement:
    ad = Advertisement(
        "mall", ad_id, f"http://mall.example/{ad_id}", "老象牙手串", "民国\n旧物", price="12元/克",
        seller="乙", found_at=MAY, found_by=["象牙", "果冻"], image_urls=["http://m.example/a;b"],
        images=2, species=["ivory"], product_type="raw", age_claim="old", verdict="valid",
    )  # fmt: skip
    return replace(ad, **given)  # type: ignore[arg-type]


def read(path: Path) -> list[Advertisement]:
    rows = list(read_records(path, ["ivory", "tiger"]))
    assert all(isinstance(row, Record) for row in rows), rows
    return [row.advertisement for row in rows if isinstance(row, Record)]


def test_what_was_not_saved_is_imported_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "unsaved.jsonl"
    tags = {"species": ["tiger"], "by_person": ["species", "age_claim"], "age_claim": ""}
    cleaned = {"title": "牙雕", "original_title": "<b>牙雕</b>", "original_description": "民国"}
    ads = [bracelet(), bracelet("8", **tags), bracelet("9", **cleaned)]
    write_unsaved(path, ads, [record_line(bracelet("6"))])
    found = read(path)
    assert [ad.ad_id for ad in found] == ["6", "7", "8", "9"]
    # Tags that no person gave are read again; texts are cleaned again.
    untagged = {"species": [], "product_type": "", "age_claim": ""}
    assert [replace(ad, origin=None) for ad in found[:2]] == [
        bracelet("6", **untagged, found_at_given=True),
        bracelet("7", **untagged, found_at_given=True),
    ]
    assert (found[2].species, set(found[2].by_person)) == (["tiger"], {"species", "age_claim"})
    assert (found[3].title, found[3].description) == ("<b>牙雕</b>", "民国")


def test_a_journal_on_a_full_disk_keeps_what_it_had(monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal()
    journal.add([bracelet("1"), bracelet("2")])
    file = journal._file

    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(file, "flush", full)
    journal.add([bracelet("3")])
    monkeypatch.undo()
    journal.add([bracelet("4")])
    assert list(journal.lines()) == [record_line(bracelet(ad_id)) for ad_id in ("1", "2", "4")]
    assert journal.records == 3
