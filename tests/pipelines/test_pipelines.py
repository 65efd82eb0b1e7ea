"""Item pipelines, one step at a time: input, output and counts."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
import scrapy
from scrapy.statscollectors import MemoryStatsCollector, StatsCollector

from pipelines.clean import CleanPipeline, clean
from pipelines.dedupe import DedupePipeline
from pipelines.drops import Duplicate, Unmatched
from pipelines.price import PricePipeline
from pipelines.species import SpeciesPipeline
from pipelines.store import BATCH, StorePipeline
from wildcrawl.analysis.tagging.apply import AUDIT_ONE_IN, chosen_for_audit
from wildcrawl.crawl.run_recorder import run_line
from wildcrawl.crawl.session import Session
from wildcrawl.crawl.stats import RunCounts, Stat
from wildcrawl.items import Advertisement, Run, Sighting, Verdict
from wildcrawl.store import Outcome, StoreError, open_store
from wildcrawl.store.corrections import Decision
from wildcrawl.store.fallback import write_unsaved

NOW = datetime(2016, 5, 3, 4, 30, tzinfo=UTC)


@pytest.fixture
def session(sqlite_url: str) -> Iterator[Session]:
    from scrapy.utils.project import get_project_settings

    settings = get_project_settings()
    settings.set("WILDCRAWL_STORE", sqlite_url, priority="cmdline")
    session = Session(settings, Run("run-1", "mall", NOW))
    yield session
    session.store.close()


class Stats(MemoryStatsCollector):
    """Counts without a crawler."""

    def __init__(self) -> None:
        self._stats: dict[str, Any] = {}


@pytest.fixture
def stats() -> StatsCollector:
    return Stats()


def ad(title: str = "老象牙手镯 实物", ad_id: str = "1", **fields: Any) -> Advertisement:
    return Advertisement("mall", ad_id, title=title, found_at=NOW, **fields)


def test_clean_keeps_the_original_beside_what_a_person_reads() -> None:
    dirty = ad(
        "<b>象\u200b牙</b>&amp;手镯　ＸＹ", description="第一行<br>第二行", price="￥１２００"
    )
    cleaned = CleanPipeline().process_item(dirty)
    assert cleaned.title == "象牙&手镯 XY"
    assert cleaned.original_title == "<b>象\u200b牙</b>&amp;手镯　ＸＹ"
    assert "第一行" in cleaned.description
    assert "<" not in cleaned.description
    assert cleaned.price == "¥1200"
    assert cleaned.found_at == NOW


def test_clean_takes_what_a_spider_left_out_as_empty() -> None:
    ad = Advertisement("mall", "7", "象牙手镯")
    ad.seller = ad.price = ad.posted_at = ad.location = None  # type: ignore[assignment]
    cleaned = CleanPipeline().process_item(ad)
    assert (cleaned.seller, cleaned.price, cleaned.posted_at, cleaned.location) == ("",) * 4


def test_clean_dates_a_sighting_and_counts_its_pictures() -> None:
    found = CleanPipeline().process_item(
        Advertisement(
            "mall", "1", title="象牙", image_urls=["http://a/1.jpg", "http://a/1.jpg", " "]
        )
    )
    assert found.found_at is not None
    assert found.found_at.tzinfo is not None
    assert (found.image_urls, found.images) == (["http://a/1.jpg"], 1)


@pytest.mark.parametrize(
    ("written", "posted"),
    [
        ("2016-05-03 14:20", "2016-05-03T14:20:00+08:00"),
        ("1462256400", "2016-05-03T14:20:00+08:00"),
        ("1462256400000", "2016-05-03T14:20:00+08:00"),
        ("三天前", "2016-04-30T12:30:00+08:00"),
        ("新上架", "新上架"),
        ("", ""),
    ],
)
def test_clean_writes_the_posting_date_one_way(written: str, posted: str) -> None:
    found = ad(posted_at=written)
    clean(found)
    assert found.posted_at == posted


class ScrapyItem(scrapy.Item):
    site = scrapy.Field()
    ad_id = scrapy.Field()
    title = scrapy.Field()
    price = scrapy.Field()
    found_by = scrapy.Field()


@attrs.define
class AttrsItem:
    site: str
    ad_id: str
    title: str
    price: str
    found_by: list[str]


@pytest.mark.parametrize("kind", [dict, ScrapyItem, AttrsItem, Advertisement])
def test_an_item_of_any_type_passes_through_the_whole_chain(
    kind: Any, session: Session, stats: StatsCollector
) -> None:
    given = {"site": "mall", "ad_id": "7", "title": "<b>象牙手镯</b>", "price": "￥１２００元"}
    item: Any = kind(**given, found_by=["象牙"])
    store = StorePipeline(session, stats)
    for step in (
        CleanPipeline(),
        DedupePipeline(session, stats),
        SpeciesPipeline(session, stats),
        PricePipeline(session, stats),
        store,
    ):
        item = step.process_item(item)
    store.close_spider()
    recorded = session.store.get("mall", "7")
    assert recorded is not None
    assert (recorded.title, recorded.original_title) == ("象牙手镯", "<b>象牙手镯</b>")
    assert (recorded.species, recorded.found_by) == (["ivory"], ["象牙"])
    assert recorded.price_cny == Decimal(1200)


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ({"site": "mall", "titel": "象牙"}, r"type dict has the field 'titel'.* mean 'title'\?$"),
        ({"title": "象牙"}, "type dict has no 'site'"),
        ({"site": "mall", "title": "象牙"}, "type dict has no 'ad_id'"),
        ({"site": "mall", "ad_id": "7", "title": ["象牙"]}, "list in 'title'; give a text"),
        ({"site": "mall", "ad_id": "7", "verdict": "Valid"}, "'Valid' is not a valid verdict"),
        ({"site": "mall", "ad_id": "7", "images": "3"}, "str in 'images'; give a whole number"),
        ({"site": "mall", "ad_id": "7", "found_by": "象牙"}, "str in 'found_by'; give a list"),
        ({"site": "mall", "ad_id": "7", "found_at": "2016-05-03"}, "str in 'found_at'; give a dat"),
    ],
)
def test_an_item_that_is_not_an_advertisement_is_named(item: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        CleanPipeline().process_item(item)


def test_a_number_is_an_id_and_none_is_an_empty_field() -> None:
    ad = CleanPipeline().process_item({"site": "mall", "ad_id": 5, "title": "象牙", "url": None})
    assert (ad.ad_id, ad.title, ad.url) == ("5", "象牙", "")


@pytest.mark.parametrize(
    ("given", "kept"),
    [("６１\u200b２３", "6123"), (6123456789012.0, "6123456789012"), (" a0042 ", "a0042")],
)
def test_an_items_id_has_one_spelling(given: object, kept: str) -> None:
    item = CleanPipeline().process_item({"site": "mall", "ad_id": given, "title": "象牙"})
    assert item.ad_id == kept


def test_an_id_as_a_float_that_is_not_exact_is_refused() -> None:
    with pytest.raises(ValueError, match="'ad_id'; give a text"):
        CleanPipeline().process_item({"site": "mall", "ad_id": 1.2345678901234567e18})


def test_an_advertisement_with_a_value_of_the_wrong_type_loses_no_other(
    session: Session, stats: StatsCollector
) -> None:
    step = StorePipeline(session, stats)
    wrong = ad(ad_id="2", relevance="likely")
    wrong.image_urls = [5]  # type: ignore[list-item]
    for item in (ad(ad_id="1", relevance="likely"), wrong, ad(ad_id="3", relevance="likely")):
        step.process_item(item)
    step.close_spider()
    assert {each.ad_id for each in session.store.advertisements()} == {"1", "3"}
    assert stats.get_value(Stat.ERRORS) == 1


def test_dedupe_lets_a_further_keyword_through_and_nothing_twice(
    session: Session, stats: StatsCollector
) -> None:
    step = DedupePipeline(session, stats)
    step.process_item(ad(found_by=["象牙"]))
    again = Sighting("mall", "1", found_by=["象牙手镯"])
    assert step.process_item(again) is again
    with pytest.raises(Duplicate):
        step.process_item(Sighting("mall", "1", found_by=["象牙手镯"]))
    assert stats.get_value(Stat.DUPLICATES) == 1


def test_what_one_keyword_does_not_support_another_may(
    session: Session, stats: StatsCollector
) -> None:
    """The text alone is unmatched; a later keyword that finds it is considered as well."""
    dedupe, species = DedupePipeline(session, stats), SpeciesPipeline(session, stats)
    with pytest.raises(Unmatched):
        species.process_item(dedupe.process_item(ad("民国老物件一件", found_by=["懂的来"])))
    assert stats.get_value(Stat.UNMATCHED) == 1
    merged = dedupe.process_item(Sighting("mall", "1", found_by=["象牙"]))
    assert merged.title == "民国老物件一件"
    assert merged.found_by == ["懂的来", "象牙"]
    assert stats.get_value(Stat.UNMATCHED) == 0


def test_a_row_that_says_little_of_what_is_recorded_is_a_sighting_of_it(
    session: Session, stats: StatsCollector
) -> None:
    step = SpeciesPipeline(session, stats)
    step.process_item(ad())
    session.store.record([ad(ad_id="2", species=["ivory"])], "earlier")
    for known in ("1", "2"):
        seen = step.process_item(ad("看图", known, price="900元"))
        assert (seen.price, seen.found_at, seen.species, seen.relevance) == ("900元", NOW, [], "")
    with pytest.raises(Unmatched):
        step.process_item(ad("看图", "3", price="900元"))
    assert stats.get_value(Stat.UNMATCHED) == 1


def test_the_store_is_not_asked_again_for_what_its_page_was_compared_with(
    session: Session, stats: StatsCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = SpeciesPipeline(session, stats)
    asked: list[object] = []

    def known(*key: object) -> set[str]:
        asked.append(key)
        return set()

    monkeypatch.setattr(session.store, "known", known)
    session.unstored = {"3"}
    for site, ad_id in ((session.run.site, "3"), (session.run.site, "4"), ("elsewhere", "3")):
        with pytest.raises(Unmatched):
            step.process_item(replace(ad("看图", ad_id), site=site))
    assert asked == [(session.run.site, ["4"]), ("elsewhere", ["3"])]


def test_species_tags_and_says_why(session: Session, stats: StatsCollector) -> None:
    tagged = SpeciesPipeline(session, stats).process_item(ad("清代 犀角杯 雕花"))
    assert (tagged.species, tagged.product_type, tagged.age_claim) == (
        ["rhino_horn"],
        "worked_carved",
        "old",
    )
    assert tagged.relevance == "likely"
    assert "犀角杯" in tagged.terms


def test_what_the_text_rules_out_is_set_aside_with_its_reason(
    session: Session, stats: StatsCollector
) -> None:
    tagged = SpeciesPipeline(session, stats).process_item(ad("猛犸象牙手镯 圆条"))
    assert tagged.relevance == "set_aside"
    assert tagged.reason


def test_pictures_without_a_word_wait_under_their_keywords_group(
    session: Session, stats: StatsCollector
) -> None:
    step = SpeciesPipeline(session, stats)
    tagged = step.process_item(ad("", found_by=["玳瑁手镯"], image_urls=["http://a/1.jpg"]))
    assert (tagged.relevance, tagged.species) == ("likely", ["sea_turtle"])


def test_a_persons_word_stands_over_the_taggers(session: Session, stats: StatsCollector) -> None:
    step = SpeciesPipeline(session, stats)
    typed = ad(
        "老象牙手镯 雕龙", species=["whale"], age_claim="new", by_person=["species", "age_claim"]
    )
    tagged = step.process_item(typed)
    assert (tagged.species, tagged.age_claim) == (["whale"], "new")
    assert tagged.product_type == "worked_carved"
    vouched = step.process_item(ad("看图", "2", verdict="valid"))
    assert vouched.relevance == "likely"
    no_claim = step.process_item(ad("老象牙手镯 雕龙", "3", by_person=["age_claim"]))
    assert (no_claim.species, no_claim.age_claim) == (["ivory"], "")


def test_half_a_character_in_an_id_is_not_a_reason_to_lose_an_advertisement() -> None:
    assert chosen_for_audit("mall", "7\ud83d") in (True, False)


def test_two_in_a_hundred_are_audited_always_the_same_ones() -> None:
    chosen = [chosen_for_audit("mall", str(number)) for number in range(20_000)]
    assert 0.8 / AUDIT_ONE_IN < sum(chosen) / len(chosen) < 1.2 / AUDIT_ONE_IN
    assert chosen == [chosen_for_audit("mall", str(number)) for number in range(20_000)]


def test_price_is_read_with_its_rate_and_day(session: Session, stats: StatsCollector) -> None:
    priced = PricePipeline(session, stats).process_item(ad(price="4900元"))
    assert (priced.price_kind, priced.price_cny, priced.price_usd) == (
        "amount",
        Decimal("4900.00"),
        Decimal("711.18"),
    )
    assert (priced.rate, priced.rate_date) == (Decimal("6.89"), date(2017, 4, 14))
    assert stats.get_value(Stat.PRICE + "amount") == 1


@pytest.mark.parametrize(
    ("found", "rate", "dollars"),
    [
        (datetime(2016, 5, 2, 15, 59, tzinfo=UTC), "6.89", "711.18"),
        (datetime(2016, 5, 2, 16, 0, tzinfo=UTC), "6.4565", "758.93"),  # 3 May in China
        (datetime(2016, 6, 30, tzinfo=UTC), "6.4565", "758.93"),
        (datetime(2026, 1, 5, tzinfo=UTC), "7.02", "698.01"),
    ],
)
def test_each_price_gets_the_rate_of_its_day_in_china(
    session: Session,
    stats: StatsCollector,
    tmp_path: Path,
    found: datetime,
    rate: str,
    dollars: str,
) -> None:
    file = tmp_path / "rates.yaml"
    file.write_text("rates:\n  2026-01-05: 7.02\n  2016-05-03: 6.4565\n", encoding="utf-8")
    session.settings.set("WILDCRAWL_RATES", str(file), priority="cmdline")
    seen = ad(price="4900元")
    seen.found_at = found
    priced = PricePipeline(session, stats).process_item(seen)
    assert (priced.rate, priced.price_usd) == (Decimal(rate), Decimal(dollars))


@pytest.mark.parametrize(
    ("text", "kind"),
    [("999999", "placeholder"), ("1", "placeholder"), ("面议", "on_request"), ("", "absent")],
)
def test_what_is_not_a_price_is_no_amount(
    session: Session, stats: StatsCollector, text: str, kind: str
) -> None:
    priced = PricePipeline(session, stats).process_item(ad(price=text))
    assert (priced.price_kind, priced.price_cny, priced.price_usd) == (kind, None, None)


def test_a_price_per_gram_is_kept_per_gram(session: Session, stats: StatsCollector) -> None:
    priced = PricePipeline(session, stats).process_item(ad(price="600元/克"))
    assert (priced.price_kind, priced.price_cny, priced.price_amount) == (
        "per_gram",
        None,
        Decimal(600),
    )


def test_a_crawl_reports_ids_that_show_another_advertisement_and_sales(
    session: Session, stats: StatsCollector, caplog: pytest.LogCaptureFixture
) -> None:
    steps = (
        CleanPipeline(), SpeciesPipeline(session, stats), PricePipeline(session, stats),
        StorePipeline(session, stats),
    )  # fmt: skip

    def crawl(day: int, *items: Advertisement) -> None:
        for item in items:
            item.found_at = NOW + timedelta(days=day)
            done: Any = item
            for step in steps:
                done = step.process_item(done)
        steps[-1].close_spider()

    crawl(0, ad("民国老象牙手镯 58圈口", "1", price="2800"), ad("象牙印章", "2", price="900"))
    session.store.judge("mall", "1", Decision(Verdict.VALID, "li", "", NOW))
    lines = (
        Sighting("mall", "1", title="犀角雕荷叶杯", price="56000"),
        Sighting("mall", "2", title="象牙印章 已售", price="999999"),
    )
    crawl(30, *lines)
    crawl(31, *(Sighting("mall", line.ad_id, title=line.title, price=line.price) for line in lines))
    assert (stats.get_value(Stat.REUSED), stats.get_value(Stat.SOLD)) == (1, 1)
    assert stats.get_value(Stat.CHANGED) == 2
    assert "mall 1: this id shows another advertisement; its verdict is asked again" in caplog.text
    other, sold = (session.store.get("mall", ad_id) for ad_id in "12")
    assert other is not None
    assert sold is not None
    assert (other.verdict, other.species, other.rules) == (
        "pending", ["rhino_horn"], session.tagger.fingerprint,
    )  # fmt: skip
    assert other.reason.startswith("another advertisement under the same id, judged valid by li")
    assert (sold.price, sold.price_cny) == ("900", Decimal("900.00"))
    session.run.seen = 2
    counts = RunCounts.from_stats(stats.get_stats())
    session.run.sold, session.run.reused = counts.sold, counts.reused
    assert "2 seen (1 sold)" in run_line(session.run)
    assert "; ids with another advertisement, to judge again: 1;" in run_line(session.run)


def test_store_counts_each_advertisement_once_a_run(
    session: Session, stats: StatsCollector
) -> None:
    step = StorePipeline(session, stats)
    step.process_item(ad(relevance="likely"))
    step.process_item(ad("猛犸", "2", relevance="set_aside"))
    step.close_spider()
    step.process_item(Sighting("mall", "1", found_by=["象牙"], found_at=NOW))
    step.close_spider()
    assert stats.get_value(Stat.NEW) == 1
    assert stats.get_value(Stat.SET_ASIDE) == 1
    assert stats.get_value(Stat.SEEN, 0) == 0
    stored = session.store.get("mall", "1")
    assert stored is not None
    assert stored.found_by == ["象牙"]


def test_one_that_cannot_be_stored_does_not_hold_up_the_others(
    session: Session, stats: StatsCollector
) -> None:
    step = StorePipeline(session, stats)
    undated = ad("象牙", "2")
    undated.found_at = None
    for each in (ad(), undated, ad("犀角", "3")):
        step.process_item(each)
    step.close_spider()
    assert {each.ad_id for each in session.store.advertisements()} == {"1", "3"}
    assert stats.get_value(Stat.ERRORS) == 1


class Away:
    """A store whose database is unavailable for the first writes."""

    def __init__(self, url: str, failures: int) -> None:
        self.store = open_store(url)
        self.failures = failures

    def record(self, ads: Sequence[Advertisement], run: str) -> list[Outcome]:
        if self.failures:
            self.failures -= 1
            raise StoreError("the database is away")
        return self.store.record(ads, run)


def test_a_database_that_is_away_for_a_while_loses_nothing(
    session: Session, stats: StatsCollector, sqlite_url: str
) -> None:
    session.__dict__["store"] = away = Away(sqlite_url, failures=2)
    step = StorePipeline(session, stats)
    for number in range(3 * BATCH):
        step.process_item(ad(ad_id=str(number), relevance="likely"))
    assert stats.get_value(Stat.NEW) == 3 * BATCH
    assert stats.get_value(Stat.STORE_ERRORS) == 2
    assert len(list(away.store.advertisements())) == 3 * BATCH
    session.__dict__["store"] = away.store


def test_a_database_that_stays_away_leaves_a_file_of_records(
    session: Session,
    stats: StatsCollector,
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    away = Away(sqlite_url, failures=1000)
    session.__dict__["store"] = away
    step = StorePipeline(session, stats)
    step.process_item(ad(price="5000元", found_by=["象牙"], species=["ivory"], verdict="valid"))
    step.close_spider()
    (kept,) = (json.loads(line) for line in open_unsaved(tmp_path))
    assert kept["site"] == "mall"
    assert (kept["title"], kept["price"], kept["verdict"]) == ("老象牙手镯 实物", "5000元", "valid")
    assert kept["found_at"] == "2016-05-03T04:30:00+00:00"
    assert "species" not in kept
    assert "age_claim" not in kept
    session.__dict__["store"] = away.store


def test_that_the_seller_claims_no_age_is_kept_for_a_store_that_is_away(tmp_path: Path) -> None:
    path = tmp_path / "unsaved.jsonl"
    write_unsaved(path, [ad(by_person=["age_claim"])])
    assert json.loads(path.read_text(encoding="utf-8"))["age_claim"] == "none"


def test_a_disk_that_is_full_for_store_and_file_alike_has_them_written_elsewhere(
    session: Session,
    stats: StatsCollector,
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "elsewhere"))
    (tmp_path / "elsewhere").mkdir()
    # A folder in the file's place: nothing can be written there.
    (tmp_path / f"wildcrawl-unsaved-{session.run.id}.jsonl" / "x").mkdir(parents=True)
    away = Away(sqlite_url, failures=1000)
    session.__dict__["store"] = away
    step = StorePipeline(session, stats)
    step.process_item(ad(ad_id="7\ud83d", species=["ivory"]))
    step.close_spider()
    (kept,) = (json.loads(line) for line in open_unsaved(tmp_path / "elsewhere"))
    assert kept["ad_id"] == "7\ud83d"
    session.__dict__["store"] = away.store


def open_unsaved(folder: Path) -> list[str]:
    (path,) = folder.glob("wildcrawl-unsaved-*.jsonl")
    return path.read_text(encoding="utf-8").splitlines()
