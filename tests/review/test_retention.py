"""Retention: old advertisements become counts, and no number of any month changes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import polars as pl
import pytest

from exports import export
from tests.helpers.evidence import captured
from tests.helpers.exports_data import context
from wildcrawl.analysis.tagging import Tagger
from wildcrawl.evidence import open_evidence
from wildcrawl.evidence.checking import check
from wildcrawl.items import Advertisement, Verdict
from wildcrawl.review.filter_audit import COLUMNS, MissRate, miss_rates
from wildcrawl.review.forgetting import forget
from wildcrawl.review.retagging import retag
from wildcrawl.review.retention import RetentionError, Rule, due, read_retention
from wildcrawl.store import Store
from wildcrawl.store.corrections import Decision
from wildcrawl.store.forgotten import is_forgotten

MAY = datetime(2016, 5, 10, 4, tzinfo=UTC)
JUNE = datetime(2016, 6, 10, 4, tzinfo=UTC)
NOW = datetime(2017, 5, 20, 4, tzinfo=UTC)
LIMITS = {Rule.SET_ASIDE: 12, Rule.IRRELEVANT: 12, Rule.FAKE: 24, Rule.OLD: 60}
SELLER = "藏友甲"


def advertisement(ad_id: str, relevance: str, *, audit: bool = False) -> Advertisement:
    return Advertisement(
        "mall", ad_id, f"http://mall.example/{ad_id}", f"象牙手镯{ad_id} 仿", seller=SELLER,
        price="500 元", price_kind="amount", price_cny=Decimal(500), price_usd=Decimal("72.57"),
        price_amount=Decimal(500), price_currency="CNY", species=["ivory"], terms=["象牙"],
        relevance=relevance, audit=audit, reason="imitation: 仿", found_at=MAY, found_by=["象牙"],
        product_type="worked_carved", age_claim="old", rules="r1",
    )  # fmt: skip


def filled(store: Store) -> None:
    """Advertisements of May 2016, with each verdict, and some seen again in June."""
    ads = [advertisement(f"{name}{number}", "likely")
           for name in ("valid", "irrelevant", "fake", "pending") for number in (1, 2)]  # fmt: skip
    ads += [advertisement(f"aside{number}", "set_aside") for number in (1, 2)]
    ads += [advertisement(name, "set_aside", audit=True) for name in ("audit1", "judged1")]
    store.record(ads, "run 1")
    for verdict in (Verdict.VALID, Verdict.IRRELEVANT, Verdict.FAKE):
        for number in (1, 2):
            store.judge("mall", f"{verdict}{number}", Decision(verdict, "anna", "", MAY))
    store.judge("mall", "judged1", Decision(Verdict.IRRELEVANT, "anna", "", MAY))
    for name in ("valid2", "irrelevant2", "aside2"):
        store.record([Advertisement("mall", name, found_at=JUNE, found_by=["象牙"])], "run 2")


def missed_in(store: Store) -> dict[int, MissRate]:
    return miss_rates(store.frame(columns=COLUMNS).with_columns(month=pl.lit(0)), "month")


def tables(store: Store, folder: Path) -> dict[str, str]:
    """All tables of the report of two months, but for the list of advertisements."""
    done = export(store.frame(), context(), folder, formats=("csv",))
    return {name: path.read_text("utf-8") for name, path in done.csv.items()
            if name != "advertisements"}  # fmt: skip


def test_what_is_old_becomes_a_count_and_every_table_stays(store: Store, tmp_path: Path) -> None:
    filled(store)
    evidence = open_evidence(store, tmp_path / "evidence")
    captured(evidence, "irrelevant1", SELLER.encode())
    before, missed = tables(store, tmp_path / "before"), missed_in(store)
    found = due(store, LIMITS, NOW)
    assert {ad_id: rule.value for (_, ad_id), rule in found.keys.items()} == {
        "irrelevant1": "irrelevant", "judged1": "irrelevant", "aside1": "set_aside",
    }  # fmt: skip
    assert found.waiting == 1
    forget(store, evidence, found.plan, "anna", NOW, "WILDCRAWL_KEEP: irrelevant=12")
    assert tables(store, tmp_path / "after") == before
    assert missed_in(store) == missed
    left = {ad.ad_id: ad for ad in store.advertisements()}
    assert len(left) == 12
    gone = [ad for ad in left.values() if is_forgotten(ad.ad_id)]
    assert [(ad.title, ad.seller, ad.url) for ad in gone] == [("", "", "")] * 3
    assert list(evidence.captures.of("mall", "irrelevant1")) == []
    entry = json.loads(list(evidence.custody.links())[-2].entries[0])
    assert (entry["pseudonymised"], entry["erased"], entry["rule"]) == (
        3, 0, "WILDCRAWL_KEEP: irrelevant=12",
    )  # fmt: skip
    assert list(check(evidence)) == []
    # Once more there is nothing to do; a shorter rule takes the rest, but not what waits.
    assert due(store, LIMITS, NOW).keys == {}
    rest = due(store, {Rule.OLD: 1}, NOW)
    assert {ad_id for _, ad_id in rest.keys} == left.keys() - {ad.ad_id for ad in gone} - {
        "pending1", "pending2", "audit1",
    }  # fmt: skip
    assert rest.waiting == 3
    forget(store, evidence, rest.plan, "anna", NOW, "WILDCRAWL_KEEP: old=1")
    assert tables(store, tmp_path / "rest") == before


def test_new_rules_change_no_tags_of_what_is_a_count(store: Store, tmp_path: Path) -> None:
    store.record([advertisement("aside1", "set_aside")], "run 1")
    evidence = open_evidence(store, tmp_path / "evidence")
    forget(store, evidence, due(store, LIMITS, NOW).plan, "anna", NOW)
    # It has rules, and cannot tag.
    tagger = cast("Tagger", SimpleNamespace(fingerprint="r2"))
    assert retag(store, tagger, NOW, write=True).changed == 0
    (left,) = store.advertisements()
    assert (left.relevance, left.species, left.rules) == (
        "set_aside", ["ivory"], "r2",
    )  # fmt: skip
    assert store.other_rules("r2").open == 0


@pytest.mark.parametrize(
    "text", ["pending=1", "old", "old=0", "old=x", "old=1, old=2", "old=12345"]
)
def test_a_mistaken_setting_is_refused(text: str) -> None:
    with pytest.raises(RetentionError, match="WILDCRAWL_KEEP: '"):
        read_retention(text)
