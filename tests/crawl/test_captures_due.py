"""What is due for a capture: by what the store has, and what was captured before."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector

from tests.helpers.picture_files import photograph
from wildcrawl.base_spiders import HtmlSearchSpider
from wildcrawl.crawl.capturing import MOST_TRIES, Capturing, Due, KeptPicture
from wildcrawl.crawl.evidence_settings import (
    EvidenceSettings,
    Level,
    evidence_settings_of,
    stated_declaration,
)
from wildcrawl.crawl.picture_check import check_picture
from wildcrawl.crawl.received import Received
from wildcrawl.crawl.run_recorder import with_absent, with_evidence
from wildcrawl.crawl.run_report import RunReport
from wildcrawl.crawl.session import Session
from wildcrawl.crawl.skips import PictureSkipped, Skip
from wildcrawl.crawl.stats import RunCounts, Stat
from wildcrawl.evidence import CaptureKind, CaptureReason, EvidenceError
from wildcrawl.evidence.records import collector_of
from wildcrawl.items import Advertisement, Relevance, Run, Sighting, Verdict
from wildcrawl.pictures.decode import Header

NOW = datetime(2026, 5, 3, 4, 30, tzinfo=UTC)
PICTURE = "https://img.example/1.jpg"


class Stats(MemoryStatsCollector):
    """Counts without a crawler."""

    def __init__(self) -> None:
        self._stats: dict[str, Any] = {}


def settings_of(**given: Any) -> Settings:
    settings = Settings()
    settings.setmodule("wildcrawl.settings")
    settings.update({"WILDCRAWL_EVIDENCE": "pictures"} | given, priority="cmdline")
    return settings


@pytest.fixture
def capturing(store_url: str, tmp_path: Path) -> Iterator[Capturing]:
    place = str(tmp_path / "evidence")
    settings = settings_of(WILDCRAWL_STORE=store_url, WILDCRAWL_EVIDENCE_DIR=place)
    session = Session(settings, Run("run-1", "mall", NOW))
    yield Capturing(session, Stats())
    session.store.close()


def ad(kind: type[Advertisement] = Advertisement, **given: Any) -> Advertisement:
    fields: dict[str, Any] = {"title": "老象牙手镯", "price": "100元", "found_at": NOW}
    fields |= {"relevance": "likely", "image_urls": [PICTURE]}
    return kind("mall", "1", **fields | given)


def record(capturing: Capturing, advertisement: Advertisement) -> Advertisement:
    capturing.session.store.record([advertisement], "run-1")
    return advertisement


def page(content: str = "<img src='https://img.example/1.jpg'>") -> Received:
    body = content.encode()
    received = Received("https://mall.example/item/1", 200, (), body, NOW, content=body)
    received.ad_ids.append("1")
    return received


def due_of(capturing: Capturing, advertisement: Advertisement) -> Due:
    assert capturing.may_be_due(advertisement)
    due = capturing.due(advertisement)
    assert due is not None
    return due


def capture(capturing: Capturing, due: Due) -> None:
    if capturing.keep_page(due, page()):
        capturing.finish(due)


def test_records_state_the_settings_and_the_declaration_without_secrets(
    sqlite_url: str, tmp_path: Path
) -> None:
    class MallSite(HtmlSearchSpider):
        name = "mall"
        search_url = "https://mall.example/?q={keyword}"
        fields: ClassVar = {"title": ("h3", ".name")}
        headers: ClassVar = {"X-Key": "secret"}
        steps = ("Open the site.",)

    settings = settings_of(
        WILDCRAWL_STORE=sqlite_url,
        WILDCRAWL_EVIDENCE_DIR=str(tmp_path / "evidence"),
        WILDCRAWL_EVIDENCE_PICTURES=3,
        WILDCRAWL_TIMESTAMP_URL="https://anna:secret@tsa.example/?key=secret",
        DOWNLOAD_DELAY=0,
    )
    session = Session(settings, Run("run-1", "mall", NOW))
    capturing = Capturing(session, Stats(), stated_declaration(MallSite))
    due = due_of(capturing, record(capturing, ad()))
    assert capturing.keep_page(due, page())
    picture = capturing.record_picture(page("a picture"), Header("JPEG", 1, 1))
    capturing.keep_picture(due, PICTURE, picture)
    capturing.finish(due)
    objects = capturing.evidence.objects
    made = {
        each.kind: collector_of(objects.get(each.record))
        for each in capturing.evidence.captures.all()
    }
    assert "secret" not in str(made)
    stated = json.loads(made[CaptureKind.PAGE].settings)
    assert stated["WILDCRAWL_EVIDENCE_PICTURES"] == "3"
    assert stated["WILDCRAWL_TIMESTAMP_URL"] == "https://***@tsa.example/"
    assert stated["DOWNLOAD_DELAY"] == "0"
    assert stated["USER_AGENT"].startswith("wildcrawl/")
    assert json.loads(made[CaptureKind.PAGE].declaration) == {
        "search_url": "https://mall.example/?q={keyword}",
        "fields": {"title": ["h3", ".name"]},
    }
    assert made[CaptureKind.PICTURE].settings == made[CaptureKind.PAGE].settings
    assert made[CaptureKind.PICTURE].declaration == ""
    session.store.close()


def test_a_place_that_cannot_be_opened_fails_the_captures_and_not_the_crawl(
    sqlite_url: str,
) -> None:
    settings = settings_of(WILDCRAWL_STORE=sqlite_url, WILDCRAWL_EVIDENCE_DIR="nowhere://a/b")
    session = Session(settings, Run("run-1", "mall", NOW))
    capturing = Capturing(session, Stats())
    due = due_of(capturing, record(capturing, ad()))
    assert not capturing.keep_page(due, page())
    assert session.evidence_fault.startswith("cannot open the place in nowhere://a/b")
    assert capturing.stats.get_value(Stat.CAPTURES_FAILED) == 1
    assert capturing.fetched_before(PICTURE) is None
    assert due_of(capturing, due.ad)
    session.store.close()


def test_an_advertisement_is_due_once_and_again_when_it_changed(capturing: Capturing) -> None:
    first = record(capturing, ad())
    capture(capturing, due_of(capturing, first))
    assert not capturing.may_be_due(first)
    assert not capturing.may_be_due(ad(Sighting, price="", image_urls=[]))
    assert capturing.due(first) is None
    changed = record(capturing, ad(Sighting, title="", price="90元"))
    due = due_of(capturing, changed)
    assert due.reason == CaptureReason.CHANGED
    capture(capturing, due)
    assert not capturing.may_be_due(changed)


def test_captures_that_have_gone_by_the_end_of_the_run_are_due_again(
    capturing: Capturing, tmp_path: Path
) -> None:
    first = record(capturing, ad())
    capture(capturing, due_of(capturing, first))
    capturing.check_kept()
    assert capturing.session.evidence_fault == ""
    assert not capturing.may_be_due(first)
    shutil.rmtree(tmp_path / "evidence")
    capturing.check_kept()
    assert capturing.session.evidence_fault == (
        f"1 of 1 objects of this run are no longer in {tmp_path / 'evidence'}; "
        "was its folder removed?"
    )
    assert capturing.stats.get_value(Stat.CAPTURES_FAILED) == 1
    capture(capturing, due_of(capturing, first))
    assert capturing.evidence.objects.usage().objects == 1


def test_captures_are_not_due_again_if_their_place_does_not_answer_at_the_end(
    capturing: Capturing, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first = record(capturing, ad())
    capture(capturing, due_of(capturing, first))

    def away(sha: str) -> bool:
        raise EvidenceError("no answer")

    monkeypatch.setattr(capturing.evidence.objects, "has", away)
    with caplog.at_level(logging.ERROR):
        capturing.check_kept()
    assert "the objects of this run could not be looked for: no answer" in caplog.text
    assert capturing.session.evidence_fault == ""
    assert not capturing.may_be_due(first)


def test_earlier_captures_without_their_objects_break_one_run_and_are_noted_by_later_ones(
    capturing: Capturing, tmp_path: Path
) -> None:
    session = capturing.session
    capturing.check_earlier()
    assert session.evidence_gone == ""
    capture(capturing, due_of(capturing, record(capturing, ad())))
    capturing.check_earlier()
    assert session.evidence_gone == ""
    kept = (tmp_path / "evidence").rename(tmp_path / "elsewhere")
    capturing.check_earlier()
    gone = session.evidence_gone
    assert gone.startswith("1 of 1 objects of earlier captures that were looked for are not in ")
    first = with_absent(RunReport(), gone, known=session.evidence_gone_before)
    assert (first.evidence_fault, first.notes) == (gone, ())
    capturing.check_earlier()
    later = with_absent(RunReport(), gone, known=session.evidence_gone_before)
    assert (later.evidence_fault, later.notes) == ("", (gone,))
    kept.rename(tmp_path / "evidence")
    session.evidence_gone = ""
    capturing.check_earlier()
    assert session.evidence_gone == ""
    (tmp_path / "evidence").rename(tmp_path / "elsewhere")
    capturing.check_earlier()
    assert not session.evidence_gone_before


def test_a_few_of_many_objects_are_looked_for(capturing: Capturing) -> None:
    captures = capturing.evidence.captures
    capture(capturing, due_of(capturing, record(capturing, ad())))
    only = captures.sample(32)
    assert len(only) == 1
    shas = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(600)]
    entries: dict[str, dict[str, Any]] = {f"object\n{sha}\nmall\n1\n": {} for sha in shas}
    capturing.session.store.put_documents("capture_index", entries)
    assert 16 <= len(captures.sample(32)) <= 32
    assert set(captures.sample(32)) <= {*shas, *only}


def test_a_sale_that_the_store_does_not_take_for_a_change_is_none(capturing: Capturing) -> None:
    capture(capturing, due_of(capturing, record(capturing, ad())))
    sold = record(capturing, ad(Sighting, title="已售", price=""))
    assert capturing.due(sold) is None


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, CaptureReason.FIRST_SIGHT),
        ({"title": ""}, CaptureReason.IMAGE_ONLY),
        ({"verdict": Verdict.VALID}, CaptureReason.FIRST_SIGHT),
        ({"verdict": Verdict.IRRELEVANT}, None),
        ({"verdict": Verdict.FAKE}, None),
        ({"relevance": Relevance.SET_ASIDE}, None),
    ],
)
def test_what_is_likely_or_shows_images_only_is_due(
    capturing: Capturing, given: dict[str, Any], reason: CaptureReason | None
) -> None:
    stored = record(capturing, ad(**given))
    due = capturing.due(stored)
    assert (due.reason if due else None) == reason
    known = Sighting("mall", "1", found_at=NOW)
    assert capturing.may_be_due(known) == (reason is not None)


def test_a_capture_that_was_cut_off_goes_on_with_the_pictures(capturing: Capturing) -> None:
    stored = record(capturing, ad())
    due = due_of(capturing, stored)
    assert capturing.keep_page(due, page())
    again = due_of(capturing, stored)
    assert again.page_kept
    assert capturing.keep_page(again, page("another page"))
    assert capturing.pictures(again, page()) == [PICTURE]
    capturing.finish(again)
    assert len(capturing.evidence.captures.of("mall", "1")) == 1
    assert capturing.due(stored) is None


def test_pictures_that_are_not_answered_are_requested_in_a_few_runs(capturing: Capturing) -> None:
    stored = record(capturing, ad())
    for run in range(1, MOST_TRIES + 1):
        due = due_of(capturing, stored)
        capturing.keep_page(due, page())
        capturing.skip_picture(
            due, PICTURE, PictureSkipped(Skip.UNANSWERED, "no answer in time", later=True)
        )
        capturing.finish(due)
        assert capturing.stats.get_value(Stat.PICTURES_SKIPPED_FOR + Skip.UNANSWERED) == run
    assert capturing.due(stored) is None
    assert capturing.stats.get_value(Stat.CAPTURES_DUE) == MOST_TRIES - 1


def test_a_crawl_that_ends_is_no_try(capturing: Capturing) -> None:
    stored = record(capturing, ad())
    for _ in range(MOST_TRIES + 1):
        due = due_of(capturing, stored)
        capturing.keep_page(due, page())
        capturing.finish(due, whole=False)
    assert due_of(capturing, stored).tries == 0


def test_a_picture_of_another_advertisement_is_reused(capturing: Capturing) -> None:
    due = due_of(capturing, record(capturing, ad()))
    capturing.keep_page(due, page())
    data = photograph(1)
    received = Received(PICTURE, 200, (("Content-Type", "image/jpeg"),), data, NOW, content=data)
    size = check_picture(data, 10_000)
    kept = capturing.record_picture(received, size)
    capturing.keep_picture(due, PICTURE, kept)
    capturing.finish(due)
    earlier = capturing.fetched_before(PICTURE)
    assert earlier is not None
    assert (earlier.width, earlier.height, earlier.payload) == (60, 60, kept.kept.payload)
    other = Due(ad(), CaptureReason.FIRST_SIGHT)
    other.ad.ad_id = "2"
    capturing.keep_picture(other, PICTURE, earlier)
    assert other.captures[0].record == earlier.record
    capturing.evidence.objects.delete(earlier.record)
    assert capturing.fetched_before(PICTURE) is None
    assert isinstance(kept, KeptPicture)


def test_of_many_pictures_the_first_are_kept(capturing: Capturing) -> None:
    urls = [f"/{number}.jpg" for number in range(300)]
    due = due_of(capturing, record(capturing, ad(image_urls=[*urls, *urls])))
    wanted = capturing.pictures(due, page())
    assert wanted == [f"https://mall.example/{number}.jpg" for number in range(5)]
    assert capturing.stats.get_value(Stat.PICTURES_SKIPPED) == 295
    assert [each.skipped for each in due.captures] == ["300 pictures, of which 5 are kept"]


def test_an_advertisement_without_a_page_remains_due(capturing: Capturing) -> None:
    capturing.without_page(ad())
    capturing.without_page(ad(Sighting))
    capturing.without_page(ad(relevance=""))
    assert capturing.stats.get_value(Stat.CAPTURES_DUE) == 1


def test_what_is_to_be_said_of_captures_goes_into_the_runs_reason() -> None:
    def notes(fault: str = "", **counts: Any) -> RunReport:
        return with_evidence(RunReport(notes=("before",)), RunCounts(**counts), fault)

    assert notes() == RunReport(notes=("before",))
    assert notes(pictures_kept=1, pictures_skipped=9).notes == ("before",)
    assert notes(pictures_skipped=3, most_skipped_for="robots").notes[1:] == (
        "none of 3 pictures could be kept (most often: robots)",
    )
    assert notes(captures_due=2).notes[1:] == ("2 advertisements remain due for their capture",)
    failed = notes("the disk is full", captures_failed=2, captures_due=2)
    assert failed.notes == ("before",)
    assert failed.evidence_fault == (
        "2 captures could not be written and remain due (the disk is full)"
    )


def test_the_settings_of_the_evidence() -> None:
    found = evidence_settings_of(settings_of(WILDCRAWL_EVIDENCE_DIR="s3://bucket/evidence"))
    assert found == EvidenceSettings(
        Level.PICTURES, "s3://bucket/evidence", 5, 10_000_000, 50_000_000
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("WILDCRAWL_EVIDENCE", "picture", "choose one of off, pages, pictures (did you mean"),
        ("WILDCRAWL_EVIDENCE", "", "is not a valid level of evidence"),
        ("WILDCRAWL_EVIDENCE_PICTURES", "-1", "is not a whole number from 0"),
        ("WILDCRAWL_EVIDENCE_PICTURE_BYTES", "10 MB", "is not a whole number from 1"),
        ("WILDCRAWL_EVIDENCE_PIXELS", "0", "is not a whole number from 1"),
    ],
)
def test_a_bad_setting_is_named(name: str, value: str, words: str) -> None:
    with pytest.raises(ValueError, match=name) as raised:
        evidence_settings_of(settings_of(**{name: value}))
    assert words in str(raised.value)
