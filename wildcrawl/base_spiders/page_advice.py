"""Page advice: what a saved page holds that its spider's declarations do not read, and what to try.

For whoever writes a spider; `scrapy read-page` and `scrapy save-page` print it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from scrapy.http import HtmlResponse, TextResponse

from wildcrawl.analysis.answers import NotJson, parse_answer
from wildcrawl.analysis.prices import read_price
from wildcrawl.base_spiders.block_detection import LIMITS
from wildcrawl.base_spiders.crawled_site import CrawledSite
from wildcrawl.base_spiders.extraction import ResultPage, Row, embedded, select
from wildcrawl.base_spiders.html import next_address
from wildcrawl.base_spiders.own_words import Words
from wildcrawl.base_spiders.whole_hundreds import are_whole_hundreds
from wildcrawl.base_spiders.withheld_results import could_not_search

MARKS = (
    *("__NEXT_DATA__", "__INITIAL_STATE__", "__NUXT__", "__PRELOADED_STATE__", "__APOLLO_STATE__"),
    *("__INITIAL_DATA__", "g_page_config", "runParams", "__DATA__"),
)
"""What precedes the data in scripts of widespread programs."""
FEW = 3
"""Results from which on the same value in all of them is no chance."""
FEWEST = 2
"""Objects from which on a list may be one of results."""
_DEEPEST = 12
_NAMED = 8
_MOST_LINKS = 1_000
_ROWS = ("li", "tr", "dl", "article")
_SAID = 60
"""Characters that are shown of what a page says."""
_BARE = 400
"""Characters below which a page shows hardly more than its frame."""


class DataList(NamedTuple):
    """A list of objects in a page's data: its JMESPath, its length and the keys of an object."""

    path: str
    length: int
    keys: tuple[str, ...]


def advice_on_unread(spider: CrawledSite, answer: TextResponse) -> list[str]:
    """What a page from which no result was read holds."""
    listed = [*_lists_in_data(answer)]
    bare = "" if listed or spider.needs_browser else _drawn_by_script(answer)
    boxes = () if listed or spider.in_data else _repeated_boxes(answer)
    frames = () if spider.in_data else _frames(answer)
    return [*_unselected(spider, answer), *listed, *boxes, *frames, *filter(None, [bare])]


def _frames(answer: TextResponse) -> Iterator[str]:
    """A line for each of the first frames of a page, which may hold its results."""
    for source in answer.xpath("//iframe/@src | //frame/@src").getall()[:FEW]:
        if address := next_address(answer, source):
            yield f"a frame shows {address}: if it has the results, make its address search_url"


def doubt_about_words(words: Words) -> str:
    """What a page says that refuses a search, or reports that it failed; "" if nothing does."""
    for said in words.own.splitlines():
        if could_not_search(said) or any(mark in said.lower() for mark in LIMITS):
            return f"the page says '{said[:_SAID]}', so perhaps these are not its results"
    return ""


def _repeated_boxes(answer: TextResponse) -> Iterator[str]:
    """A line for each kind of element that may be a result: many of it, each with a link."""
    kinds: dict[tuple[Any, str], dict[Any, None]] = {}
    for link in answer.xpath("//body//a[@href]")[:_MOST_LINKS]:
        for box in (link.root, *link.root.iterancestors()):
            names = (box.get("class") or "").split()
            if (names or box.tag in _ROWS) and box.getparent() is not None:
                kind = ".".join([box.tag, *names[:1]])
                kinds.setdefault((box.getparent(), kind), {})[box] = None
    texts = {
        kind: [" ".join("".join(box.itertext()).split()) for box in boxes]
        for (_, kind), boxes in kinds.items()
        if len(boxes) >= FEW
    }
    for kind in sorted(texts, key=lambda each: -len("".join(texts[each])))[:3]:
        shown = texts[kind][0][:40]
        yield f"{len(texts[kind])} times with a link, so perhaps card: {kind} ('{shown}')"


def _drawn_by_script(answer: TextResponse) -> str:
    texts = answer.xpath("//body//text()[not(ancestor::script or ancestor::style)]").getall()
    shown = len("".join("".join(texts).split()))
    if shown >= _BARE or not answer.xpath("//script"):
        return ""
    return (
        f"the page shows {shown} characters of text: if a browser shows results, its script draws "
        "them; use the template browser"
    )


def _unselected(spider: CrawledSite, answer: TextResponse) -> Iterator[str]:
    card = getattr(spider, "card", "")
    if not card or spider.in_data:
        return
    number = len(select(answer.selector, card))
    if number:
        yield f"card selects {number} elements, in which no field finds anything"
    else:
        yield f"card selects nothing: {card}"


def _lists_in_data(answer: TextResponse) -> Iterator[str]:
    """A line for each place of the page's data that may be its results."""
    text = answer.text
    try:
        whole = parse_answer(text) if text.lstrip()[:1] in ("{", "[") else None
    except NotJson:
        whole = None
    if whole is not None:
        for each in longest_lists(whole):
            yield f"the answer has a list: results = '{each.path}' ({_described(each)})"
        return
    for mark in MARKS:
        if mark in text:
            for each in longest_lists(embedded(text, mark)):
                yield (
                    f"a script of the page has a list: JsonSearchSpider with data = '{mark}', "
                    f"results = '{each.path}' ({_described(each)})"
                )


def _described(each: DataList) -> str:
    more = " …" if len(each.keys) > _NAMED else ""
    return f"{each.length} objects with {', '.join(each.keys[:_NAMED])}{more}"


def longest_lists(data: Any) -> list[DataList]:
    """The lists of objects in `data`, up to three, those with the most content first.

    >>> longest_lists({"page": 1, "data": {"list": [{"id": 1}, {"id": 2}]}})
    [DataList(path='data.list', length=2, keys=('id',))]
    """
    found = sorted(_lists(data, "", 0), key=lambda each: -each.length * len(each.keys))
    return found[:3]


def _lists(data: Any, path: str, depth: int) -> Iterator[DataList]:
    if depth > _DEEPEST:
        return
    if isinstance(data, list):
        objects = [each for each in data if isinstance(each, dict)]
        if len(objects) >= FEWEST and len(objects) == len(data):
            yield DataList(path or "@", len(objects), tuple(objects[0]))
    elif isinstance(data, dict):
        for key, value in data.items():
            name = key if key.isidentifier() and key.isascii() else f'"{key}"'
            yield from _lists(value, f"{path}.{name}" if path else name, depth + 1)


def doubts_about(rows: Sequence[Row]) -> list[str]:
    """What seems wrong with the results that were read from a page."""
    return [
        line
        for line in (_derived(rows), _unaddressed(rows), *_constant(rows), *_odd_prices(rows))
        if line
    ]


def doubt_about_end(spider: CrawledSite, answer: HtmlResponse, page: ResultPage) -> str:
    """What shows that a list goes on where the spider finds no next page; "" if nothing does."""
    name = next((each for each in ("cursor", "next_page") if getattr(spider, each, "")), "")
    if not name or page.more or not page.rows or spider.max_pages == 1:
        return ""
    if page.total and page.total > len(page.rows):
        shown = f"states {page.total} results and shows {len(page.rows)}"
    elif spider.promises_more(answer, page, 1):
        shown = "leads on to a further one"
    else:
        return ""
    return f"{name}: it selects nothing, although the page {shown}; right on a last page only"


def _derived(rows: Sequence[Row]) -> str:
    lacking = sum(not row.get("ad_id") for row in rows)
    if not lacking:
        return ""
    return (
        f"ad_id: none in {lacking} of {len(rows)}, so each is known by its address or title; "
        'declare ad_id, or the part of the address: patterns = {"ad_id": r"/item/(\\d+)"}'
    )


def _unaddressed(rows: Sequence[Row]) -> str:
    lacking = sum(not row.get("url") for row in rows)
    if not lacking:
        return ""
    return (
        f"url: none in {lacking} of {len(rows)}, so nobody can open them; in JSON it can be made: "
        "\"url\": \"join('', ['https://…/item/', to_string(id)])\""
    )


def _constant(rows: Sequence[Row]) -> Iterator[str]:
    for name in ("ad_id", "url", "title", "image_urls"):
        values = [str(row[name]) for row in rows if row.get(name)]
        if len(values) >= FEW and len(set(values)) == 1:
            yield f"{name}: the same in all {len(values)}; its selector finds another thing"


def _odd_prices(rows: Sequence[Row]) -> Iterator[str]:
    prices = [str(row["price"]) for row in rows if row.get("price")]
    bare = [price for price in prices if not any(character.isdigit() for character in price)]
    if len(bare) >= FEW and 2 * len(bare) >= len(prices):
        yield f"price: no figure in {len(bare)} of {len(prices)}, for example '{bare[0][:40]}'"
    if len(prices) >= FEW and are_whole_hundreds(prices):
        yield (
            f"price: all {len(prices)} are whole hundreds; if the site counts in fen, write "
            "yuan(…) around the price in fields"
        )


def price_as_read(text: str) -> str:
    """How the asking price in a text is counted.

    >>> price_as_read("¥3,480"), price_as_read("面议")
    ('3480.00 CNY', 'on_request')
    """
    price = read_price(text)
    return f"{price.amount} {price.currency}" if price.amount is not None else price.kind.value
