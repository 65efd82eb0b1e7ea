"""Parts of a site: their names and shares, and which are still to be searched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wildcrawl.crawl.parts import (
    Part,
    is_last_part,
    keep_splits,
    parse_part,
    parse_splits,
    part_of,
    site_of,
    splits_of,
    unit_of,
    units_left,
    units_of,
)
from wildcrawl.items import Run
from wildcrawl.store import Store

MONTH = "2026-11"


def test_the_parts_share_all_keywords_and_none_twice() -> None:
    terms = [f"word {n}" for n in range(11)]
    shares = [Part(number, 4).share(terms) for number in range(1, 5)]
    assert sorted(term for share in shares for term in share) == sorted(terms)
    assert sorted(len(share) for share in shares) == [2, 3, 3, 3]


@pytest.mark.parametrize("text", ["0/4", "5/4", "1/21", "1", "1/2/3", "-1/4", "二/四", "1/"])
def test_what_is_not_a_part_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write for example part=2/4"):
        parse_part(text)


@pytest.mark.parametrize("text", ["mall", "mall=", "=4", "mall=0", "mall=21", "mall=x"])
def test_a_split_names_a_site_and_a_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"--split"):
        parse_splits(text)
    assert parse_splits("mall=4,,shop=2") == {"mall": 4, "shop": 2}


def test_a_unit_has_the_name_of_its_site_and_its_part() -> None:
    assert [(site_of(unit), part_of(unit)) for unit in units_of("my.mall-2", 2)] == [
        ("my.mall-2", "1/2"),
        ("my.mall-2", "2/2"),
    ]
    assert site_of(unit_of("mall", "")) == "mall"


def test_only_the_parts_that_are_missing_are_scheduled_then_the_whole() -> None:
    one, two = units_of("mall", 2)
    assert units_left("mall", 2, set()) == [one, two]
    assert units_left("mall", 2, {two}) == [one]
    assert units_left("mall", 2, {one, two}) == ["mall"]
    assert units_left("mall", 2, {"mall"}) == ["mall"]
    assert units_left("mall", 2, {one, two, "mall"}, again=True) == [one, two]


def test_a_split_lasts_for_its_month_and_can_be_undone(store: Store) -> None:
    keep_splits(store, MONTH, {"mall": 4, "shop": 2})
    keep_splits(store, MONTH, {"shop": 1})
    assert splits_of(store, MONTH) == {"mall": 4}
    assert splits_of(store, MONTH, ["shop"]) == {}
    assert splits_of(store, "2026-12") == {}


def test_one_of_the_parts_that_end_at_once_puts_them_together(store: Store) -> None:
    at = datetime(2026, 11, 3, tzinfo=UTC)
    one, two = (Run(f"r{n}", f"mall.{n}of2", at, part=f"{n}/2") for n in (1, 2))
    ended = Run("r2", "mall", at, part="2/2")
    assert not is_last_part(store, ended, [two])
    assert is_last_part(store, ended, [one, two])
    assert not is_last_part(store, Run("r1", "mall", at, part="1/2"), [one, two])
    later = Run("r3", "mall.1of2", at, part="1/2")
    assert is_last_part(store, Run("r3", "mall", at, part="1/2"), [later, two]), "searched again"
    assert not is_last_part(store, Run("r4", "mall", at), [one, two])


def test_parts_that_are_searched_again_are_put_together_once_all_are(store: Store) -> None:
    at, hour = datetime(2026, 11, 3, tzinfo=UTC), timedelta(hours=1)
    one, two = (Run(f"r{n}", f"mall.{n}of2", at, part=f"{n}/2") for n in (1, 2))
    whole = Run("whole", "mall", at + hour)
    again, last = (Run(f"s{n}", f"mall.{n}of2", at + (n + 1) * hour, part=f"{n}/2") for n in (1, 2))
    ended = Run("s1", "mall", again.started, part="1/2")
    assert not is_last_part(store, ended, [again, two, whole]), "the other part is still to come"
    assert is_last_part(store, Run("s2", "mall", last.started, part="2/2"), [again, last, whole])
    assert is_last_part(store, Run("r2", "mall", at, part="2/2"), [one, two])
