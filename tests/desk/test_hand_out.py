"""Hand-out of cards: leases across processes, two persons at once, blind second looks."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from wildcrawl.desk.hand_out import KIND, LEASE, Handed, HandOut, Leases
from wildcrawl.items import Advertisement, Key, Verdict
from wildcrawl.review import agreement
from wildcrawl.review.agreement.second_looks import look
from wildcrawl.store import Store, open_store
from wildcrawl.store.corrections import Decision
from wildcrawl.store.verdicts import JudgedMeanwhileError, seen_state

FOUND = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)
VERDICTS = (Verdict.VALID, Verdict.IRRELEVANT, Verdict.FAKE)


def recorded(store: Store, number: int) -> list[Key]:
    ads = [
        Advertisement("fair", f"{each:03}", title="牙雕", relevance="likely", found_at=FOUND)
        for each in range(number)
    ]
    store.record(ads, "run")
    return [("fair", ad.ad_id) for ad in ads]


def is_pending(store: Store, key: Key) -> bool:
    ad = store.get(*key)
    return ad is not None and ad.verdict == Verdict.PENDING


def screen_all(url: str, name: str, keys: list[Key], done: list[Key]) -> None:
    """One person's work, as in a process of its own: judges cards until none is left."""
    hand_out = HandOut()
    with closing(open_store(url)) as store:
        while handed := hand_out.next(store, name, "", keys, lambda key: is_pending(store, key)):
            ad = store.get(*handed.key)
            assert ad is not None
            verdict = VERDICTS[len(done) % 3]
            at = datetime.now(UTC)
            store.judge(*handed.key, Decision(verdict, name, "", at, seen=seen_state(ad)))
            hand_out.judged(name, handed.key)
            done.append(handed.key)
            # The queue is as it was read, without what this person judged.
            keys = keys[keys.index(handed.key) + 1 :]
            # A hand that looks; SQLite lets a writer in a hurry pass before one that waits.
            time.sleep(0.002)


@pytest.mark.parametrize(
    ("store_url", "number"),
    [
        ("sqlite", 200),
        ("mongodb", 24),
        pytest.param("mongodb", 100, marks=pytest.mark.slow),
    ],
    indirect=["store_url"],
)
def test_two_persons_judge_all_cards_and_nothing_is_overwritten(
    store_url: str, number: int
) -> None:
    with closing(open_store(store_url)) as store:
        keys = recorded(store, number)
    done: dict[str, list[Key]] = {"li": [], "wang": []}
    threads = [
        threading.Thread(target=screen_all, args=(store_url, name, keys, done[name]))
        for name in done
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done["li"] + done["wang"]) == keys, "each card was judged once"
    assert done["li"]
    assert done["wang"]
    with closing(open_store(store_url)) as store:
        for name, judged in done.items():
            for number, key in enumerate(judged):
                ad = store.get(*key)
                assert ad is not None
                (change,) = ad.history
                assert (change.old, change.new, change.by) == (
                    "pending",
                    VERDICTS[number % 3],
                    name,
                )
                assert (ad.verdict, ad.screened_by) == (change.new, name)


def test_of_two_verdicts_on_one_card_the_second_is_refused(store: Store) -> None:
    """Without hand-outs, as after an expired lease: 15 rounds of two persons at once."""
    for key in recorded(store, 15):
        ad = store.get(*key)
        assert ad is not None
        seen, saved, refused = seen_state(ad), list[str](), list[str]()
        barrier = threading.Barrier(2)

        def judge(
            name: str,
            key: Key = key,
            seen: str = seen,
            saved: list[str] = saved,
            refused: list[str] = refused,
            barrier: threading.Barrier = barrier,
        ) -> None:
            barrier.wait()
            try:
                store.judge(*key, Decision(Verdict.VALID, name, "", datetime.now(UTC), seen=seen))
                saved.append(name)
            except JudgedMeanwhileError:
                refused.append(name)

        threads = [threading.Thread(target=judge, args=(name,)) for name in ("li", "wang")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        after = store.get(*key)
        assert after is not None
        assert [change.by for change in after.history] == saved
        assert len(saved) == len(refused) == 1


def test_a_card_belongs_to_one_person_until_it_is_put_back_or_the_lease_ends(store: Store) -> None:
    keys = recorded(store, 3)
    now = [FOUND]
    leases = [Leases(now=lambda: now[0]) for _ in range(2)]
    first, second = HandOut(leases[0]), HandOut(leases[1])

    def get(hand_out: HandOut, name: str) -> Handed | None:
        return hand_out.next(store, name, "", keys, lambda key: is_pending(store, key))

    assert get(first, "li") == Handed(keys[0])
    assert get(second, "wang") == Handed(keys[1])
    assert get(first, "li") == Handed(keys[0]), "a page that is loaded again shows the same card"
    # A desk that starts again knows its people by the lease.
    assert get(HandOut(leases[0]), "li") == Handed(keys[0])
    assert get(first, "chen") == Handed(keys[2])
    assert get(second, "zhao") is None
    first.put_back(store, "li", keys[0])
    assert get(second, "zhao") == Handed(keys[0])
    first.put_back(store, "li", keys[0])
    assert get(first, "li") is None, "only the holder puts a card back"
    now[0] += LEASE + timedelta(seconds=1)
    assert get(first, "li") == Handed(keys[0])
    leases[0].sweep(store)
    assert list(store.documents(KIND)) == ['["fair", "000"]']


def test_cards_that_another_desk_judged_are_passed_over_and_not_leased(store: Store) -> None:
    keys = recorded(store, 25)
    for key in keys[:22]:
        store.judge(*key, Decision(Verdict.VALID, "Wang", "", FOUND))
    seen: list[Key] = []

    def pending(key: Key) -> bool:
        seen.append(key)
        return is_pending(store, key)

    assert HandOut().next(store, "li", "", keys, pending) == Handed(keys[22])
    assert list(store.documents(KIND)) == ['["fair", "022"]']
    # Each is looked at once, but for the one that is handed out.
    assert len(seen) <= 24


def test_second_looks_come_among_the_cards_to_others_only(store: Store) -> None:
    *keys, shared = recorded(store, 13)
    store.judge(*shared, Decision(Verdict.VALID, "Li", "", FOUND))
    ad = store.get(*shared)
    assert ad is not None
    agreement.ask(store, ad, look("Li", "valid"))
    order: dict[str, list[Handed]] = {"li": [], "wang": []}
    for name, handed in order.items():
        hand_out = HandOut()
        for _ in range(20):
            card = hand_out.next(store, name, name, keys, lambda key: True)
            if card is None:
                break
            handed.append(card)
            hand_out.judged(name, card.key)
            if not card.second:
                keys.remove(card.key)
            elif len(handed) == 10:
                agreement.record(store, shared, look(name, "fake"))
        keys = recorded(store, 12)
        store.remove_documents(KIND, list(store.documents(KIND)))
    assert Handed(shared, second=True) not in order["li"]
    assert [place for place, card in enumerate(order["wang"], 1) if card.second] == [10]
    assert len(order["wang"]) == 13
