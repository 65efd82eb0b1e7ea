"""Cut pages: answers that end before their end tag, and what a run says of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.project import get_project_settings

from tests.helpers.crawls import crawl
from tests.helpers.odd_site import Answer, Asked, odd_site, results
from wildcrawl.crawl.cut_pages import (
    End,
    WholePageMiddleware,
    end_of,
    ends_within_content,
)
from wildcrawl.crawl.received import PICTURE

WHOLE = b"<!DOCTYPE html>\n<html><body><ul><li>a</li></ul></body></html>"
OPEN = WHOLE[: WHOLE.index(b"</ul>")]
BROKEN = WHOLE[: WHOLE.index(b"i>a")]


@pytest.mark.parametrize(
    ("body", "end"),
    [
        (WHOLE, End.WHOLE),
        (WHOLE + b"\n<!-- 12 ms -->", End.WHOLE),
        (WHOLE.upper(), End.WHOLE),
        (b"<html><body>a</body>", End.WHOLE),
        (b"<?xml version='1.0'?><!-- x --><html>a</html>", End.WHOLE),
        (OPEN, End.OPEN),
        (BROKEN, End.BROKEN),
        (b"<ul><li>a</li></ul><p>1 2 3", End.WHOLE),
        (b"<ul><li>a</li><li>b", End.OPEN),
        (b"<div>a</div><script>if (a <b) {}</script>", End.WHOLE),
        (b"<p>costs 5 <6", End.OPEN),
        (b"<meta charset=gbk>a", End.UNKNOWN),
        (b'{"a": [1, 2]}\n{"a": []}\n', End.WHOLE),
        (b'{"a": [{"b": 1}, {"c": 2}', End.BROKEN),
        (b'{"a": "[{"}', End.WHOLE),
        ("<html><body>象牙".encode("utf-16"), End.UNKNOWN),
        (b"", End.UNKNOWN),
        (b"nothing", End.UNKNOWN),
    ],
)
def test_the_end_of_an_answer(body: bytes, end: End) -> None:
    assert end_of(body) == end


@pytest.mark.parametrize(
    ("body", "within"),
    [
        (OPEN, True),
        (b"<html><div class=m><div><p>a", True),
        (b"<html><table><tr><td>a</td></tr>", True),
        (b"<ul><li>a</li>\n<li>b", True),
        (b"<html><div><ul><li>a<li>b</ul></div><p>foot", False),
        (b"<html><div><ul><li>a</li></ul><p>foot", False),
        (b"<html><ul><li>a</ul></div></div><script>x('<ul><li>')</script>", False),
        (b"<html><!-- <ul> --><link href='/ul'><div/><p>a", False),
    ],
)
def test_whether_a_page_ends_within_its_lists(body: bytes, within: bool) -> None:
    assert ends_within_content(body) is within


def test_pages_that_all_end_within_a_list_are_said_to_be_uncertain() -> None:
    layer = Layer()
    for _ in range(3):
        layer.asked(*[OPEN] * 9)
    assert layer.middleware.message() == ""
    doubt = layer.middleware.doubt()
    assert doubt.startswith("3 pages of the site ended within a list, and none has its end tag")
    assert layer.asked(WHOLE) == 1
    assert "without the end tag that others have" in layer.middleware.doubt()


def page_of(*titles: str, whole: bool = False, cut: str = "") -> bytes:
    items = "".join(f"<li><a href='/item/1'>{title}</a></li>" for title in titles)
    end = "</ul></body></html>" if whole else cut
    return f"<html><body><ul>{items}{end}".encode()


def test_pages_that_all_end_at_another_text_within_a_list_make_a_run_thin() -> None:
    layer = Layer()
    for title, cut in (("象牙手镯", ""), ("玉盒", "<li>"), ("老印章", "<li><a href='/item/2'>老")):
        layer.asked(*[page_of(title, cut=cut)] * 9)
    assert "3 pages of the site ended within a list, each at" in layer.middleware.message()
    assert layer.middleware.doubt() == ""
    layer.asked(page_of("a", whole=True))
    assert "each at another text" in layer.middleware.message()


@pytest.mark.parametrize("end", ["</td></tr>", "</td>", ""])
def test_a_template_that_leaves_its_table_open_is_merely_doubted(end: str) -> None:
    layer = Layer()
    for title in ("象牙手镯", "玉盒", "老印章", "犀角杯", "虎骨酒"):
        for own in ("<p>", "<div><div>"):  # a list, and a page of one of its results
            page = f"<html><body>{own}<table><tr><td>{title * 9}{end if own == '<p>' else ''}"
            layer.asked(*[page.encode()] * 9)
    assert layer.middleware.message() == ""
    assert "10 pages of the site ended within a list" in layer.middleware.doubt()


def test_one_page_or_pages_that_end_with_the_same_footer_are_merely_doubted() -> None:
    layer = Layer()
    for title in ("象牙手镯", "玉盒", "老印章"):
        layer.asked(*[page_of(title, f"copyright 2016 {'x' * 90}")] * 9)
        assert layer.middleware.message() == ""
        assert "not certain that they are whole" in layer.middleware.doubt()


LINES = b'{"id": 1}\n{"id": 2}\n'


@pytest.mark.parametrize(
    ("body", "flags", "doubtful"),
    [
        (LINES, ["partial"], True),
        (LINES.strip(), ["partial"], True),
        (LINES, [], False),
        (LINES, ["decoded", "partial"], False),
        (b'{"items":\n[{"id": 1}]}', ["partial"], False),
        (WHOLE, ["partial"], False),
    ],
)
def test_lines_without_a_length_are_asked_again_and_said_to_be_uncertain(
    body: bytes, flags: list[str], doubtful: bool
) -> None:
    layer = Layer()
    assert layer.asked(*[body] * 9, flags=flags) == (3 if doubtful else 1)
    assert layer.asked(*[body] * 9, flags=flags) == 1
    assert layer.middleware.message() == ""
    doubt = layer.middleware.doubt()
    assert doubt.startswith("2 pages of the site are results one a line") == doubtful


def test_pages_that_merely_leave_out_their_end_tag_are_not_doubted() -> None:
    layer = Layer()
    for _ in range(3):
        layer.asked(*[WHOLE.removesuffix(b"</body></html>")] * 9)
    assert layer.middleware.doubt() == layer.middleware.message() == ""


class Mall(Spider):
    name = "mall"


class Layer:
    """The middleware, and the requests that it makes of answers in turn."""

    def __init__(self) -> None:
        crawler = Crawler(Mall, get_project_settings())
        crawler.stats = MemoryStatsCollector(crawler)
        crawler.spider = Mall()
        crawler.spider.crawler = crawler
        self.middleware = WholePageMiddleware.from_crawler(crawler)

    def asked(
        self,
        *bodies: bytes,
        status: int = 200,
        flags: Sequence[str] = (),
        meta: Sequence[str] = (),
    ) -> int:
        """How often a page is requested until an answer is taken."""
        request = Request("http://h/", meta=dict.fromkeys(meta, True))
        for number, body in enumerate(bodies, start=1):
            response = Response("http://h/", status, body=body, flags=[*flags])
            after = self.middleware.process_response(request, response)
            if not isinstance(after, Request):
                return number
            request = after
        raise AssertionError("requested for ever")


def test_a_cut_page_is_requested_again_until_it_is_whole() -> None:
    layer = Layer()
    assert layer.asked(WHOLE) == 1
    assert layer.asked(OPEN, BROKEN, WHOLE) == 3
    assert layer.middleware.message() == ""
    assert layer.asked(*[OPEN] * 9) == 3
    assert layer.asked(WHOLE) == 1
    assert "1 page of the site ended before the end tag" in layer.middleware.message()


def test_a_site_that_closes_no_page_is_asked_again_once() -> None:
    layer = Layer()
    assert [layer.asked(*[OPEN] * 9) for _ in range(3)] == [3, 1, 1]
    assert layer.middleware.message() == ""
    assert layer.asked(*[BROKEN] * 9) == 3
    assert layer.middleware.message()


def test_a_site_that_closes_some_pages_is_asked_again_for_few() -> None:
    layer = Layer()
    assert layer.asked(WHOLE) == 1
    assert [layer.asked(*[OPEN] * 9) for _ in range(5)] == [3, 3, 3, 1, 1]
    assert layer.asked(*[BROKEN] * 9) == 3


def test_pages_that_are_cut_elsewhere_each_time_are_always_asked_again() -> None:
    layer = Layer()
    assert layer.asked(WHOLE) == 1
    cut = [OPEN, OPEN[:-1] + b"xy", OPEN]
    assert [layer.asked(*cut) for _ in range(5)] == [3] * 5
    other = Layer()
    assert other.asked(OPEN, WHOLE) == 2
    assert [other.asked(*[OPEN] * 9) for _ in range(5)] == [3] * 5


def test_other_answers_are_left_alone() -> None:
    layer = Layer()
    assert layer.asked(OPEN, status=404) == 1
    assert layer.asked(OPEN, meta=(PICTURE,)) == 1
    assert layer.asked(OPEN, meta=("playwright",)) == 1
    assert layer.middleware.message() == ""


def test_a_run_reads_what_a_cut_page_left_out_and_names_those_that_stay_cut(
    tmp_path: Path,
) -> None:
    def answer(asked: Asked) -> Answer:
        page = f"<html><body><ul>{results(asked, 6).body}</ul></body></html>"
        if asked.keyword == "豹皮":
            return Answer(page[: page.index("</ul>") - 40])
        return Answer(page[:-150] if asked.keyword == "豹骨" and not asked.before else page)

    with odd_site(answer) as site:
        run, ads, _ = crawl(site, tmp_path)
    assert run.health == "thin"
    assert "1 page of the site ended before the end tag" in run.reason
    assert len(ads) == 17
