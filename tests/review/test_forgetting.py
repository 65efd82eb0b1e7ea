"""Forgetting: nothing of an advertisement remains but its count, on both stores."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.helpers.evidence import captured
from wildcrawl.crawl import capturing, due_pages
from wildcrawl.desk import due_entries, hand_out
from wildcrawl.evidence import Action, Evidence, imported, open_evidence
from wildcrawl.evidence.archive import DERIVED, LOOKED
from wildcrawl.evidence.checking import check
from wildcrawl.items import Advertisement, Change, Key, Verdict
from wildcrawl.review import forgetting, unsure, verdict_reasons
from wildcrawl.review.agreement import second_looks
from wildcrawl.review.forgetting import forget, plan_of
from wildcrawl.review.looking import look as looking
from wildcrawl.review.looking import seen
from wildcrawl.review.looking.links import LOOKED as LOOKED_LINKS
from wildcrawl.review.looking.links import REPOST, SAME_PICTURE, STOCK, Link, links_of, save_links
from wildcrawl.review.notices import covers, model
from wildcrawl.review.notices.letters import _KIND as LETTERS
from wildcrawl.review.notices.letters import Letter, keep_letters, letters
from wildcrawl.review.notices.removals import outcomes, still_to_check
from wildcrawl.review.training import TooFewVerdicts, train
from wildcrawl.store import Store
from wildcrawl.store.corrections import Decision
from wildcrawl.store.forgotten import is_forgotten, remains_of
from wildcrawl.store.search import ListQuery
from wildcrawl.store.sqlite import SQLiteStore

AT = datetime(2016, 5, 3, 4, tzinfo=UTC)
SECRETS = (
    "藏友甲",
    "卖家七号",
    "象牙手镯甲",
    "wx_secret",
    "mall.example/藏",
    "上海静安",
    "旧标题",
    "𠮷",  # the index of texts has it as a word of its own
    "ad-77",
)
"""Texts of the advertisement that is forgotten, none of which may remain."""
KEPT = (
    "site", "species", "product_type", "age_claim", "verdict", "screened_by", "price", "price_cny",
    "price_usd", "price_kind", "relevance", "first_seen", "last_seen", "found_by", "terms",
    "images", "first_run", "rules",
)  # fmt: skip


def advertisement(ad_id: str = "ad-77", **given: object) -> Advertisement:
    """A likely advertisement with a text in each field that a seller can fill."""
    ad = Advertisement(
        "mall", ad_id, f"http://mall.example/{ad_id}", "旧标题", "象牙手镯甲 微信 wx_secret 𠮷",
        category="藏友甲的店", price="500 元", seller="藏友甲", seller_id="卖家七号",
        location="上海静安", posted_at="2016-05-03 藏友甲", found_at=AT, found_by=["象牙"],
        image_urls=["http://mall.example/藏友甲.jpg"], images=1, species=["ivory"],
        product_type="worked_carved", relevance="likely", terms=["象牙"], reason="象牙手镯甲",
        original_title="象牙手镯甲", original_description="wx_secret", picture_text="象牙手镯甲",
        rules="r1",
    )  # fmt: skip
    for name, value in given.items():
        setattr(ad, name, value)
    return ad


def other() -> Advertisement:
    """Another seller's advertisement, with none of the same texts but a word."""
    return Advertisement(
        "mall", "ad-8", title="象牙印章", seller="乙", found_at=AT, species=["ivory"],
        relevance="likely",
    )  # fmt: skip


def filled(store: Store, evidence: Evidence, key: Key = ("mall", "ad-77")) -> None:
    """A judged advertisement with a document of every kind, and another, ad-8, linked to it."""
    store.record([advertisement(), other()], "run 1")
    again = advertisement(title="象牙手镯甲", found_at=AT + timedelta(days=1))
    store.record([again], "run 2")
    store.judge(*key, Decision(Verdict.VALID, "anna", "wx_secret 藏友甲", AT + timedelta(days=2)))
    store.save_unmatched("mall", {"ad-77": "mark", "ad-8": "mark"})
    store.search(ListQuery(text="象牙手镯甲"))  # so that its text is in the index
    unsure.put_unsure(store, key, "anna", "wx_secret", AT)
    first = second_looks.look("anna", "valid", "藏友甲", AT)
    stored = store.get(*key)
    assert stored is not None
    second_looks.ask(store, stored, first)
    assert second_looks.record(store, key, second_looks.look("ben", "fake", "wx_secret", AT))
    second_looks.ask(store, other(), second_looks.look("anna", "valid", "", AT))
    lines, listed = "\n".join(key), json.dumps(list(key))
    document = {"site": "mall", "ad_id": "ad-77", "verdict": "valid", "reason": "bone"}
    store.put_documents(verdict_reasons.KIND, {lines: document})
    store.put_documents(hand_out.KIND, {listed: {"holder": "anna", "until": ""}})
    for kind in (capturing._PENDING, due_pages._KIND, LOOKED_LINKS):
        store.put_documents(kind, {lines: {}, "mall\nad-777": {}})
    contact = {f"hash\n{lines}": {"site": "mall", "ad_id": "ad-77", "sha": ""}}
    store.put_documents(looking.CONTACT, contact)
    for kind in (SAME_PICTURE, REPOST):
        save_links(store, [Link(kind, key, ("mall", "ad-8"), "象牙手镯甲")])
        save_links(store, [Link(kind, ("mall", "ad-8"), key, "象牙手镯甲")])
    url = "http://mall.example/ad-77"
    notified = [model.Notified("mall", "ad-77", url, "象牙手镯甲", "2016-05", AT)]
    model.notify(store, notified)
    later = AT + timedelta(days=9)
    model.keep_checks(store, [model.Recheck("mall", "ad-77", later, model.State.REMOVED, url)])
    letter = Letter(
        "mall", "2016-05", 1, "WC", AT, date(2016, 6, 1), ["ad-77", "ad-8"], sent=date(2016, 5, 3)
    )
    keep_letters(store, [letter])
    capture = captured(evidence, "ad-77", "藏友甲".encode())
    for kind in DERIVED:
        store.put_documents(kind, {capture.payload: {"text": "wx_secret"}})
    captured(evidence, "ad-8", b"other")


def everything(store: Store) -> str:
    """All that the store holds, as one text."""
    with store.snapshot() as snapshot:
        return "\n".join(
            json.dumps([section, record], ensure_ascii=False, default=str)
            for section in snapshot.sections()
            for record in snapshot.records(section)
        )


def bytes_of(store: SQLiteStore) -> bytes:
    """All bytes of the store's file, and of the log beside it."""
    return b"".join(path.read_bytes() for path in store.path.parent.glob("wildcrawl.db*"))


@pytest.fixture
def evidence(store: Store, tmp_path: Path) -> Evidence:
    """The empty evidence of an empty store."""
    return open_evidence(store, tmp_path / "evidence")


def test_the_kinds_of_documents_are_those_of_their_modules() -> None:
    assert {
        unsure.KIND, verdict_reasons.KIND, capturing._PENDING, due_pages._KIND, LOOKED_LINKS,
        due_entries.KIND, imported.KIND, SAME_PICTURE, REPOST,
    } == {*forgetting.BY_LINES}  # fmt: skip
    assert {
        hand_out.KIND, second_looks.DUE, second_looks.DONE, model._NOTIFIED, model._CHECKS,
    } == {*forgetting.BY_JSON}  # fmt: skip
    assert (looking.CONTACT, LETTERS) == (forgetting.CONTACT, forgetting.LETTERS)
    assert {LOOKED, seen.FEATURES, STOCK, covers.KIND} == {*DERIVED}
    assert seen.KIND == LOOKED


@pytest.mark.parametrize("erase", [False, True])
def test_nothing_but_the_count_remains(store: Store, evidence: Evidence, *, erase: bool) -> None:
    filled(store, evidence)
    before = store.get("mall", "ad-77")
    assert before is not None
    counted = outcomes(store)
    with_other = len(list(store.advertisements()))
    done = forget(store, evidence, plan_of([before], erase=erase), "anna", AT)
    assert (done.evidence.captures, done.evidence.objects) == (1, 1)
    assert done.documents > 0
    left = everything(store)
    assert left.count("ad-777") == 3  # others, whose ids begin with the same letters
    left = left.replace("ad-777", "")
    assert [secret for secret in SECRETS if secret in left] == []
    if isinstance(store, SQLiteStore):
        raw = bytes_of(store)
        assert "象牙印章".encode() in raw
        assert [secret for secret in SECRETS[:-1] if secret.encode() in raw] == []
    assert store.get("mall", "ad-77") is None
    assert store.known("mall", ["ad-77", "ad-8"]) == {"ad-8"}
    assert store.unmatched("mall", {"ad-77": "mark", "ad-8": "mark"}) == {"ad-8"}
    assert links_of(store, ("mall", "ad-8")) == links_of(store, ("mall", "ad-8"), REPOST) == []
    assert ("mall", "ad-8") in store.links_due(9)
    assert [ad.ad_id for ad in store.search(ListQuery(text="象牙")).ads] == ["ad-8"]
    assert store.search(ListQuery(text="手镯")).ads == ()
    assert still_to_check(store, "mall") == []
    assert second_looks.due(store, "ben") == [("mall", "ad-8")]
    remaining = [ad for ad in store.advertisements() if ad.ad_id != "ad-8"]
    (letter,) = letters(store)
    if erase:
        assert (remaining, outcomes(store), [*second_looks.pairs(store)]) == ([], [], [])
        assert letter.ad_ids == ["ad-8"]
    else:
        (ad,) = remaining
        assert is_forgotten(ad.ad_id)
        assert len(list(store.advertisements())) == with_other
        assert {name: getattr(ad, name) for name in KEPT} == {
            name: getattr(before, name) for name in KEPT
        }
        texts = str(vars(ad))
        assert [secret for secret in SECRETS if secret in texts] == []
        assert [change.field for change in ad.history] == ["title", "verdict"]
        assert letter.ad_ids == [ad.ad_id, "ad-8"]
        (outcome,) = outcomes(store)
        assert (outcome.state, outcome.days) == (counted[0].state, counted[0].days)
        assert (outcome.url, outcome.ad_id) == ("", ad.ad_id)
        (pair,) = second_looks.pairs(store)
        assert (pair.ad_id, pair.first.note, pair.second.note) == (ad.ad_id, "", "")
        assert pair.open
        with pytest.raises(TooFewVerdicts, match="the store has 0 and 0"):
            train([ad])
        assert len(store.search(ListQuery(removed=True)).ads) == 1
    link = list(evidence.custody.links())[-2]
    assert (link.action, link.who) == (Action.FORGOTTEN, "anna")
    entry = json.loads(link.entries[0])
    assert (entry["advertisements"], entry["erased"]) == (1, int(erase))
    assert list(check(evidence)) == []


def test_one_without_a_verdict_is_erased_and_comes_back_as_new(
    store: Store, evidence: Evidence
) -> None:
    store.record([advertisement(), advertisement("ad-8")], "run 1")
    store.judge("mall", "ad-8", Decision(Verdict.FAKE, "anna", "", AT))
    ads = list(store.advertisements())
    plan = plan_of(ads, erase=False)
    assert plan.erased == {("mall", "ad-77")}
    assert plan.kept == {("mall", "ad-8")}
    forget(store, evidence, plan, "anna", AT)
    (left,) = store.advertisements()
    assert (left.verdict, is_forgotten(left.ad_id)) == (Verdict.FAKE, True)
    assert store.waiting_numbers().likely == 0
    text = everything(store)
    assert [secret for secret in SECRETS if secret in text] == []
    later = AT + timedelta(days=40)
    back = advertisement("ad-8", found_at=later)
    assert store.record([back], "run 2") == ["new"]
    assert sorted(ad.first_seen for ad in store.advertisements() if ad.first_seen) == [AT, later]
    store.judge("mall", "ad-8", Decision(Verdict.VALID, "anna", "", later))
    forget(store, evidence, plan_of([back_of(store)], erase=False), "anna", later)
    names = {ad.ad_id for ad in store.advertisements()}
    assert len(names) == 2
    assert all(map(is_forgotten, names))


def back_of(store: Store) -> Advertisement:
    """The advertisement that came back."""
    ad = store.get("mall", "ad-8")
    assert ad is not None
    return ad


def test_an_interrupted_forgetting_is_completed_without_a_second_count(
    store: Store, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store, evidence)
    ad = store.get("mall", "ad-77")
    assert ad is not None
    plan = plan_of([ad], erase=False)
    with monkeypatch.context() as patch:
        patch.setattr(type(store), "forget", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            forget(store, evidence, plan, "anna", AT)
    forget(store, evidence, plan, "anna", AT)
    (left,) = (ad for ad in store.advertisements() if ad.ad_id != "ad-8")
    assert [outcome.ad_id for outcome in outcomes(store)] == [left.ad_id]
    assert [pair.ad_id for pair in second_looks.pairs(store)] == [left.ad_id]


@pytest.mark.parametrize(
    ("price", "kept"),
    [("¥500", "¥500"), ("1,200元", "1,200元"), ("加微信 wx_1", ""), ("138 0013 8000", "")],
)
def test_a_price_is_kept_only_if_it_is_a_number(price: str, kept: str) -> None:
    ad = advertisement(price=price)
    ad.history = [Change(AT, "price", "问藏友甲", price), Change(AT, "verdict", "pending", "valid")]
    left = remains_of(ad, "forgotten-0")
    assert left.price == kept
    assert [(change.old, change.new) for change in left.history] == [("", ""), ("pending", "valid")]
    assert ad.seller == "藏友甲"
