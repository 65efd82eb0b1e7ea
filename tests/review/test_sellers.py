"""Groups of sellers' accounts: what links them, and when each was active."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from tests.helpers.desk_cards import ad, keep
from tests.helpers.desk_data import VOCABULARY, client_of, desk_in
from wildcrawl.analysis.tagging import Tagger
from wildcrawl.evidence import Evidence, open_objects
from wildcrawl.review.looking.links import REPOST, SAME_PICTURE, Link, save_links, save_stock
from wildcrawl.review.looking.look import CONTACT, look
from wildcrawl.review.sellers import (
    MOST_ACCOUNTS,
    MOST_SHARING,
    Beside,
    Sellers,
    sellers_of,
)
from wildcrawl.store import Store, open_store

MAY = datetime(2016, 5, 2, tzinfo=UTC)
A, B = "a" * 64, "b" * 64


def fill(store: Store) -> None:
    store.record(
        [
            replace(ad("1", "甲一", seller="甲店"), found_at=MAY),
            replace(ad("2", "甲二", seller="甲店"), found_at=MAY + timedelta(days=9)),
            replace(ad("3", "乙", seller="乙店"), site="market", found_at=MAY + timedelta(days=3)),
            replace(ad("4", "丙", seller="", seller_id="c4"), found_at=MAY + timedelta(days=5)),
            replace(ad("5", "丁", seller="丁店"), found_at=MAY),
            replace(ad("6", "无名", seller=""), found_at=MAY),
        ],
        "run",
    )


def test_accounts_that_share_something_are_one_group(store: Store) -> None:
    fill(store)
    save_links(
        store,
        [
            Link(SAME_PICTURE, ("market", "3"), ("fair", "1"), "whole", A, B),
            Link(SAME_PICTURE, ("fair", "5"), ("fair", "1"), "alike", A, B, sure=False),
            Link(SAME_PICTURE, ("fair", "5"), ("fair", "2"), "whole", "c" * 64, B),
            Link(REPOST, ("fair", "4"), ("fair", "2"), "text"),
            Link(REPOST, ("fair", "4"), ("fair", "1"), "text"),
            Link(REPOST, ("fair", "6"), ("fair", "5"), "text"),
            Link(REPOST, ("fair", "2"), ("fair", "1"), "text"),
        ],
    )
    save_stock(store, {"c" * 64: 99})
    (group,) = sellers_of(store).groups
    assert group.why == {"repost": 2}
    assert [(each.account, each.number) for each in group.accounts] == [
        (("fair", "甲店"), 2),
        (("fair", "c4"), 1),
    ]
    first = group.accounts[0]
    assert (first.first, first.last) == (MAY, MAY + timedelta(days=9))
    assert group.accounts[1].name == "c4"
    assert group.beside == (Beside(("market", "乙店"), "乙店", {"same_picture": 1}),)


def pair(first: str, other: str, sha: str) -> list[Link]:
    """Links both ways between two advertisements that show one photograph in two files."""
    return [
        Link(SAME_PICTURE, ("fair", one), ("fair", two), "whole", f"{sha}{one}", f"{sha}{two}")
        for one, two in ((first, other), (other, first))
    ]


def named(found: Sellers) -> list[tuple[set[str], dict[str, int], dict[str, dict[str, int]]]]:
    return [
        (
            {each.name for each in group.accounts},
            group.why,
            {each.name: each.why for each in group.beside},
        )
        for group in found.groups
    ]


def test_photographs_join_only_accounts_that_share_some_each_with_each(store: Store) -> None:
    store.record([ad(str(each), seller=f"店{each}") for each in range(1, 8)], "run")
    # A chain 1 to 5, of which 2 and 3 share the most; 5, 6 and 7 share two by two.
    chain = [("1", "2", "p"), ("2", "3", "q"), ("2", "3", "r"), ("3", "4", "s"), ("4", "5", "t")]
    triangle = [("5", "6", "u"), ("6", "7", "v"), ("5", "7", "w")]
    save_links(store, [link for each in (*chain, *triangle) for link in pair(*each)])
    one = {"same_picture": 1}
    assert named(sellers_of(store)) == [
        ({"店5", "店6", "店7"}, {"same_picture": 3}, {"店4": one}),
        ({"店2", "店3"}, {"same_picture": 2}, {"店1": one, "店4": one}),
    ]


@pytest.mark.parametrize(
    ("size", "lacking", "more", "groups"),
    [
        # Nine of ten pairs share a photograph, whichever shares the most.
        (5, ["12"], [], [{1, 2, 3, 4, 5}]),
        (5, ["12"], ["13", "14", "25"], [{1, 2, 3, 4, 5}]),
        (5, ["12"], ["13", "13", "14", "34"], [{1, 2, 3, 4, 5}]),
        (6, ["16"], [], [{1, 2, 3, 4, 5, 6}]),
        # Eight of ten do, and of 1 and 2, as of 3 and 4, neither is nearer to the others.
        (5, ["12", "34"], [], []),
        # One lacks it with two, and is no part of the four who share it all.
        (5, ["12", "13"], [], [{2, 3, 4, 5}]),
        (4, ["12"], [], [{3, 4}]),
        (3, ["12"], [], []),
    ],
)
def test_accounts_of_which_nearly_every_two_share_something_are_one_group(
    store: Store, size: int, lacking: list[str], more: list[str], groups: list[set[int]]
) -> None:
    store.record([ad(str(each), seller=f"店{each}") for each in range(1, size + 1)], "run")
    pairs = [f"{one}{two}" for one, two in combinations(range(1, size + 1), 2)]
    shared = [*(each for each in pairs if each not in lacking), *more]
    links = [
        link for number, two in enumerate(shared) for link in pair(two[0], two[1], f"p{number}-")
    ]
    save_links(store, links)
    found = [names for names, _, _ in named(sellers_of(store)) if len(names) > 1]
    assert found == [{f"店{each}" for each in group} for group in groups]


def test_an_account_that_shares_as_much_with_several_joins_none_of_them(tmp_path: Path) -> None:
    keep(tmp_path, *(ad(str(each), seller=f"店{each}") for each in range(1, 24)))
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        save_links(store, [link for n in range(2, 24) for link in pair("1", str(n), f"p{n}-")])
        (group,) = sellers_of(store).groups
    assert ([each.name for each in group.accounts], len(group.beside)) == (["店1"], 22)
    page = " ".join(client_of(desk_in(tmp_path)).get("/sellers").text.split())
    assert "Sellers with several accounts <small>0</small>" in page
    assert "It is not certain to which of these it belongs" in page
    assert "and 2 more</p>" in page


def test_accounts_with_one_contact_are_one_party_to_photographs(store: Store) -> None:
    store.record([ad(str(each), seller=f"店{each}") for each in range(1, 6)], "run")
    contacts = {"wechat:a": "12", "phone:b": "23"}
    documents = {
        f"{contact}\nfair\n{each}": {"site": "fair", "ad_id": each}
        for contact, shown in contacts.items()
        for each in shown
    }
    store.put_documents(CONTACT, documents)
    save_links(store, [*pair("3", "4", "p"), *pair("3", "4", "r"), *pair("4", "5", "q")])
    ((names, why, beside),) = named(sellers_of(store))
    assert names == {"店1", "店2", "店3", "店4"}
    assert why == {"wechat": 1, "phone": 1, "same_picture": 2}
    assert beside == {"店5": {"same_picture": 1}}


def test_contacts_in_texts_link_accounts_and_are_kept_as_hashes(tmp_path: Path) -> None:
    keep(
        tmp_path,
        ad("1", "牙雕", description="加微信 wx_example01 看货", seller="甲店"),
        ad("2", "手镯", description="微信：WX_EXAMPLE01", seller="乙店"),
        ad("3", "别的", description="微信：wx_other0001", seller="丙店"),
    )
    path = tmp_path / "store.db"
    store = open_store(f"sqlite:///{path}")
    evidence = Evidence(store, open_objects(tmp_path / "evidence"))
    look(store, evidence, Tagger(VOCABULARY), MAY)
    (group,) = sellers_of(store).groups
    assert ({each.name for each in group.accounts}, group.why) == ({"甲店", "乙店"}, {"wechat": 1})
    kept = str(store.documents("picture_contact"))
    store.close()
    assert "example01" not in kept
    page = client_of(desk_in(tmp_path)).get("/sellers").text
    assert "2 accounts" in page
    assert "the same WeChat × 1" in page
    assert "example01" not in page


def test_what_a_platform_shows_on_all_its_pages_joins_nobody(store: Store) -> None:
    numbers = range(MOST_ACCOUNTS + 1)
    store.record([ad(str(each), seller=f"店{each}") for each in numbers], "run")
    store.put_documents(
        CONTACT,
        {
            f"{contact}\nfair\n{each}": {"site": "fair", "ad_id": str(each)}
            for contact, last in (("phone:platform", MOST_ACCOUNTS), ("phone:dealer", 2))
            for each in numbers
            if each <= last
        },
    )
    found = sellers_of(store)
    assert [{each.name for each in group.accounts} for group in found.groups] == [
        {"店0", "店1", "店2"}
    ]
    assert found.shared_contacts == 1


def linked(first: int, last: int, sha: str) -> list[Link]:
    """Links of advertisements with the numbers from `first` to `last`, each to the next one."""
    return [
        Link(SAME_PICTURE, ("fair", f"{each}"), ("fair", f"{each + 1}"), "whole",
             f"{sha}{each}", f"{sha}{each + 1}")
        for each in range(first, last)
    ]  # fmt: skip


def test_a_photograph_that_more_than_a_few_accounts_share_joins_none_of_them(
    tmp_path: Path,
) -> None:
    keep(tmp_path, *(ad(str(each), seller=f"店{each}") for each in range(1, 10)))
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        # The common one is in a file of its own for each account; 1 shares another with 9.
        common = linked(1, 1 + MOST_SHARING, "c")
        few = linked(6, 5 + MOST_SHARING, "f")
        own = Link(SAME_PICTURE, ("fair", "1"), ("fair", "9"), "whole", A, B)
        save_links(store, [*common, *few, own])
        found = sellers_of(store)
    assert [{each.name for each in group.accounts} for group in found.groups] == [
        {"店6", "店7", "店8"},
        {"店1", "店9"},
    ]
    assert found.shared_pictures == 1
    page = client_of(desk_in(tmp_path)).get("/sellers").text
    assert "Photographs shown by more than 3 accounts, which link nobody: 1." in page
    assert "Accounts that may belong together" in page


def test_the_page_names_what_else_an_account_shares_and_with_whom(tmp_path: Path) -> None:
    keep(tmp_path, *(ad(str(each), seller=f"店{each}") for each in range(1, 4)))
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        save_links(store, [*pair("1", "2", "p"), *pair("1", "2", "q"), *pair("2", "3", "r")])
    client = client_of(desk_in(tmp_path))
    page = " ".join(client.get("/sellers").text.split())
    assert "2 accounts <small>the same photograph × 2</small>" in page
    assert "Some of these also share something with:" in page
    assert ">店3</a> Antiques fair (the same photograph × 1)" in page
    chinese = client.get("/sellers", headers={"Accept-Language": "zh"}).text
    assert "其中部分账号还与以下账号有共同之处：" in chinese
