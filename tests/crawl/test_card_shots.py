"""Card shots: which card is an advertisement's, and what a page says of its cards."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from wildcrawl.crawl.card_shots import CardBox, Shot, card_of, cut, read_cards
from wildcrawl.items import Advertisement

BOX = (0, 0, 40, 30)


def box(**given: object) -> dict[str, object]:
    whole = {"left": 10, "top": 20.4, "width": 50, "height": 40, "html": "<li>", "links": []}
    return whole | given


@pytest.mark.parametrize(
    ("cards", "place"),
    [
        ([("", "/1"), ("", "/2")], 1),
        ([("data-id=2", "/9"), ("data-id=1", "/8")], 0),
        ([("data-id=12", "/9"), ("data-id=x2", "/8")], None),
        ([("", "/2"), ("", "/2")], None),
        ([("data-id=2", "/9"), ("data-id=2", "/8")], None),
        ([], None),
    ],
)
def test_a_card_is_the_advertisements_if_no_other_may_be(
    cards: list[tuple[str, str]], place: int | None
) -> None:
    ad = Advertisement("mall", "2", url="https://mall.example/2#top")
    shown = [
        CardBox((0, 40 * row, 40, 40 * row + 30), html, frozenset({f"https://mall.example{link}"}))
        for row, (html, link) in enumerate(cards)
    ]
    assert card_of(ad, shown) == place


def test_a_card_that_two_selectors_take_is_one() -> None:
    card = CardBox(BOX, "data-id='2'")
    assert card_of(Advertisement("mall", "2"), [card, card]) == 0
    assert card_of(Advertisement("mall", ""), [card]) is None


def test_what_a_page_says_of_its_cards_is_checked() -> None:
    wrong = [
        box(left=float("nan")), box(width=float("inf")), box(height=None), box(links=None),
        box(width=3), box(top=-5), box(top=90), {}, box(left="x"),
    ]  # fmt: skip
    (card,) = read_cards([*wrong, box(links=["https://mall.example/2#a"])], 55, 100)
    assert card == CardBox((10, 20, 55, 60), "<li>", frozenset({"https://mall.example/2"}))
    assert len(read_cards([box()] * 500, 99, 100)) == 200


def test_cards_are_cut_from_the_screenshot_or_not_at_all() -> None:
    page = Image.new("RGB", (40, 60), (255, 255, 255))
    page.paste((200, 0, 0), (0, 30, 40, 60))
    written = BytesIO()
    page.save(written, "PNG")
    cards = (CardBox(BOX, ""), CardBox((0, 30, 40, 60), ""))
    first, second = cut(Shot(written.getvalue(), cards))
    assert [Image.open(BytesIO(each)).getpixel((5, 5)) for each in (first, second)] == [
        (255, 255, 255), (200, 0, 0),
    ]  # fmt: skip
    assert cut(Shot(b"no PNG", cards)) == (b"", b"")
    assert cut(Shot()) == ()
