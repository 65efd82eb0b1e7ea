"""Return keys: their form, what damages them, and what does not."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from exports.return_keys import return_keys
from wildcrawl.analysis.return_keys import LENGTH, read_key, return_key

KEY = return_key("taobao", "612345678901")


@given(st.text(), st.text())
def test_a_key_is_a_word_of_letters_that_no_spreadsheet_changes(site: str, ad_id: str) -> None:
    key = return_key(site, ad_id)
    assert len(key) == LENGTH
    assert not set(key) - set("BCDFGHJKMNPQRSTVWXYZ")
    assert read_key(key) == key


def test_a_key_is_the_same_in_every_version() -> None:
    # Files that were exported before must find their advertisements.
    assert KEY == "RXNVSVJKBNNKSRDW"
    assert return_key("s7788", "0012345") == "KJCMFYRNPNYGYGJC"


def test_site_and_id_both_count() -> None:
    pairs = [("mall", "12"), ("mall", "012"), ("mal", "l12"), ("Mall", "12"), ("mall1", "2")]
    assert len({return_key(*pair) for pair in pairs}) == len(pairs)


def test_many_keys_differ() -> None:
    assert len({return_key("mall", str(number)) for number in range(20_000)}) == 20_000


def test_writing_does_not_matter() -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in KEY)
    hyphens = "-".join((KEY[:4], KEY[4:8], KEY[8:12], KEY[12:]))
    for text in (KEY.lower(), f" {KEY}\n", f"\u200b{KEY}\ufeff", wide, hyphens, f"'{KEY}"):
        assert read_key(text) == KEY
    assert [read_key(text) for text in ("", " ", "\u3000")] == ["", "", ""]


def test_every_changed_lost_or_swapped_letter_is_noticed() -> None:
    for place, letter in enumerate(KEY):
        for other in "BCDFGHJKMNPQRSTVWXYZ":
            if other != letter:
                assert read_key(KEY[:place] + other + KEY[place + 1 :]) is None
        assert read_key(KEY[:place] + KEY[place + 1 :]) is None
        for later in range(place + 1, len(KEY) - 2):
            swapped = list(KEY)
            swapped[place], swapped[later] = swapped[later], swapped[place]
            if swapped != list(KEY):
                assert read_key("".join(swapped)) is None


def test_other_texts_are_no_keys() -> None:
    for text in ("612345678901", "6.12346E+11", "?", "BCDF", "见上", f"{KEY}{KEY}"):
        assert read_key(text) is None


_WORD = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.tuples(_WORD, _WORD)))
def test_a_column_of_keys_has_the_key_of_each_row(rows: list[tuple[str, str]]) -> None:
    frame = pl.DataFrame(rows, schema={"site": pl.String, "ad_id": pl.String}, orient="row")
    assert return_keys(frame).to_list() == [return_key(*row) for row in rows]
