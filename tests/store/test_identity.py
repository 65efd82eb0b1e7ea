"""Advertisements that become another under the same id, and those marked as sold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.helpers.queue_oracle import queue_order
from wildcrawl.analysis.sold_marks import sold_mark, without_marks
from wildcrawl.items import Advertisement, Sighting, Verdict
from wildcrawl.store import Outcome, Store
from wildcrawl.store.corrections import Corrections, Decision
from wildcrawl.store.identity import FIELD, is_another, open_reuse, title_of
from wildcrawl.store.merge import checked, first, merge
from wildcrawl.store.sales import sold_as

MAY = datetime(2016, 5, 1, tzinfo=UTC)
DAY = timedelta(days=1)
JUNE = MAY + 31 * DAY
PICTURES = ["http://img.example/up/8f3a92c1d0.jpg", "http://img.example/up/77ab12cd34.jpg"]
OTHERS = ["http://img.example/up/5566aa77bb.jpg"]


def priced(text: str) -> dict[str, Any]:
    """A price as the pipelines read it."""
    if text in ("999999", "1", "0"):
        return {"price": text, "price_kind": "placeholder", "price_amount": Decimal(text)}
    if not text.isdigit():
        return {"price": text, "price_kind": "on_request" if text else "absent"}
    amount = Decimal(text)
    return {
        "price": text, "price_kind": "amount", "price_amount": amount, "price_currency": "CNY",
        "price_cny": amount,
    }  # fmt: skip


def bracelet(price: str = "2800", **given: Any) -> Advertisement:
    values: dict[str, Any] = {
        "title": "民国老象牙手镯 58圈口",
        "description": "祖上传下来的老物件，包浆自然，品相完好，拍照无修图",
        "image_urls": PICTURES,
        "images": 2,
        "found_at": MAY,
        "found_by": ["象牙"],
        "species": ["ivory"],
        "terms": ["象牙"],
        "relevance": "likely",
        "reason": "象牙 (name)",
        "rules": "r1",
    }
    return Advertisement("mall", "7", **(values | priced(price) | given))


def horn(price: str = "56000", **given: Any) -> Advertisement:
    """Another advertisement: nothing of it is as on the bracelet's."""
    values: dict[str, Any] = {
        "title": "犀角雕荷叶杯",
        "description": "清中期风格，鱼子纹清晰，可送检",
        "image_urls": OTHERS,
        "images": 1,
        "found_at": JUNE,
        "species": ["rhino_horn"],
        "terms": ["犀角"],
        "reason": "犀角 (name)",
    }
    return bracelet(price, **(values | given))


def kept(store: Store) -> Advertisement:
    ad = store.get("mall", "7")
    assert ad is not None
    return ad


def judge(store: Store, verdict: Verdict = Verdict.VALID, **given: Any) -> None:
    store.judge("mall", "7", Decision(verdict, "li", "seen", MAY + DAY, Corrections(**given)))


def test_another_advertisement_under_the_id_is_judged_again_and_keeps_its_month(
    store: Store,
) -> None:
    store.record([bracelet()], "run-1")
    judge(store, species=("tiger",))
    assert store.record([horn()], "run-2") == [Outcome.ANOTHER]
    ad = kept(store)
    assert (ad.first_seen, ad.last_seen) == (MAY, JUNE)
    assert (ad.verdict, ad.screened_by, ad.note, ad.by_person) == ("pending", "", "", [])
    assert (ad.title, ad.species, ad.image_urls) == ("犀角雕荷叶杯", ["rhino_horn"], OTHERS)
    assert ad.reason == (
        "another advertisement under the same id, judged valid by li before; 犀角 (name)"
    )
    assert [each.ad.ad_id for each in queue_order(store.pending())] == ["7"]
    reuse = open_reuse(ad.history)
    assert reuse is not None
    assert (reuse.before.title, reuse.before.price, reuse.before.image_urls) == (
        "民国老象牙手镯 58圈口", "2800", PICTURES,
    )  # fmt: skip
    assert (reuse.before.verdict, reuse.before.screened_by, reuse.before.species) == (
        "valid", "li", ["tiger"],
    )  # fmt: skip
    assert ("verdict", "valid", "pending") in [(c.field, c.old, c.new) for c in ad.history]
    assert store.record([horn()], "run-2") == [Outcome.SEEN]
    assert store.record([bracelet()], "run-3") == [Outcome.SEEN], "an older sighting"
    assert kept(store) == ad


# A document has a limit in MongoDB alone.
@pytest.mark.parametrize(
    "store_url", ["mongodb", pytest.param("sqlite", marks=pytest.mark.slow)], indirect=True
)
def test_a_history_with_a_long_text_fits_the_store(store: Store) -> None:
    store.record([bracelet(description="牙" * 1_400_000)], "run-1")
    judge(store)
    for day in range(4):
        titles = ("犀角雕荷叶杯", "民国老象牙手镯 58圈口")
        pictures = [f"http://img.example/up/{day}aabbccdd.jpg"]
        text = "角牙"[day % 2] * 1_400_000
        price = str(100 + day)
        ad = horn(price, title=titles[day % 2], description=text, image_urls=pictures)
        assert store.record([replace(ad, found_at=JUNE + day * DAY)], "r") == [Outcome.ANOTHER]
    assert open_reuse(kept(store).history) is not None


def test_a_verdict_on_the_new_one_settles_it_and_undoing_asks_again(store: Store) -> None:
    store.record([bracelet()], "run-1")
    judge(store)
    store.record([horn()], "run-2")
    store.judge(
        "mall", "7", Decision(Verdict.FAKE, "wang", "", JUNE + DAY, Corrections(age_claim="new"))
    )
    assert open_reuse(kept(store).history) is None
    store.judge("mall", "7", Decision(Verdict.PENDING, "", "", JUNE + 2 * DAY))
    ad = kept(store)
    assert open_reuse(ad.history) is not None
    assert (ad.species, ad.age_claim, ad.by_person) == (["rhino_horn"], "", [])


EDITS: dict[str, dict[str, Any]] = {
    "a typo": {"title": "民国老象牙手蜀 58圈口"},
    "a lower price": {},
    "a longer title": {"title": "急出 民国老象牙手镯 58圈口 包邮"},
    "a shorter title": {"title": "民国老象牙手镯"},
    "traditional characters": {"title": "民國老象牙手鐲 58圈口"},
    "a new title with the same pictures": {"title": "犀角雕荷叶杯", "image_urls": PICTURES},
    "the same pictures at another size and host": {
        "title": "犀角雕荷叶杯",
        "image_urls": ["https://cdn2.example/8f3a92c1d0.jpg_230x230.jpg!small?x=1"],
    },
    "a new title and pictures at the same price": {
        "title": "犀角雕荷叶杯", "image_urls": OTHERS, **priced("2800"),
    },
    "a new title and pictures with the same description": {
        "title": "犀角雕荷叶杯", "image_urls": OTHERS,
    },
    "new pictures": {"image_urls": OTHERS},
    "no price": {"title": "犀角雕荷叶杯", "image_urls": OTHERS, "description": "新", **priced("")},
    "a person's record": {**vars(horn()), "by_person": ["species"]},
    "the same date again": {**vars(horn()), "found_at": MAY, "found_at_given": True},
    "a typed verdict": {**vars(horn()), "verdict": "valid"},
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_an_edited_advertisement_is_not_asked_again(edit: str) -> None:
    given = {"found_at": JUNE, **priced("2600"), **EDITS[edit]}
    (seen,) = checked([replace(bracelet(), **given)])
    assert not is_another(first(checked([bracelet()])[0], "run-1"), seen)


@pytest.mark.parametrize(
    "without",
    [
        {"description": ""},
        {"image_urls": []},
        {"image_urls": [], "description": ""},
        {"found_at_given": True},
        {"title": "新疆和田玉籽料挂件", "image_urls": [], "description": "", "relevance": "none"},
    ],
)
def test_another_one_is_recognised_by_what_is_shown(without: dict[str, Any]) -> None:
    stored = first(checked([bracelet()])[0], "run-1")
    (seen,) = checked([horn(**without)])
    assert is_another(stored, seen)
    ad = merge(replace(stored, verdict="valid", screened_by="li"), seen, "run-2")
    assert ad.description == seen.description, "the old text is not that of the new one"
    assert ad.image_urls == seen.image_urls
    assert (ad.verdict, ad.relevance) == ("pending", "likely")


def test_a_line_of_a_search_page_is_enough_but_gives_no_tags_otherwise(store: Store) -> None:
    store.record([bracelet()], "run-1")
    judge(store)
    line = Sighting("mall", "7", title="民国老象牙手镯", found_at=MAY + 2 * DAY, **priced("2700"))
    line.species, line.relevance, line.rules = ["general"], "set_aside", "r2"
    assert store.record([line], "run-2") == [Outcome.CHANGED]
    ad = kept(store)
    assert (ad.species, ad.relevance, ad.rules) == (["ivory"], "likely", "r1")
    other = replace(
        line, title="犀角雕荷叶杯", found_at=JUNE, species=["rhino_horn"], **priced("9")
    )
    assert store.record([other], "run-3") == [Outcome.ANOTHER]
    ad = kept(store)
    assert (ad.species, ad.rules, ad.description) == (["rhino_horn"], "r2", "")
    assert (ad.verdict, ad.relevance) == ("pending", "likely")


def test_what_did_not_count_and_still_does_not_is_not_asked_again(store: Store) -> None:
    store.record([bracelet()], "run-1")
    judge(store, Verdict.IRRELEVANT)
    phone = horn(title="手机壳 全新包邮", species=[], relevance="none", terms=[], reason="no term")
    assert store.record([phone], "run-2") == [Outcome.ANOTHER]
    assert (kept(store).verdict, kept(store).title) == ("irrelevant", "手机壳 全新包邮")
    again = horn(
        "100",
        title="老虎骨一副",
        found_at=JUNE + DAY,
        image_urls=["http://x.example/q1w2e3r4t5.jpg"],
        description="全",
    )
    assert store.record([again], "run-3") == [Outcome.ANOTHER]
    assert kept(store).verdict == "pending"


def test_one_that_waited_for_its_verdict_still_waits(store: Store) -> None:
    store.record([bracelet()], "run-1")
    phone = horn(title="手机壳 全新包邮", species=[], relevance="none", terms=[], reason="no term")
    store.record([phone], "run-2")
    ad = kept(store)
    assert (ad.relevance, ad.verdict) == ("likely", "pending")
    assert ad.reason == "another advertisement under the same id, not judged before; no term"
    assert [each.ad.ad_id for each in queue_order(store.pending())] == ["7"]


def test_a_record_of_the_earlier_one_does_not_judge_the_new_one(store: Store) -> None:
    store.record([bracelet()], "run-1")
    judge(store)
    store.record([horn()], "run-2")
    exported = replace(bracelet(), verdict="valid", screened_by="li", found_at_given=True)
    store.record([exported], "a file")
    store.record([replace(exported, found_at=JUNE + DAY, found_at_given=False)], "the same file")
    assert kept(store).verdict == "pending"
    judged = replace(horn(), verdict="fake", found_at=JUNE + 2 * DAY)
    store.record([judged], "a file on the new one")
    assert kept(store).verdict == "fake"


@pytest.mark.parametrize(
    ("change", "mark"),
    [
        ({"title": "【已售】民国老象牙手镯 58圈口"}, "已售"),
        ({"title": "已出 民国老象牙手镯 58圈口", **priced("999999")}, "已出"),
        ({"title": "已售，勿拍！", **priced("1")}, "已售"),
        ({"title": "勿拍", **priced("")}, "勿拍"),
        (priced("999999"), "999999"),
        (priced("1"), "1"),
        ({**priced(""), "price": "已售", "price_kind": "invalid"}, "已售"),
        ({"description": "祖上传下来的老物件，已售出，谢谢"}, "已售出"),
    ],
)
def test_a_sold_one_keeps_its_last_asked_price_and_says_so(
    store: Store, change: dict[str, Any], mark: str
) -> None:
    store.record([bracelet()], "run-1")
    judge(store)
    sold = replace(bracelet(found_at=JUNE), **change)
    assert store.record([sold], "run-2") == [Outcome.SOLD]
    ad = kept(store)
    assert (ad.price, ad.price_kind, ad.price_cny, ad.verdict) == (
        "2800", "amount", Decimal(2800), "valid",
    )  # fmt: skip
    assert "象牙" in ad.title
    assert [(c.old, c.new) for c in ad.history if c.field == "sold"] == [("2800", mark)]
    assert sold_as(ad.history) == mark
    later = replace(sold, found_at=JUNE + DAY)
    assert store.record([later], "run-3") == [Outcome.SEEN]
    assert len(kept(store).history) == len(ad.history)


def test_one_that_is_offered_again_is_not_sold(store: Store) -> None:
    store.record([bracelet()], "run-1")
    store.record([bracelet("999999", found_at=JUNE)], "run-2")
    assert store.record([bracelet("2500", found_at=JUNE + DAY)], "run-3") == [Outcome.CHANGED]
    ad = kept(store)
    assert (sold_as(ad.history), ad.price) == ("", "2500")
    assert [(c.field, c.old, c.new) for c in ad.history] == [
        ("sold", "2800", "999999"),
        ("sold", "999999", ""),
        ("price", "2800", "2500"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "民国老象牙手镯 58圈口 已售35件"},
        {"title": "民国老象牙手镯 58圈口 介意勿拍"},
        {"description": "祖上传下来的老物件，非诚勿拍，月售20"},
        priced("面议"),
        priced("2600"),
    ],
)
def test_an_ordinary_change_is_no_sale(change: dict[str, Any]) -> None:
    stored = first(checked([bracelet()])[0], "run-1")
    ad = merge(stored, checked([replace(bracelet(found_at=JUNE), **change)])[0], "run-2")
    assert sold_as(ad.history) == ""
    assert ad.price == change.get("price", "2800")


@pytest.mark.parametrize(
    ("title", "mark", "rest"),
    [
        ("【已售】老象牙手镯", "已售", "老象牙手镯"),
        ("老象牙手镯(已出)", "已出", "老象牙手镯"),
        ("老象牙手镯 已结缘，谢谢", "已结缘", "老象牙手镯 谢谢"),
        ("SOLD ivory bangle", "SOLD", "ivory bangle"),
        ("已出版的象牙图录", "", "已出版的象牙图录"),
        ("象牙手串 已售100+", "", "象牙手串 已售100+"),
        ("运费链接 单拍不发", "", "运费链接 单拍不发"),
        ("不懂勿拍 老象牙", "", "不懂勿拍 老象牙"),
    ],
)
def test_sold_marks_are_not_sales_figures_and_conditions(title: str, mark: str, rest: str) -> None:
    assert (sold_mark(title), without_marks(title)) == (mark, rest)


@pytest.mark.parametrize(
    ("title", "relevance", "another"),
    [
        ("清代犀角杯摆件一只", "likely", True),
        ("民国老象牙手镯 已清洗", "likely", False),
        ("已出，谢谢各位", "none", False),
        ("卖完了，谢谢支持", "none", False),
        ("本帖已删除", "none", False),
        ("寻犀角杯一只，求购", "set_aside", False),
    ],
)
def test_where_a_title_is_all_there_is_an_offer_replaces_one(
    title: str, relevance: str, another: bool
) -> None:
    bare: dict[str, Any] = {"description": "", "image_urls": [], "images": None}
    ad = first(bracelet("", **bare), "r1")
    sighting = bracelet("", **bare, title=title, relevance=relevance, found_at=JUNE)
    assert is_another(ad, sighting) is another


def test_two_rows_of_one_moment_are_not_taken_for_one_another_in_turn() -> None:
    ad = merge(first(bracelet(), "run-1"), horn(), "run-2")
    (change,) = [change for change in ad.history if change.field == FIELD]
    assert (title_of(change.old), title_of(change.new)) == (bracelet().title, horn().title)
    # A file that is read again has both rows of that day.
    assert not is_another(ad, bracelet(found_at=JUNE))
    assert is_another(ad, bracelet(found_at=JUNE + DAY))
