"""Table of what was ruled out: reasons that persons gave, and how many gave none."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from exports import export
from tests.helpers.exports_data import ad, context, frame, read
from tests.helpers.made_reports import grid, page_of
from wildcrawl.commands.export import reasons_of
from wildcrawl.items import Advertisement, Verdict
from wildcrawl.months import month_bounds
from wildcrawl.review.verdict_reasons import KIND, give_reason, reason_of
from wildcrawl.store import Store, StoreError
from wildcrawl.store.corrections import Decision

AT = datetime(2016, 5, 3, tzinfo=UTC)


def test_reasons_are_counted_and_the_rest_is_said(tmp_path: Path) -> None:
    rows = [ad(ad_id=f"{verdict}{number}", verdict=verdict)
            for verdict in ("fake", "irrelevant", "valid") for number in range(5)]  # fmt: skip
    reasons = {("2016-05", "fake"): Counter(resin=2, bone=1), ("2016-04", "fake"): Counter(bone=9)}
    done = export(frame(*rows), replace(context(), reasons=reasons), tmp_path)
    assert read(done.csv["ruled_out"]) == [
        ["verdict", "reason", "advertisements"],
        ["fake", "resin", "2"],
        ["fake", "bone", "1"],
        ["fake", "", "2"],
        ["irrelevant", "", "5"],
    ]
    page = done.index.read_text("utf-8")
    assert "Advertisements ruled out" in page
    assert "resin or plastic" in page
    assert grid(page_of(done.index), "ruled_out")[-1] == ["irrelevant", "not recorded", "5"]


def test_a_reason_counts_as_long_as_its_verdict(store: Store) -> None:
    ads = [Advertisement("fair", str(number), title="牙雕", found_at=AT) for number in range(4)]
    store.record(ads, "run")
    for number, reason in enumerate(("resin", "resin", "bone")):
        store.judge("fair", str(number), Decision(Verdict.FAKE, "Li", "", AT))
        judged = store.get("fair", str(number))
        assert judged is not None
        give_reason(store, judged, reason, "Li", AT)
    store.judge("fair", "2", Decision(Verdict.VALID, "Li", "", AT))
    store.judge("fair", "3", Decision(Verdict.FAKE, "Li", "", AT))
    counts = reasons_of(store, *month_bounds("2016-05", "2016-05"))
    assert counts == {("2016-05", "fake"): {"resin": 2}}
    assert reasons_of(store, *month_bounds("2016-06", "2016-06")) == {}


def test_a_stored_reason_that_does_not_exist_is_refused_by_name(store: Store) -> None:
    store.record([Advertisement("fair", "1", title="牙雕", found_at=AT)], "run")
    store.judge("fair", "1", Decision(Verdict.FAKE, "Li", "", AT))
    judged = store.get("fair", "1")
    assert judged is not None
    give_reason(store, judged, "resin", "Li", AT)
    documents = store.documents(KIND)
    store.put_documents(KIND, {key: each | {"reason": "resn"} for key, each in documents.items()})
    with pytest.raises(StoreError, match="reason 'resn' for the verdict on fair 1"):
        reasons_of(store, *month_bounds("2016-05", "2016-05"))
    # The desk shows none, so that it can be given anew.
    assert reason_of(store, judged) == ""
    give_reason(store, judged, "bone", "Li", AT)
    assert reasons_of(store, *month_bounds("2016-05", "2016-05")) == {
        ("2016-05", "fake"): {"bone": 1}
    }
