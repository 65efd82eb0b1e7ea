"""HTML sites: pages of results read by selectors or from their structured data."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote_plus
from weakref import WeakKeyDictionary

from parsel import Selector

from wildcrawl.analysis.charsets import widest
from wildcrawl.analysis.domains import registered_domain
from wildcrawl.analysis.links import join_address
from wildcrawl.analysis.result_totals import (
    declared_at_least,
    declared_total,
    stated_at_least,
    stated_page_size,
    stated_pages,
    stated_total,
)
from wildcrawl.base_spiders.crawled_site import CrawledSite
from wildcrawl.base_spiders.extraction import (
    FilledRow,
    Layout,
    ResultPage,
    Row,
    absolute,
    apply_patterns,
    cards_in,
    elements_at,
    embedded,
    read_cards,
    read_layout,
    search,
    select,
)
from wildcrawl.base_spiders.own_words import Words, words_of
from wildcrawl.base_spiders.pager import shows_next, too_many_links
from wildcrawl.base_spiders.pager_numbers import Pager, page_place, read_pager
from wildcrawl.base_spiders.responses import base_of
from wildcrawl.base_spiders.search import SearchSpider
from wildcrawl.base_spiders.shown_values import element_address
from wildcrawl.base_spiders.unread_boxes import MOST, shape_of
from wildcrawl.utils import lazy_pattern

if TYPE_CHECKING:
    from scrapy.http import TextResponse

_NOTHING = lazy_pattern(
    r"(?:没有|沒有|未能?|找不到|查无|無|暂无|暫無)(?:找到|搜索到|搜到|查询到|查到|相关|符合|匹配|相關|任何)*"
    r"[^。，,.!！]{0,30}?(?:结果|結果|商品|产品|產品|宝贝|藏品|拍品|信息|内容|內容|文章|主题|主題|帖子|记录)"
    r"|(?<!\d)0\s*(?:条|件|个|項|项)(?:结果|商品|記錄|记录)|共\s*0\s*(?:条|件|个|项)"
    r"|\b(?:no|0|zero)\s+(?:\w+\s+){0,3}?(?:results?|products?|items?|matches|posts?|listings?)\b"
    r"(?!\s+in\s+(?:the|your)\s+(?:cart|basket|bag))"
    r"|\bnothing\s+(?:was\s+|could\s+be\s+)?found\b|\b(?:did|does)\s+not\s+match\b"
    r"|n(?:o|['’])t\s+find\s+(?:any|what)\b",
    re.IGNORECASE,
)
_READ = (
    "//body/descendant::text()[normalize-space() and not(ancestor::script or ancestor::style"
    " or ancestor::noscript or ancestor::template or ancestor::option"
    " or ancestor::div[contains(@class, 'cart') or contains(@id, 'cart')])]"
)


def _as_selector(card: Any) -> Any:
    """A card as what reads its fields takes it."""
    return Selector(root=card, type="html") if hasattr(card, "iterancestors") else card


def described_rows(response: TextResponse) -> list[Row]:
    """The results in a page's structured data; [] if it has none."""
    from wildcrawl.base_spiders.structured_data import advertisements

    return list(advertisements(response.selector, response.url))


def fill(details: Mapping[str, Any], response: TextResponse) -> FilledRow:
    """`details`, with empty fields filled from the page's structured data."""
    from wildcrawl.base_spiders.structured_data import advertisement

    return _filled(details, advertisement(response.selector, response.url))


def fill_undeclared(details: FilledRow, response: TextResponse, declared: Collection[str]) -> Row:
    """`details`, with fields that are not `declared` filled from the page's OpenGraph data.

    Shops describe themselves there, so it never replaces a selector that found nothing.
    """
    from wildcrawl.base_spiders.structured_data import opengraph

    preview = opengraph(response.selector)
    filled = _filled(details, {name: preview[name] for name in preview if name not in declared})
    filled.hearsay = frozenset(name for name in filled if not details.get(name))
    return filled


def says_nothing_found(response: TextResponse) -> bool:
    """Whether a page reports an empty search, in structured data or in the usual words."""
    from wildcrawl.base_spiders.structured_data import describes_empty_list

    if describes_empty_list(response.selector):
        return True
    text = " ".join(response.xpath(_READ).getall())
    return bool(_NOTHING.search(" ".join(text.split())))


def holds_no_results(response: TextResponse, layout: Layout) -> bool:
    """Whether a page's data holds the list that `layout` reads, and it is empty."""
    if not (layout.data and layout.card):
        return False
    return bool(search(layout.card, embedded(response.text, layout.data)) == [])


_LINK = lazy_pattern(r"<a\s", re.IGNORECASE)
_HELD = "//comment() | //text()[contains(., 'href')] | //@*[contains(., 'href')]"
"""Texts and attributes that may hold markup, which nothing selects."""
_MOST_HELD = 300
"""Parts of a page that are held back and looked at; results come in one, or each in its own."""


def held_back(response: TextResponse) -> Iterator[Selector]:
    """What a page holds where nothing selects it, for its script or by an unclosed tag.

    It is in comments, text areas, templates, titles, styles and the values of attributes.
    """
    root, text = response.selector.root, response.text
    written, links = _LINK.findall(text), sum(1 for _ in root.iter("a"))
    if len(written) <= links:
        return
    texts = (str(each if isinstance(each, str) else each.text or "") for each in root.xpath(_HELD))
    different = dict.fromkeys(text for text in texts if "href" in text and _LINK.search(text))
    if not different:
        # A quotation mark that is never closed ends the page for the parser.
        opened = next(islice(_LINK.finditer(text), links, None))
        different[text[opened.end() :]] = None
    yield from map(Selector, islice(different, _MOST_HELD))


def first_address(response: TextResponse, query: str) -> str:
    """The address that `query` selects, or to which the selected element leads; "" if none."""
    selected = select(response.selector, query)[:1]
    root = selected[0].root if selected else ""
    return root if isinstance(root, str) else element_address(root)


def next_address(response: TextResponse, href: str) -> str | None:
    """The address of a next page; None for `javascript:;`, with which sites switch a link off."""
    url = join_address(base_of(response), href.strip()) if href.strip() else ""
    return url if url.startswith(("http://", "https://")) else None


def frame_of(
    response: TextResponse, phrase: str, charset: str, ignored: Collection[str] = ()
) -> str:
    """The address of the first part of a page that asks its own site for `phrase`; "" if none.

    Parts are frames, a search without the filter that the site applied, tabs such as 拍卖, wider
    searches such as 全国, and what a script loads later. Those `ignored` have one of these texts.
    """
    for text, address in _parts_of(response):
        url = next_address(response, address)
        if (
            url
            and not any(each in text or each in url for each in ignored)
            and phrase in unquote_plus(url, encoding=widest(charset))
            and registered_domain(url) == registered_domain(response.url)
            and url.partition("#")[0] != response.url
        ):
            return url
    return ""


def _parts_of(response: TextResponse) -> Iterator[tuple[str, str]]:
    """The texts and addresses of frames, filters, tabs and what a script loads, in this order."""
    root = response.selector.root
    for frame in islice(root.iter("iframe", "frame"), MOST_FRAMES):
        yield "", frame.get("src") or ""
    linked = [link for link in islice(root.iter("a"), MOST) if "?" in (link.get("href") or "")]
    if _FILTERED.search(response.text):
        for link in linked:
            if any(_says_filtered(box) for box in (link, *islice(link.iterancestors(), 2))):
                yield "".join(link.itertext()), link.get("href")
    for link in linked:
        if _TAB.match(text := "".join(link.itertext())[:_SHORT]):
            yield text, link.get("href")
    if _LOADED.search(response.text):
        yield from (("", str(each)) for each in islice(root.xpath(_LOADED_FROM), MOST_FRAMES))


def _says_filtered(box: Any) -> bool:
    """Whether an element names filters that the site applies, or is the button against them."""
    text = "".join(islice(box.itertext(), _BEGINNING)).strip()
    return len(text) <= _FILTERS and bool(_FILTERED.match(text))


def _filled(row: Mapping[str, Any], more: Mapping[str, Any]) -> FilledRow:
    added = {name: value for name, value in more.items() if value and not row.get(name)}
    filled = FilledRow({**row, **added})
    filled.stood_in = frozenset(name for name in added if name in row) | getattr(
        row, "stood_in", frozenset()
    )
    return filled


def selected_by(response: TextResponse, layouts: Iterable[Layout]) -> Row:
    """The fields that `layouts` select on an advertisement's own page."""
    details: Row = {}
    for layout in layouts:
        for row in read_layout(response, layout)[:1]:
            details |= {name: row[name] for name in row if not details.get(name)}
    return details


MOST_FRAMES = 20
"""Frames of a page that are looked at."""
_TAB = lazy_pattern(
    r"\s*(?:全国|全部|不限|所有|全站|一口价|拍卖|竞[价拍]|二手|闲置|个人|商家)(?![家类]?分类)[\w\s]{0,4}[(（]?[\s0-9)）]*$"
)
"""The text of a link to a part of a search's results."""
_FILTERED = lazy_pattern(
    r"(?:您?已选(?:择|中)?|当前)的?(?:条件|筛选|选项|分类)?\s{0,2}[:：]|筛选条件\s{0,2}[:：]"
    r"|(?:清[除空]|重置|取消|撤销)(?:全部|所有|以上)?(?:条件|筛选|选择)"
)
"""What a page says of filters that it applies."""
_FILTERS = 80
"""Characters of an element up to which it names filters and holds nothing else."""
_BEGINNING = 20
"""Texts of an element that are looked at."""
_SHORT = 16
"""Characters of a link's text up to which it may name one."""
_LOADED = lazy_pattern(r"\b(?:data-(?:src|url|href|load|remote|ajax)|hx-get)\s*=")
_LOADED_FROM = " | ".join(
    f"//body//*[not(self::img or self::a or self::iframe)]/@{name}"
    for name in (
        "data-src",
        "data-url",
        "data-href",
        "data-load",
        "data-remote",
        "data-ajax",
        "hx-get",
    )
)
"""Addresses from which a script fills a part of a page."""
REL_NEXT = "/descendant::*[self::link or self::a][contains(concat(' ', @rel, ' '), ' next ')]/@href"


class HtmlPages(CrawledSite):
    """Reads pages of results by selectors: CSS, or XPath where a selector begins with / or (.

    Without a `card`, results and their own pages are read from the pages' structured data
    (schema.org); with one, that only completes what selectors find on own pages.
    """

    queries: ClassVar[tuple[str, ...]] = (
        "card",
        "empty",
        "next_page",
        "cursor",
        "other_layouts",
        "other_details",
    )
    card: ClassVar[str] = ""
    """Selects one search result; `fields` are looked up inside it."""
    empty: ClassVar[str] = ""
    """Selects the site's "nothing found"."""
    next_page: ClassVar[str] = ""
    """Selects the address of the next page; empty: pages are counted up in `search_url`."""
    total: ClassVar[str] = ""
    """Selects the text with the number of all results; empty: the usual words are read, such as
    共 16 件 and 16 results."""
    ignored_tabs: ClassVar[tuple[str, ...]] = ()
    """Texts, or parts of addresses, of tabs, filters and frames that are left out on purpose."""
    other_layouts: ClassVar[tuple[Layout, ...]] = ()
    """Further layouts of the site's results; the first that selects any is read."""
    other_details: ClassVar[tuple[Layout, ...]] = ()
    """Further layouts of an advertisement's page, for the fields that `detail` leaves empty."""

    @property
    def described(self) -> bool:
        """Whether results are read from structured data, since no selector is declared."""
        return not (self.card or self.other_layouts)

    def own_page_fields(self) -> Collection[str]:
        from wildcrawl.base_spiders.structured_data import FIELDS

        if self.described and not self.detail:
            return [name for name in FIELDS if name not in ("ad_id", "url")]
        return self.detail

    def read_results(self, response: TextResponse) -> ResultPage:
        rows = self.read_rows(response) or self.single_hit(response)
        if not rows:
            return ResultPage([], more=False, recognised=self.shows_nothing(response))
        words = self.words_around(response, rows)
        total = at_least = None
        if self.total:
            selected = select(response.selector, self.total)
            texts = selected.xpath("string()").getall() or selected.getall()
            total = declared_total(" ".join(texts))
            at_least = declared_at_least(" ".join(texts))
        page = ResultPage(
            rows,
            words=words,
            total=total or stated_total(words.unlinked, len(rows)),
            at_least=at_least or stated_at_least(words.unlinked, len(rows)),
            pages=stated_pages(words.all),
            places=stated_page_size(words.all, len(rows)),
            nothing_found=self.shows_empty(response),
        )
        query = self.next_page or self.next_by_standard
        if self.cursor:
            cursor = select(response.selector, self.cursor).get()
            page.cursor = None if cursor is None else cursor.strip()
            page.more = bool(page.cursor)
        elif query:
            page.next_url = next_address(response, first_address(response, query))
            page.more = bool(page.next_url)
        return page

    def promises_more(self, response: TextResponse, page: ResultPage, number: int) -> bool:  # noqa: ARG002
        links = too_many_links(response.selector)
        if links:
            self.crowded_pages[response.url] = links
        return shows_next(response.selector, number, response.url)

    def pager_of(self, answer: TextResponse, page: ResultPage, template: str) -> Pager:
        place = page_place(template) if template else None
        return read_pager(answer.selector, answer.url, place, page.words.all)

    @cached_property
    def _cards(self) -> WeakKeyDictionary[TextResponse, list[Any]]:
        """The elements of the results of pages that are being read."""
        return WeakKeyDictionary()

    @cached_property
    def _selected(self) -> WeakKeyDictionary[TextResponse, dict[str, list[Any]]]:
        """What a query selected in pages that are being read."""
        return WeakKeyDictionary()

    def _cards_by(self, response: TextResponse, layout: Layout) -> list[Any]:
        """`cards_in`, looked up once in a page, as elements where possible."""
        if layout.data or not layout.card:
            return cards_in(response, layout)
        selected = self._selected.setdefault(response, {})
        if layout.card not in selected:
            elements = elements_at(response.selector, layout.card)
            selected[layout.card] = cards_in(response, layout) if elements is None else elements
        return selected[layout.card]

    def card_elements(self, response: TextResponse) -> list[Any]:
        """The elements of a page that hold its results, as far as selectors find them."""
        if response not in self._cards:
            self._cards[response] = self._select_cards(response)
        return self._cards[response]

    def _select_cards(self, response: TextResponse) -> list[Any]:
        layouts = (Layout(self.card), *self.other_layouts)
        chosen = [layout for layout in layouts if layout.card and not layout.data]
        cards = (each for layout in chosen for each in self._cards_by(response, layout))
        roots = (each.root if isinstance(each, Selector) else each for each in cards)
        return [root for root in roots if hasattr(root, "iterancestors")]

    def look_beside(self, response: TextResponse, phrase: str) -> None:
        cards = self.card_elements(response)
        self.empty_cards.add(cards)
        if self.selects_all:
            self.unread_boxes.add(cards, response.url, phrase)
            self.unread_boxes.add_elsewhere(response.selector.root, cards, response.url, phrase)
        if cards and self.card:
            held = (
                each.root
                for fragment in held_back(response)
                for each in select(fragment, self.card)
                if hasattr(each.root, "iterancestors")
            )
            self.unread_boxes.add_held(list(islice(held, MOST)), response.url, phrase)

    def look_within(self, response: TextResponse, phrase: str, rows: list[Row]) -> None:
        self.left_out.add(phrase, rows, self.card_elements(response))
        self.named_totals.add(phrase, response.text)
        if frame := frame_of(response, phrase, self.charset, self.ignored_tabs):
            self.frames.setdefault(phrase, frame)

    @property
    def selects_all(self) -> bool:
        """Whether no selector leaves out some of the results on purpose."""
        cards = (self.card, *(layout.card for layout in self.other_layouts))
        return not any("not(" in card for card in cards)

    def words_around(self, response: TextResponse, rows: Iterable[Row]) -> Words:
        """The texts of a page outside of its results."""
        words = words_of(response, self.card_elements(response))
        shown = "\n".join(
            text for row in rows for text in row.values() if isinstance(text, str) and text
        )
        return Words(tuple(block for block in words.blocks if block.text not in shown))

    def shows_empty(self, response: TextResponse) -> bool:
        """Whether a page with results shows the declared "nothing found" beside them."""
        if not self.empty:
            return False
        cards = set(self.card_elements(response))
        return any(
            cards.isdisjoint((each.root, *each.root.iterancestors()))
            for each in select(response.selector, self.empty)
            if hasattr(each.root, "iterancestors")
        )

    @property
    def next_by_standard(self) -> str:
        """The standard selector of the next page (rel=next), used if nothing is declared."""
        return "" if "{page}" in self.search_url or not self.described else REL_NEXT

    def shows_nothing(self, response: TextResponse) -> bool:
        """Whether a page without results reports that there are none."""
        if self.empty and select(response.selector, self.empty):
            return True
        if not self.card and any(holds_no_results(response, each) for each in self.other_layouts):
            return True
        return not self.empty and self.described and says_nothing_found(response)

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """The declared layouts of results, that of `card` first."""
        main = (Layout(self.card, self.fields),) if self.card else ()
        return (*main, *self.other_layouts)

    def read_rows(self, response: TextResponse) -> list[Row]:
        """The results on a page, by the first layout that selects any, and by those besides it."""
        if self.described:
            described = self.first_results(response, described_rows(response))
            return self.finished(response, described)
        rows: list[Row] = []
        for layout in self.layouts:
            if rows and not layout.besides:
                continue
            shown = replace(layout, fields=self.shown(layout.fields))
            cards = self.first_results(response, self._cards_by(response, shown))
            found = self.finished(response, read_cards(map(_as_selector, cards), shown))
            known = {row.get("ad_id") for row in rows}
            rows += [row for row in found if not rows or row.get("ad_id") not in known]
        return rows

    def single_hit(self, response: TextResponse) -> list[Row]:
        """The only result of a search that the site answered with its own page, by its address.

        That is known by its shape: it is that of other results of the run, or of `detail_url`.
        """
        led = response.request is not None and response.meta.get("redirect_urls")
        return self.possible_hit(response) if led and self.leads_to_result(response.url) else []

    def possible_hit(self, response: TextResponse) -> list[Row]:
        """The advertisement that a page shows as its own page does, with its id in the address."""
        if not self.has_id_in(response.url):
            return []
        if self.shows_nothing(response):
            return []
        own = fill(self.selected(response), response)
        if not (own.get("price") or own.get("description")):
            return []
        row = {"url": response.url, **self.read_details(response)}
        if not row.get("title"):
            row["title"] = response.xpath("normalize-space(//h1)").get("")
        return self.finished(response, [row]) if row["title"] else []

    def has_id_in(self, url: str) -> bool:
        """Whether `patterns` find the id of an advertisement in its address, behind the host."""
        query = self.fields.get("ad_id")
        if query and query != self.fields.get("url") and "href" not in str(query):
            return False
        pattern = self.patterns.get("ad_id", "")
        match = re.search(pattern, url) if pattern else None
        return match is not None and match.start(1) > len("/".join(url.split("/", 3)[:3]))

    def leads_to_result(self, url: str) -> bool:
        """Whether an address has the shape of those of results, read before or declared."""
        template = self.address(self.settings, self.detail_url) if self.detail_url else ""
        declared = template and shape_of(template.format(ad_id="1")) == shape_of(url)
        return bool(declared) or self.single_hits.is_result(url)

    def finished(self, response: TextResponse, rows: list[Row]) -> list[Row]:
        """Rows with their patterns applied and their addresses made absolute."""
        return [absolute(response, apply_patterns(row, self.patterns)) for row in rows]

    def read_details(self, response: TextResponse) -> Row:
        details = fill(self.selected(response), response)
        return absolute(response, fill_undeclared(details, response, self.detail))

    def shows_advertisement(self, response: TextResponse) -> bool:
        if self.own_page_fields() is self.detail:
            return any(self.selected(response).values())
        return bool(fill({}, response))

    def selected(self, response: TextResponse) -> Row:
        """The fields that the declared selectors find on an advertisement's own page."""
        return selected_by(response, (Layout(fields=self.detail), *self.other_details))


class HtmlSearchSpider(HtmlPages, SearchSpider):
    """A search that is answered with an HTML page."""

    way = "html"
