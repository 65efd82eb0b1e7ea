"""Second-reader pipeline: what a run stores of what matched nothing, and what it counts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import pytest
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from pipelines.second_reader import SecondReaderPipeline
from spiders.records import RecordsFileSpider
from tests.helpers.answered_run import made
from tests.helpers.crawling import scrapy
from wildcrawl.analysis.tagging import Tagger
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.base_spiders import HtmlSearchSpider
from wildcrawl.crawl.ingest import ingest
from wildcrawl.crawl.session import SettingError, second_reader_of
from wildcrawl.items import Advertisement, Relevance
from wildcrawl.review.second_reader.raising import KIND
from wildcrawl.store import Store, open_store


class ContinuedSite(HtmlSearchSpider):
    """A site whose run continues a killed one, which had found `_before`."""

    name = "mall"
    label = "Mall"
    kind = "antiques"
    home = "https://mall.example/"
    search_url = "https://mall.example/s?q={keyword}"
    card = "li"
    fields: ClassVar = {"ad_id": "::attr(data-id)", "title": "a::text"}
    _before: ClassVar[list[Advertisement]] = []

    def finds_before(self) -> list[Advertisement]:
        return self._before


NOW = datetime(2016, 5, 3, tzinfo=UTC)
TITLES = {
    "1": "老象牙手镯",
    "2": "甲珠 半斤",
    "3": "虎牙 一颗 大",
    "4": "电饭锅 九成新",
    "5": "仿象牙雕观音 牙料",
    "6": "求购 象牙手镯",
}


def settings_of(folder: Path, **values: Any) -> Settings:
    settings = get_project_settings()
    settings.setdict({
        "WILDCRAWL_STORE": f"sqlite:///{folder / 'wildcrawl.db'}",
        "WILDCRAWL_SECOND_LOOK": "50",
        **values,
    }, "cmdline")  # fmt: skip
    return settings


def run(settings: Settings, titles: dict[str, str]) -> Any:
    def read(spider: RecordsFileSpider) -> Iterator[Advertisement]:
        for ad_id, title in titles.items():
            yield Advertisement("mall", ad_id, title=title, price="380元", found_at=NOW)

    return ingest(RecordsFileSpider, settings, read, {"file": "x"}).run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("second")


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[Store]:
    """The store after a run with a monthly number of 2, of three above the threshold."""
    done = run(settings_of(folder, WILDCRAWL_SECOND_LOOK="2"), TITLES)
    assert (done.new, done.set_aside, done.irrelevant) == (1, 3, 2)
    opened = open_store(f"sqlite:///{folder / 'wildcrawl.db'}")
    yield opened
    opened.close()


def test_the_best_of_what_matched_nothing_is_stored_and_waits(store: Store) -> None:
    stored = {ad.ad_id: ad for ad in store.advertisements()}
    assert {ad_id: ad.relevance for ad_id, ad in stored.items()} == {
        "1": Relevance.LIKELY,
        "3": Relevance.SECOND_READER,
        "5": Relevance.SECOND_READER,
        "6": Relevance.SET_ASIDE,
    }
    raised = stored["3"]
    assert raised.species == ["tiger"]
    assert raised.price_cny == 380
    assert raised.rules
    assert "; the rules: 虎牙 is a code word and has no support" in raised.reason
    assert store.waiting_numbers().likely == 3
    assert stored["5"].reason.endswith("; the rules: another material is named: 仿象牙")


def test_the_next_run_sees_it_again_and_the_month_has_no_number_left(
    folder: Path, store: Store
) -> None:
    again = run(settings_of(folder, WILDCRAWL_SECOND_LOOK="2"), TITLES)
    assert (again.new, again.set_aside, again.seen, again.irrelevant) == (0, 0, 4, 2)
    assert store.waiting_numbers().likely == 3


@pytest.mark.parametrize("number", ["-1", "1.5", "fünf", "٣"])
def test_a_number_that_is_none_stops_a_run_before_it_begins(tmp_path: Path, number: str) -> None:
    with pytest.raises(SettingError, match=r"WILDCRAWL_SECOND_LOOK: .*whole number from 0"):
        second_reader_of(settings_of(tmp_path, WILDCRAWL_SECOND_LOOK=number))


def test_the_command_says_what_came_of_it_and_refuses(folder: Path, store: Store) -> None:
    values = {"WILDCRAWL_STORE": f"sqlite:///{folder / 'wildcrawl.db'}"}
    looked = scrapy("second-look", folder=folder, **values, WILDCRAWL_SECOND_LOOK="3")
    assert looked.out.startswith("0 advertisements that the rules set aside were raised")
    assert "raised 2 of at most 3" in looked.out
    assert "Of 2 raised and on record 0 are judged, 0 of these valid." in looked.out
    refused = scrapy("second-look", "--train", folder=folder, **values)
    assert refused.code == 2
    assert "at least 50 texts judged valid" in refused.err
    assert not (folder / "second-reader.json").exists()


def test_offers_to_measure_are_read_and_a_bad_line_is_named(tmp_path: Path) -> None:
    command = import_module("wildcrawl.commands.second-look")
    path = tmp_path / "offers.jsonl"
    rows = [
        {"title": "甲珠"},
        {"title": "毛衣", "relevant": False},
        {"title": "虎", "description": "x"},
    ]
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert command.read_offers(path) == [("甲珠", ""), ("虎", "x")]
    path.write_text('{"title": "虎"}\n{"name": 1}\n', "utf-8")
    with pytest.raises(ValueError, match="line 2 is not a JSON object with a 'title'"):
        command.read_offers(path)


def test_measures_on_texts_of_ones_own() -> None:
    command = import_module("wildcrawl.commands.second-look")
    reader, _ = second_reader_of(get_project_settings())
    tagger = Tagger(load_vocabulary())
    offers = [("甲珠 半斤", ""), ("老象牙手镯", "")]
    table = command.measured(reader, tagger, offers, ["电饭锅 九成新", "毛衣"])
    assert re.search(r"of these missed by the rules +1 +1 \(100%\)", table)
    assert re.search(r"titles of other goods +2 +0 \(0\.0 in 10,000\)", table)


def test_what_is_read_again_takes_nothing_of_the_months_number(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    for _ in range(3):
        run(settings, TITLES)
    with closing(open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")) as store:
        marked = [ad for ad in store.advertisements() if ad.relevance == Relevance.SECOND_READER]
        (done,) = store.documents(KIND).values()
        assert done == {"raised": len(marked), "left": 0}
        assert len(marked) == 3


def test_what_a_killed_run_had_set_aside_is_read_by_the_run_that_continues_it(
    tmp_path: Path,
) -> None:
    settings = settings_of(tmp_path)
    done = run(settings_of(tmp_path, WILDCRAWL_SECOND_LOOK="0"), {"5": TITLES["5"]})
    assert done.set_aside == 1
    spider = made(ContinuedSite, f"sqlite:///{tmp_path / 'wildcrawl.db'}")
    session = spider.session
    assert isinstance(spider, ContinuedSite)
    type(spider)._before = list(session.store.advertisements())
    reader, most = second_reader_of(settings)
    pipeline = SecondReaderPipeline(session, spider.stats, reader, most)
    pipeline.crawler = spider.crawler
    pipeline.crawler.spider = spider
    pipeline.close_spider()
    (raised,) = session.store.advertisements()
    assert raised.relevance == Relevance.SECOND_READER
    session.store.close()
