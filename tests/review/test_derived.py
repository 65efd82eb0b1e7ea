"""Derived state: what lists show of a restored store is that of the store of the backup."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from wildcrawl.items import Advertisement
from wildcrawl.review.derived import derive
from wildcrawl.review.notices.model import Recheck, State, keep_checks
from wildcrawl.store import Store
from wildcrawl.store.search import ListQuery

MAY = datetime(2026, 5, 1, tzinfo=UTC)


def test_removed_advertisements_and_due_links_come_back(store: Store) -> None:
    records = [
        Advertisement("mall", "gone", title="老象牙", found_at=MAY),
        Advertisement("mall", "back", title="老象牙", found_at=MAY),
        Advertisement("mall", "seen", title="老象牙", found_at=MAY + timedelta(days=9)),
        Advertisement("mall", "silent", found_at=MAY),
    ]
    store.record(records, "run")
    after = MAY + timedelta(days=2)
    results = [
        Recheck("mall", "gone", after, State.REMOVED),
        Recheck("mall", "gone", after + timedelta(days=1), State.UNKNOWN),
        Recheck("mall", "back", after, State.REMOVED),
        Recheck("mall", "back", after + timedelta(days=1), State.UP),
        Recheck("mall", "seen", after, State.REMOVED),
    ]
    keep_checks(store, results)
    store.set_removed(dict.fromkeys([("mall", "gone"), ("mall", "back"), ("mall", "seen")], False))
    derive(store)
    found = store.search(ListQuery(removed=True))
    assert [ad.ad_id for ad in found.ads] == ["gone"]
    assert ("mall", "silent") in store.links_due(10)
