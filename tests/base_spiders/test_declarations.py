"""Declarations that cannot work are named when the spider is made, with file, field and fix."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import scrapy as scrapy_package
from scrapy.crawler import Crawler
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

from tests.helpers.crawling import ROOT, scrapy
from tests.helpers.odd_site import odd_site, results
from wildcrawl.base_spiders import BoardSpider, CrawledSite, HtmlSearchSpider, JsonSearchSpider
from wildcrawl.base_spiders.browser import BrowserSearchSpider
from wildcrawl.base_spiders.declarations import (
    OF_SCRAPY,
    DeclarationError,
    check_declarations,
)
from wildcrawl.base_spiders.extraction import Layout
from wildcrawl.platforms.woocommerce import WooCommerceSpider

HTML: dict[str, Any] = {
    "name": "shop",
    "label": "Shop",
    "home": "https://shop.example/",
    "search_url": "https://shop.example/s?q={keyword}&page={page}",
    "card": "li.item",
    "fields": {"title": "a::text", "url": "a::attr(href)"},
}
DATA = {name: value for name, value in HTML.items() if name != "card"}
DATA |= {"results": "items", "fields": {"title": "title"}}
BOARD = HTML | {"boards": {"1": "x"}, "board_path": "/b/{board}?p={page}"}


def declared(way: type[CrawledSite], base: dict[str, Any], **changes: Any) -> type[CrawledSite]:
    names = {name: value for name, value in base.items() if name != "card" or way is not None}
    return type("Shop", (way,), names | changes)


def message(way: type[CrawledSite], base: dict[str, Any], **changes: Any) -> str:
    with pytest.raises(DeclarationError) as error:
        declared(way, base, **changes)()
    return str(error.value)


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("nextpage", "a.next", " (did you mean 'next_page'?)"),
        ("max_page", 3, " (did you mean 'max_pages'?)"),
        ("expects", {}, " (did you mean 'expect'?)"),
        ("results", "items", ""),
    ],
)
def test_an_attribute_that_nothing_reads_is_named(name: str, value: object, hint: str) -> None:
    said = message(HtmlSearchSpider, HTML, **{name: value})
    assert f"HtmlSearchSpider reads no '{name}'{hint}" in said


def test_attributes_of_a_sites_own_begin_with_an_underscore() -> None:
    own = {"_guest": "", "rows_of": lambda self: [], "token": property(lambda self: "")}
    own |= {"session_key": cached_property(lambda self: ""), "Meta": type("Meta", (), {})}
    own |= {"tidy": staticmethod(str.strip), "of": classmethod(lambda cls: cls)}
    check_declarations(declared(HtmlSearchSpider, HTML, **own))


@pytest.mark.parametrize("name", OF_SCRAPY)
def test_attributes_that_scrapy_reads_are_accepted(name: str) -> None:
    check_declarations(declared(HtmlSearchSpider, HTML, **{name: "any"}))


def test_all_that_the_installed_scrapy_reads_of_a_spider_is_known() -> None:
    source = Path(scrapy_package.__file__).parent
    read = {
        name
        for path in (
            source / "core",
            source / "downloadermiddlewares",
            source / "spidermiddlewares",
        )
        for file in path.rglob("*.py")
        for name in re.findall(r'getattr\(\s*(?:\w+\.)*spider,\s*"([a-z]\w*)"', file.read_text())
    }
    assert len(read) > 4
    assert read <= {*OF_SCRAPY, *dir(HtmlSearchSpider)}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"detail": {"description": ".post:first-of-type .text ::text"}},
            ('detail["description"]', "write div.post:first-of-type for .post:first-of-type"),
        ),
        ({"fields": {"url": "a/@href"}}, ('fields["url"]', "an XPath begins with /, ./ or (")),
        ({"fields": {"title": ("h3::text", "a::attr(")}}, ('fields["title"][1]', "a::attr(")),
        ({"card": "li["}, ("card = ", "CSS")),
        ({"detail": {"ad_id": ".no::text"}}, ('detail["ad_id"]', "declare it in fields")),
        (
            {"other_details": (Layout(fields={"ad_id": ".no::text"}),)},
            ("other_details[0]", "declare it in fields"),
        ),
        ({"page_step": 0}, ("page_step", "not a whole number from 1")),
        ({"first_page": -1}, ("first_page", "not a whole number from 0")),
        ({"max_pages": 0}, ("max_pages", "not a whole number from 1")),
        ({"blocked": "验证"}, ("blocked", 'write ("验证",)')),
        ({"blocked": None}, ("blocked = 'None'", 'several values such as ("…",)')),
        ({"blocked": ("验证", None)}, ("blocked = ", "write it in quotes")),
        ({"next_page": None}, ("next_page = 'None'", "it is not a text; remove it")),
        ({"fields": None}, ("fields = 'None'", "it is not values by name")),
        ({"fields": {"title": None}}, ("fields['title'] = 'None'", "it is not a selector")),
        ({"headers": {"X-Client": 5}}, ("headers['X-Client'] = '5'", "it is not a text")),
        ({"expect": {"advertisements": "50"}}, ("expect[", "it is not a number")),
        ({"verify_certificates": "no"}, ("verify_certificates", "it is not True or False")),
        ({"pace": "5s"}, ("pace = '5s'", "it is not a number")),
        ({"ignored_tabs": ("",)}, ("ignored_tabs", "an empty text is in every page")),
        ({"detail_url": "/item/"}, ("detail_url", "write {ad_id} into it")),
        ({"search_url": "https://shop.example/s"}, ("search_url", "write {keyword} into it")),
        ({"empty": "//p[contains(.)]"}, ("empty = ", "number of arguments")),
        ({"next_page": "//a[ends-with(@class, 'x')]/@href"}, ("next_page", "'ends-with'")),
        (
            {"other_layouts": (Layout("a[?", {"title": "t"}, data="var x ="),)},
            ("other_layouts[0].card", "JMESPath"),
        ),
        (
            {"other_details": (Layout(fields={"price": "b::"}),)},
            ('other_details[0].fields["price"',),
        ),
        ({"patterns": {"ad_id": r"/item/\d+"}}, ('patterns["ad_id"]', "no group")),
        ({"patterns": {"price": "("}}, ("not a regular expression",)),
        (
            {"fields": {"titel": "a::text"}},
            ("'titel' is not a valid field", "did you mean 'title'?"),
        ),
        ({"other_details": (Layout(fields={"titel": "b"}),)}, ("other_details[0].fields", "title")),
        ({"expect": {"advertisment": 9}}, ("did you mean 'advertisements'?",)),
        ({"search_url": "https://shop.example/s?q={word}"}, ("'{word}'", "{keyword}, {page}")),
        ({"search_body": '{"q": "{keyword}"}'}, ("search_body", "double braces")),
        ({"detail_url": "https://shop.example/{id}"}, ("detail_url", "{ad_id}")),
        ({"cursor": "i::text"}, ("never sent", "write {cursor} into search_url")),
        ({"search_url": "https://shop.example/?q={keyword}&c={cursor}"}, ("declare 'cursor'",)),
        ({"form_data": {"q": "{keyword}"}}, ("form_data", "declare 'search_form'")),
        ({"search_form": "form", "form_data": {"q": "x"}}, ("no input has the keyword",)),
        ({"search_form": "form", "search_body": "q={keyword}"}, ("remove search_body",)),
        ({"search_form": "form:first"}, ("search_form = ", "CSS")),
        ({"card": ""}, ("fields = ", "declare 'card'")),
    ],
)
def test_a_declaration_that_cannot_work_is_named_with_its_fix(
    changes: dict[str, Any], words: tuple[str, ...]
) -> None:
    said = message(HtmlSearchSpider, HTML, **changes)
    assert "test_declarations.py" in said
    for word in words:
        assert word in said, said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"results": "items["}, ("results = ", "JMESPath")),
        ({"fields": {"title": "titel(x)"}}, ('fields["title"]', "no function 'titel'")),
        ({"more": "length(items, `3`)"}, ("more = ", "takes 1 arguments, 2 are given")),
        ({"cursor": "next"}, ("never sent",)),
        ({"results": ""}, ("fields = ", "declare 'results'")),
        ({"search_form": "form["}, ("search_form", "CSS")),
    ],
)
def test_a_path_in_data_is_checked_as_a_selector_is(
    changes: dict[str, Any], words: tuple[str, ...]
) -> None:
    said = message(JsonSearchSpider, DATA, **changes)
    for word in words:
        assert word in said, said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("first_visit", "home"),
        ("home", "shop.example"),
        ("home", "https:/shop.example/"),
        ("search_url", "/s?q={keyword}"),
        ("detail_url", "/i/{ad_id}"),
        ("charset", "gbkk"),
        ("charset", "base64"),
    ],
)
def test_addresses_and_charsets_that_cannot_be_used_are_named(name: str, value: str) -> None:
    said = message(HtmlSearchSpider, HTML, **{name: value})
    assert f"{name} = '{value}': " in said
    assert "begin it with https://" in said or "such as gb18030" in said


def test_selectors_of_boards_browsers_and_platforms_are_checked() -> None:
    assert "pinned = ':first-of-type'" in message(BoardSpider, BOARD, pinned=":first-of-type")
    assert "state[1]" in message(BoardSpider, BOARD, state=("a::text", "//a["))
    assert "a browser keeps" in message(BrowserSearchSpider, HTML, first_visit="https://x.example")
    shop = {"name": "shop", "domain": "shop.example"}
    assert "card_id" in message(WooCommerceSpider, shop, card_id=(("/@id[", r"(\d)"),))
    assert "detail_id" in message(WooCommerceSpider, shop, detail_id=(("p::text", r"\d"),))


def test_every_fault_is_named_at_once() -> None:
    said = message(HtmlSearchSpider, HTML, card="li[", empty="p[", patterns={"price": "x"})
    assert all(word in said for word in ("card = ", "empty = ", 'patterns["price"]'))


def test_the_file_and_the_line_are_named() -> None:
    bad = "*:nth-of-type(2)"
    line = next(
        number
        for number, text in enumerate(Path(__file__).read_text().splitlines(), start=1)
        if bad in text
    )
    said = message(HtmlSearchSpider, HTML, card=bad)
    assert re.match(rf"\S*test_declarations\.py line {line}: card = ", said)


@pytest.mark.parametrize(
    "query",
    [
        "::attr(data-id)",
        "a:contains('下一页')::attr(href)",
        "li:has(> a) ::text",
        "li:not(.x):nth-child(2n+1)",
        "div.post:first-of-type .text ::text",
        "normalize-space(.//*[contains(@class, 'title (x')])",
        "(.//a[re:test(@href, '\\d+')])[1]/@href",
        "./ancestor-or-self::a[@href][1]/@href",
        "concat(.//b, .//i[not(self::script)])",
        "substring-after(.//li/@title, '@')",
        ".//text()[not(ancestor::*[starts-with(name(), 'h')])]",
    ],
)
def test_usable_selectors_pass(query: str) -> None:
    check_declarations(declared(HtmlSearchSpider, HTML, fields={"title": query}))


def test_the_spiders_of_this_project_pass() -> None:
    loader = SpiderLoader.from_settings(get_project_settings())
    sites = [site for site in map(loader.load, loader.list()) if issubclass(site, CrawledSite)]
    assert len(sites) > 20
    for site in sites:
        check_declarations(site)


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "wildcrawl" / "templates" / "spiders").glob("*.tmpl")),
    ids=lambda path: path.stem,
)
def test_every_template_gives_a_spider_that_loads(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for name, value in (
        ("$name", "made"),
        ("$classname", "Made"),
        ("$url", "https://www.antiques.made.example"),
    ):
        text = text.replace(name, value)
    assert max(map(len, text.splitlines())) <= 100
    namespace: dict[str, Any] = {"__name__": "made"}
    exec(compile(text, str(path), "exec"), namespace)
    site = namespace["Made"]
    arguments = {} if site.automated else {"worksheet": "x.xlsx"}
    site.from_crawler(Crawler(site, get_project_settings()), **arguments)
    assert site.home.startswith("https://www.antiques.made.example")
    assert site.automated or {"ad_id", "url"} <= set(re.findall(r"\w+", " ".join(site.steps)))


FAULTY = """from wildcrawl.base_spiders import HtmlSearchSpider


class Faulty(HtmlSearchSpider):
    name = "faulty"
    label = "Faulty"
    home = "https://faulty.example"
    search_url = "https://faulty.example/?q={keyword}"
    card = "li"
    detail = {"description": ".post:first-of-type ::text"}
"""


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A folder with a spider whose selector cannot be translated."""
    (tmp_path / "faulty").mkdir()
    (tmp_path / "faulty" / "__init__.py").write_text(FAULTY, encoding="utf-8")
    return tmp_path


def test_a_crawl_of_such_a_site_ends_with_one_sentence(faulty: Path) -> None:
    done = scrapy(
        *("crawl", "faulty", "-s", "SPIDER_MODULES=faulty"),
        folder=faulty,
        PYTHONPATH=f"{faulty}:{ROOT}",
        WILDCRAWL_CONTACT="monitoring@example.org",
    )
    assert done.code == 2
    assert "Traceback" not in done.err
    assert "line 10: detail[\"description\"] = '.post:first-of-type ::text'" in done.err
    assert "write div.post:first-of-type" in done.err


def test_such_a_site_does_not_keep_others_from_being_crawled(faulty: Path) -> None:
    with odd_site(results) as site:
        done = scrapy(
            *("crawlall", "faulty", "polite_site", "-a", "keywords=leopard"),
            *("-s", "SPIDER_MODULES=faulty,tests.helpers.polite_spiders"),
            folder=faulty,
            PYTHONPATH=f"{faulty}:{ROOT}",
            WILDCRAWL_CONTACT="monitoring@example.org",
            WILDCRAWL_DEMO_URL=site.address,
        )
    assert done.code == 1
    assert "faulty: did not run (exit code 2)" in done.out
    assert "write div.post:first-of-type" in done.err
    assert "polite_site: 6 new" in done.out
