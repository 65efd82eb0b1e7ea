"""Keyword yield: counts per keyword and site, and the detection of noise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.helpers.crawling import scrapy
from tests.helpers.verdicts import MAY, ad, fill
from wildcrawl.demo.truth import load_truth, search
from wildcrawl.items import Advertisement, Run
from wildcrawl.review.keyword_yield import COLUMNS, keyword_yields
from wildcrawl.store import Store, open_store
from wildcrawl.store.documents import run_from_document, run_to_document


def run_of(number: int, **yields: tuple[int, int]) -> Run:
    return Run(f"mall-{number}", "mall", MAY + timedelta(days=31 * number), yields=yields)


def test_a_crawl_counts_what_each_keyword_finds(
    tmp_path: Path, marketplaces: str, store_url: str
) -> None:
    settings = {"WILDCRAWL_DEMO_URL": marketplaces, "WILDCRAWL_STORE": store_url}
    asked = ("crawl", "demo_market", "-a", "keywords=tiger,果冻,豹皮,野生动物制品")
    for _ in range(2):
        done = scrapy(*asked, folder=tmp_path, **settings)
        assert done.code == 0, done.err
    store = open_store(store_url)
    first, second = store.runs("demo_market")
    stored = {each.ad_id: each for each in store.advertisements()}
    store.close()
    truth = [each for each in load_truth() if each.site == "demo_market"]
    for keyword, (found, nothing) in first.yields.items():
        shown = {each.ad_id for each in search(truth, keyword)}
        assert (keyword, found) == (keyword, len(shown))
        assert nothing == len(shown - set(stored))
    assert set(first.yields) == set(first.keywords)
    assert first.yields["豹皮"][0] > 0
    assert first.yields["果冻"][1] > 0, "the keyword must find advertisements that contain it"
    assert second.yields == first.yields, "cached unmatched advertisements count like read ones"

    done = scrapy("keywords", "yield", "demo_market", folder=tmp_path, **settings)
    assert done.code == 0, done.err
    (row,) = [line.split() for line in done.out.splitlines() if line.split()[1:2] == ["果冻"]]
    likely = [each for each in stored.values() if "果冻" in each.found_by]
    counted = sum(each.relevance == "likely" for each in likely)
    assert row[2:6] == ["2", *(str(2 * each) for each in first.yields["果冻"]), str(counted)]


def test_a_site_that_shuts_the_crawl_out_gives_no_yields(tmp_path: Path) -> None:
    settings = {"WILDCRAWL_DEMO_URL": "http://127.0.0.1:9"}
    scrapy("crawl", "demo_market", "-a", "keywords=tiger", folder=tmp_path, **settings)
    store = open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")
    (run,) = store.runs()
    store.close()
    assert (run.yields, len(run.keywords)) == ({}, 12)


def test_a_run_of_an_earlier_version_has_no_yields() -> None:
    run = run_of(0, 象牙=(30, 5))
    document = run_to_document(run)
    assert run_from_document(document) == run
    del document["yields"]
    assert run_from_document(document) == replace(run, yields={})


def found_by(one: Advertisement, *keywords: str) -> Advertisement:
    return replace(one, found_by=list(keywords))


def test_noise_is_what_finds_much_and_brings_nothing(store: Store) -> None:
    store.save_run(run_of(0, 象牙=(30, 5), 果冻=(25, 25), 牙料=(24, 4), 广角=(3, 3)))
    store.save_run(run_of(1, 象牙=(31, 5), 果冻=(26, 26), 牙料=(22, 2), 大猫=(0, 0)))
    title = "老象牙手镯 一只"
    fill(
        store,
        [
            found_by(ad(1, title, verdict="valid"), "象牙", "牙料"),
            found_by(ad(2, title), "象牙"),
            found_by(ad(3, title, verdict="fake"), "牙料"),
            found_by(ad(4, title, verdict="irrelevant"), "果冻"),
            found_by(ad(5, "猛犸象牙手镯"), "象牙"),
            ad(6, title, verdict="valid"),
        ],
    )
    yields = keyword_yields(store.runs(), store.frames(columns=COLUMNS))
    assert [each.keyword for each in yields] == ["象牙", "牙料", "大猫", "广角", "果冻"]
    ivory, grain, cat, angle, jelly = yields
    assert (ivory.site, ivory.runs, ivory.found, ivory.nothing) == ("mall", 2, 61, 10)
    assert (ivory.likely, ivory.set_aside, ivory.waiting) == (2, 1, 1)
    assert (ivory.valid, ivory.rejected, ivory.alone) == (1, 0, 1)
    assert (grain.valid, grain.rejected, grain.alone) == (1, 1, 0)
    assert (jelly.found, jelly.nothing, jelly.likely, jelly.rejected) == (51, 51, 1, 1)
    assert [each.keyword for each in yields if each.noise] == ["果冻"]
    assert (cat.found, angle.found) == (0, 3)


def test_the_table_is_of_the_period_and_the_site_asked_for(
    store: Store, store_url: str, tmp_path: Path
) -> None:
    store.save_run(run_of(0, 象牙=(30, 5), 果冻=(25, 25)))
    store.save_run(run_of(1, 象牙=(31, 5)))
    fill(store, [found_by(ad(1, "老象牙手镯 一只", verdict="valid"), "象牙")])
    settings = {"WILDCRAWL_STORE": store_url}
    may = scrapy("keywords", "yield", "mall", "--month", "2016-05", folder=tmp_path, **settings)
    assert [line.split() for line in may.out.splitlines()[1:3]] == [
        ["mall", "象牙", "1", "30", "5", "1", "0", "0", "1", "0", "1"],
        ["mall", "果冻", "1", "25", "25", "0", "0", "0", "0", "0", "0", "only", "noise"],
    ]
    assert "1 of 2 find only noise" in may.out
    elsewhere = scrapy("keywords", "yield", "demo_mall", folder=tmp_path, **settings)
    assert elsewhere.code == 2
    assert "no run of demo_mall has searched for keywords; choose one of mall" in elsewhere.err


def test_without_runs_the_table_says_so(tmp_path: Path) -> None:
    assert scrapy("keywords", "yield", folder=tmp_path).out == (
        "No run has searched for keywords yet.\n"
    )
