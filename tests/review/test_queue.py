"""Screening queue in the store: the order of the full sort, after whatever was written."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from tests.helpers.queue_oracle import queue_order
from wildcrawl.items import Advertisement, Verdict
from wildcrawl.review.looking.links import SAME_PICTURE, Link, save_links, save_stock
from wildcrawl.review.looking.raising import raised_because
from wildcrawl.review.queue import Queued, read_queue, refresh
from wildcrawl.review.ranking import Model
from wildcrawl.store import Store
from wildcrawl.store.corrections import Decision

MAY = datetime(2016, 5, 1, tzinfo=UTC)
WORDS = ("象牙", "手镯", "犀角", "果冻", "牙雕")


def made(number: int, chance: random.Random) -> Advertisement:
    image_only = chance.random() < 0.3
    return Advertisement(
        chance.choice(("mall", "fair")),
        str(number),
        title="" if image_only else "".join(chance.choices(WORDS, k=2)),
        found_at=MAY + timedelta(days=chance.randrange(4)),
        terms=chance.sample(WORDS, chance.randrange(3)),
        strength=chance.choice(("name", "code", "spelling", "")),
        supports=chance.randrange(3),
        relevance=chance.choice(("likely", "likely", "set_aside", "second_reader", "none")),
        audit=chance.random() < 0.5,
        verdict=chance.choice(("", "", "", "valid")),
        by_person=chance.choice(([], [], [], ["species"])),
        reason="why",
    )


def full_sort(store: Store, model: Model | None) -> list[Queued]:
    return queue_order(store.advertisements(), model, partial(raised_because, store))


def change(store: Store, ads: list[Advertisement], chance: random.Random) -> None:
    """Verdicts, undone ones, links, sightings with another text, and other tags."""
    keys = [(ad.site, ad.ad_id) for ad in ads]
    for site, ad_id in chance.sample(keys, 5):
        verdict = chance.choice((Verdict.VALID, Verdict.PENDING, Verdict.FAKE))
        store.judge(site, ad_id, Decision(verdict, "Li", "", MAY))
    one, other, third = chance.sample(keys, 3)
    links = [(one, other), (other, one), (third, other), (other, third)]
    save_links(store, [Link(SAME_PICTURE, *pair, "same", f"{pair[0]}", "sha") for pair in links])
    later = MAY + timedelta(days=9)
    for ad in chance.sample(ads, 4):
        text = chance.choice(WORDS)
        store.record([replace(ad, title=text, found_at=later, strength="bare")], "run-2")

    def retag(ad: Advertisement) -> None:
        ad.relevance, ad.strength, ad.rules = "likely", "mark", "new"

    store.revise(chance.sample(keys, 4), retag)


def test_the_stores_order_is_that_of_the_full_sort(store: Store) -> None:
    chance = random.Random(1)
    ads = [made(number, chance) for number in range(35)]
    # What is set aside waits only if it is sampled for the audit.
    aside = replace(ads[0], relevance="set_aside", verdict="")
    ads += [replace(aside, ad_id=f"aside {audit}", audit=audit) for audit in (True, False)]
    store.record(ads, "run")
    models = [
        None,
        Model({f"title:{word}": chance.random() - 0.5 for word in "".join(WORDS)}, 0.1),
        Model({f"term:{word}": chance.random() for word in WORDS}),
    ]
    for step, model in enumerate([None, *models, None, models[1]]):
        if step % 2:
            change(store, ads, chance)
        found = list(read_queue(store, model))
        assert found == full_sort(store, model), step
        numbers = store.waiting_numbers()
        audited = sum(queued.audit for queued in found)
        assert numbers == (len(found) - audited, audited)
        assert refresh(store, model, 0)


def test_a_photograph_raises_while_the_other_one_is_valid_and_the_picture_no_stock(
    store: Store,
) -> None:
    alone = Advertisement("mall", "2", relevance="likely", found_at=MAY, reason="image-only post")
    shown = replace(alone, ad_id="1", title="牙雕", strength="bare")
    store.record([alone, replace(alone, site="fair", ad_id="3"), shown], "run")
    pair = (("mall", "2"), ("mall", "1"))
    save_links(store, [Link(SAME_PICTURE, *each, "same file", "a" * 64, "b" * 64)
                       for each in (pair, pair[::-1])])  # fmt: skip
    assert [each.ad.ad_id for each in read_queue(store)] == ["1", "3", "2"]
    store.judge("mall", "1", Decision(Verdict.VALID, "Li", "", MAY))
    first = next(read_queue(store))
    assert (first.ad.ad_id, first.score) == ("2", 0.89)
    assert first.why.startswith("photograph of a confirmed advertisement: mall 1 (same file)")
    save_stock(store, {"b" * 64: 9})
    assert [each.ad.ad_id for each in read_queue(store)] == ["3", "2"]


def test_a_reading_scores_some_and_says_that_others_are_left(store: Store) -> None:
    ads = [
        Advertisement("mall", f"{number}", title="牙", relevance="likely", found_at=MAY)
        for number in range(5)
    ]
    store.record(ads, "run")
    model = Model({"title:牙": 1.0})
    assert not refresh(store, model, 3)
    assert len(store.unscored(model.name, 9)) == 2
    assert refresh(store, model)
    assert not store.unscored(model.name, 9)
    assert [place.score for place in store.waiting(learned=True)] == [model.score(ads[0])] * 5
    assert [place.score for place in store.waiting()] == [0.3] * 5
