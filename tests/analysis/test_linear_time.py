"""Linear time: no text that a site or a seller writes makes a reader of pages hang."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from types import ModuleType
from typing import Any

import pytest
from parsel import Selector
from scrapy.http import HtmlResponse

import pipelines
from wildcrawl import analysis, base_spiders, crawl, pictures, platforms, tabular
from wildcrawl.analysis import (
    answers,
    charsets,
    dates,
    links,
    result_totals,
    site_names,
    sold_marks,
    text,
)
from wildcrawl.analysis.contacts import hide_contacts, hide_in_address
from wildcrawl.analysis.ids import addresses, damage, spelling
from wildcrawl.analysis.prices import read_price
from wildcrawl.analysis.tagging.tagger import Tagger
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.base_spiders import (
    block_detection,
    own_words,
    pager,
    recommended,
    responses,
    unread_boxes,
)
from wildcrawl.base_spiders.structured_data import fields, parse, select

LENGTH = 100_000
"""Characters at which quadratic time takes minutes, and linear time milliseconds."""
SECONDS = 240
UNITS = (
    *("<", "</", "<a", "<!--", "<script", "<a ", "a", "&", "&#", "\ufdfa", "\u200b", "\0"),
    *(" ", "\t\n", "{", "[", '{"a":', '"', "\\", "/*", "//", "(", "a =", ",", "cb(", "`"),
    *(
        "1",
        "1,",
        "1.",
        "￥1",
        "1元",
        "1-",
        "：1",
        "价格：",
        "共1",
        "第1",
        "1/",
        "http://",
        "/",
        "%2",
    ),
    *(
        "a@",
        "。",
        "不",
        "非象牙",
        "E+",
        "1年",
        "万",
        "十",
        "【已售",
        "牙#",
        "象 ",
        "e\u0301",
        "\u202e",
    ),
)


def page(body: str) -> HtmlResponse:
    return HtmlResponse(
        "http://shop.example/s?q=1", body=f"<title>x</title><body>{body}".encode(), encoding="utf-8"
    )


SEEN = datetime(2026, 11, 3, tzinfo=UTC)


@cache
def tagger() -> Tagger:
    return Tagger(load_vocabulary())


READERS: dict[str, Callable[[str], Any]] = {
    "clean_text": text.clean_text,
    "one_line": text.one_line,
    "normalise": text.normalise,
    "tag": lambda words: tagger().tag(words, words),
    "read_price": read_price,
    "parse_answer": answers.parse_answer,
    "value_at": lambda words: answers.value_at(words, 0),
    "site_moment": lambda words: dates.site_moment(words, SEEN),
    "decode": lambda words: charsets.decode(words.encode("gb18030", "replace"), "utf-8"),
    "stated_total": lambda words: result_totals.stated_total(words, 3),
    "stated_pages": result_totals.stated_pages,
    "declared_total": result_totals.declared_total,
    "sold_mark": sold_marks.sold_mark,
    "without_marks": sold_marks.without_marks,
    "find_address": addresses.find_address,
    "canonical_address": addresses.canonical_address,
    "names_one_page": addresses.names_one_page,
    "clean_id": spelling.clean_id,
    "names_nothing": spelling.names_nothing,
    "damage_of": damage.damage_of,
    "check_blocked": lambda words: block_detection.check_blocked(page(words), ["x"]),
    "check_empty": lambda words: block_detection.check_empty(page(words)),
    "words_of": lambda words: own_words.words_of(page(words)),
    "shows_next": lambda words: pager.shows_next(
        Selector(words, type="html"), 1, "http://shop.example/s"
    ),
    "says_nothing_was_found": recommended.says_nothing_was_found,
    "touches": lambda words: recommended.touches("象牙手镯", words),
    "plain": lambda words: responses.plain(page(words)),
    "parse_json_ld": parse.parse_json_ld,
    "advertisements": lambda words: select.advertisements(
        Selector(words, type="html"), "http://shop.example"
    ),
    "plain_number": fields.plain_number,
    "hide_contacts": hide_contacts,
    "hide_in_address": hide_in_address,
    "unread_boxes": unread_boxes.shape_of,
    "SiteNames.find": lambda words: site_names.SiteNames({"shop": ["Shop"]}).find(words),
}
MARKUP = {
    *("clean_text", "one_line", "parse_answer", "value_at", "check_blocked", "check_empty"),
    *("words_of", "shows_next", "plain", "parse_json_ld", "advertisements"),
}
"""Readers of markup or JSON, for which an open tag or key changes how the rest is read."""


@pytest.mark.timeout(SECONDS)
def test_a_title_of_opened_tags_is_cleaned() -> None:
    assert text.clean_text("<" + "a" * LENGTH) == "<" + "a" * LENGTH


def texts(name: str) -> Iterator[str]:
    """Texts for a reader: each unit repeated; for one of markup also in an open tag and a key."""
    for number, unit in enumerate(UNITS):
        repeated = unit * (LENGTH // len(unit))
        forms = (repeated, f"<{repeated}x", f'{{"{repeated}')
        yield from forms if name in MARKUP else (forms[number % 3],)


@pytest.mark.slow
@pytest.mark.timeout(SECONDS)
@pytest.mark.parametrize("name", READERS)
def test_a_reader_of_pages_ends_for_any_text(name: str) -> None:
    for words in texts(name):
        with suppress(ValueError, responses.PageError):
            READERS[name](words)


@pytest.mark.parametrize("unit", ["a", "1.", "1", "@1", "(a"])
def test_an_address_without_an_end_is_read(unit: str) -> None:
    address = f"http://{unit * (LENGTH // len(unit))}"
    began = time.process_time()
    for name in ("hide_in_address", "unread_boxes", "SiteNames.find"):
        READERS[name](address)
    # In quadratic time each took half a minute or more.
    assert time.process_time() - began < 5


def test_links_behind_a_long_part_of_a_page_are_read() -> None:
    cards = "".join(f"<li><a href='/item/{number}'>ivory {number}</a></li>" for number in range(20))
    links = "".join(f"<a href='/item/{number}'>ivory ring</a>" for number in range(100, 2_100))
    page = Selector(
        f"<ul>{cards}</ul><p>{'<b>long</b>' * 20_000}</p><div><div><div>{links}</div></div></div>"
    ).root
    boxes = unread_boxes.UnreadBoxes()
    began = time.process_time()
    boxes.add_elsewhere(page, page.xpath("//li"), "http://shop.example/search", "ivory")
    # Reading the long part for each link took half a minute.
    assert time.process_time() - began < 5


MARKS = "e" + "\u0316\u0301" * (LENGTH // 2)
"""A letter with combining marks, which `unicodedata` sorts in quadratic time."""


@pytest.mark.parametrize(
    "name",
    [
        *("clean_text", "site_moment", "stated_pages", "declared_total", "find_address"),
        *("clean_id", "names_one_page", "shows_next", "plain"),
    ],
)
def test_a_run_of_combining_marks_is_read(name: str) -> None:
    address = f"http://{MARKS}/item"
    began = time.process_time()
    for words in (MARKS, address, f'<a href="{address}">下一页</a>'):
        with suppress(ValueError):
            READERS[name](words)
    # In quadratic time each took eight seconds.
    assert time.process_time() - began < 4


def test_a_link_to_a_host_of_combining_marks_is_made_absolute() -> None:
    began = time.process_time()
    assert links.join_address("http://shop.example/s", f"//{MARKS}/item").endswith("/item")
    assert time.process_time() - began < 2


def test_what_people_write_is_normalized_whole() -> None:
    stacked = "Z" + "\u0316\u0301\u0489" * 10
    for words in (f"{stacked} Ａ㎏ e\u0301 가" * 50, "象牙，５８元。" * 200, MARKS[:31] * 40):
        assert text.nfkc(words) == unicodedata.normalize("NFKC", words)


MEDIUM = 10_000
"""Characters at which quadratic time takes tenths of a second and exponential time never ends."""
BY_AUTHORS = {
    *("digits_inside", "leet", "_with"),
    *("_selector_fault", "_jmespath_fault", "_pattern_fault"),
}
"""Functions of words of the vocabulary, or of a spider's declarations."""
ROOMS = (analysis, base_spiders, crawl, pictures, pipelines, platforms, tabular)


def read_texts(module: ModuleType) -> list[Callable[..., Any]]:
    """Functions of a module whose arguments are texts alone."""

    def reads(function: Any) -> bool:
        if not inspect.isfunction(function) or function.__module__ != module.__name__:
            return False
        if inspect.iscoroutinefunction(function):
            return False
        needed = [
            each.annotation
            for each in inspect.signature(function).parameters.values()
            if each.default is each.empty
        ]
        return bool(needed) and set(needed) <= {"str"} and function.__name__ not in BY_AUTHORS

    return [function for function in vars(module).values() if reads(function)]


MODULES = [
    importlib.import_module(found.name)
    for room in ROOMS
    for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")
    if ".scheduling" not in found.name
]
CASES = [(module, function) for module in MODULES for function in read_texts(module)]


def test_the_functions_that_read_a_text_are_found() -> None:
    found = {function.__name__ for _, function in CASES}
    assert {"clean_text", "read_price", "hide_contacts", "shape_of", "stated_pages"} <= found


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "function", [function for _, function in CASES], ids=lambda each: each.__qualname__
)
def test_every_function_that_reads_a_text_ends(function: Callable[..., Any]) -> None:
    number = sum(
        each.default is each.empty for each in inspect.signature(function).parameters.values()
    )
    for unit in UNITS:
        words = unit * (MEDIUM // len(unit))
        began = time.process_time()
        with suppress(Exception):
            function(*[words] * number)
        assert time.process_time() - began < 3, unit
