"""Near-duplicates: which advertisements belong together, why, and in what they differ."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from wildcrawl.items import Advertisement
from wildcrawl.review.looking.links import REPOST, SAME_PICTURE, Link, save_links
from wildcrawl.review.near_duplicates import Difference, differences, near_duplicates
from wildcrawl.store import Store

MAY = datetime(2026, 5, 1, tzinfo=UTC)
TITLE = "老象牙手镯，58圈口"


def ad(ad_id: str, title: str = TITLE, day: int = 0, **given: str) -> Advertisement:
    found = MAY + timedelta(days=day)
    return Advertisement("mall", ad_id, title=title, found_at=found, **given)  # type: ignore[arg-type]


def near(store: Store, first: Advertisement, most: int = 50) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.ad.ad_id, each.why) for each in near_duplicates(store, first, most)]


def test_equal_texts_and_sure_links_belong_together(store: Store) -> None:
    text = "祖上传下来的老物件，包浆自然，品相完好，拍照无修图"
    first = ad("1", description=text)
    ads = [
        first,
        ad("2", "【老象牙手镯】 58圈口!!", 2),
        ad("3", "另一件", 1, description="祖上传下来的老物件 包浆自然 品相完好 拍照无修图!"),
        ad("4", "老象牙手镯 60圈口", 1),
        ad("5", "photograph", 1),
        ad("6", "reposted", 3),
        ad("7", "老 象牙 手 镯 ５８圈口", 4),
    ]
    store.record(ads, "run")
    key = ("mall", "1")
    save_links(
        store,
        [
            Link(SAME_PICTURE, key, ("mall", "5"), "same", "a", "b"),
            Link(SAME_PICTURE, key, ("mall", "4"), "alike", "a", "c", sure=False),
            Link(REPOST, key, ("mall", "6"), "title"),
            Link(REPOST, key, ("mall", "2"), "title"),
            Link(REPOST, key, ("mall", "gone"), "title"),
        ],
    )
    expected = [
        ("3", ("same_text",)),
        ("5", ("same_photograph",)),
        ("2", ("same_text",)),
        ("6", ("nearly_same_text",)),
        ("7", ("same_text",)),
    ]
    assert near(store, first) == expected
    assert len(near(store, first, most=2)) == 2


def test_a_short_text_makes_no_duplicates(store: Store) -> None:
    store.record([ad("1", "象牙手镯"), ad("2", "象牙手镯")], "run")
    assert near(store, ad("1", "象牙手镯")) == []


def test_differences_are_marked_within_the_text() -> None:
    one, other = ad("1", price="500", seller="甲"), ad("2", "老象牙手镯，60圈口", price="500")
    assert differences(one, other) == [
        Difference("title", (("老象牙手镯，", False), ("60", True), ("圈口", False))),
        Difference("seller", ()),
    ]
    # Behind 2,000 characters from the first difference, none is compared one by one.
    text = "".join(map(chr, range(0x4E00, 0x4E00 + 1_999)))
    long = ad("1", description=f"新{text}牙牙。"), ad("2", description=f"旧{text}牙雕。")
    (difference,) = differences(*long)
    assert difference.parts == (
        ("旧", True),
        (text, False),
        ("牙雕", True),
        ("。", False),
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("象" * 2_000, "牙" + "象" * 1_998 + "雕"),
        ("象牙" * 1_000, "牙象" * 1_000),
        ("象" * 1_000 + "牙" * 1_000, "牙" * 1_000 + "象" * 1_000),
        ("a 1 " * 500, "1 a " * 500),
    ],
)
def test_comparing_repeated_characters_takes_bounded_steps(before: str, after: str) -> None:
    begin = time.process_time()
    (difference,) = differences(ad("1", description=before), ad("2", description=after))
    # Some seconds without a bound; about 10 ms with it.
    assert time.process_time() - begin < 0.3
    assert "".join(part for part, _ in difference.parts) == after


def test_a_word_changed_in_a_long_text_is_the_only_difference() -> None:
    text = " ".join(
        f"No {each} of the ivory carvings is {each * 7} years old." for each in range(45)
    )
    other = text.replace("No 5 of", "No 6 of").replace("is 245 years", "is 260 years")
    (difference,) = differences(ad("1", description=text), ad("2", description=other))
    assert [part.strip() for part, new in difference.parts if new] == ["6", "260"]
