"""Responses: decoding to text, and the errors for pages that cannot be used."""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar

from lxml import etree  # type: ignore[import-untyped]
from lxml.html import (  # type: ignore[import-untyped]
    FormElement,
    HtmlComment,
    HtmlElement,
    HtmlProcessingInstruction,
    InputElement,
    LabelElement,
    SelectElement,
    TextareaElement,
)
from parsel import Selector
from parsel.selector import create_root_node
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.utils.response import get_base_url

from wildcrawl.analysis.charsets import NotAPage, decode
from wildcrawl.analysis.links import join_address
from wildcrawl.analysis.text import clean_text
from wildcrawl.crawl.stats import Stat
from wildcrawl.utils import lazy_pattern

GUESSED = "wildcrawl charset: "
"""Beginning of the flag of a response whose charset was guessed; the rest says how."""
NO_CONTENT = 204
"""Status of an answer that the site leaves empty on purpose."""
SERVER_ERROR = 500
"""Status with which some sites answer a page number beyond their last page."""
CODEC = "wildcrawl codec: "
"""Beginning of the flag of a decoded response; the rest is the codec of its bytes."""
NO_SUCH_PAGE = (404, 410)
"""Status codes of a page that does not exist."""
BAD_PAGE_NUMBER = (400, 416, 422)
"""Further status codes with which sites answer a page number beyond their last page."""


class PageError(ValueError):
    """A page that cannot be used; `stat` is the stat that counts it."""

    stat: ClassVar[str] = Stat.PAGES_UNREADABLE


class Unreadable(PageError):
    """A page that is empty, binary, or not what was requested."""


class Blocked(PageError):
    """A login wall, a captcha or another refusal of further requests."""

    stat = Stat.PAGES_BLOCKED


class Missing(PageError):
    """A soft 404: a page that reports itself as missing, with a status of success."""

    stat = Stat.PAGES_MISSING


class Withheld(PageError):
    """A page that the site has removed or shows to members only; its other pages can be read."""

    stat = Stat.PAGES_WITHHELD


MOST_ATTRIBUTES = 5_000
"""Attributes of a tag with which a page is parsed: libxml2 compares each with all before it, which
takes an hour for as many as a page can hold."""
_MOST_TRIALS = 8
"""Stretches of a page that look like a tag with more, which are looked at more closely."""
_GAPS = " \n\t\r\f\v/\"'"
_TOKENS = lazy_pattern(
    r"(?P<value>\s*+=\s*+(?P<opens>[\"']?))|(?P<quote>[\"'])(?P<after>[\s/]*+)"
    r"|(?P<gap>[\s/]++)|(?P<end>>)|<[a-z]",
    re.IGNORECASE,
)
_TAGS = lazy_pattern(
    r"<[a-z](?P<whole>(?>(?:[^\"'<>=]++|=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+')|=(?!\s*+[\"']))*)>)?",
    re.IGNORECASE,
)
"""Beginnings of tags; `whole` if it has an end that no reader of it can doubt."""
_MARK = "data-wildcrawl-mark"


def has_too_many_attributes(text: str) -> bool:
    """Whether a tag of a page has more than MOST_ATTRIBUTES, in time linear in the length.

    What looks like a tag may be in a comment or a script, and comments and scripts end in ways
    that parsers differ on: so everything that looks like a tag is counted, and the parser itself
    is asked about what has too many.

    >>> [has_too_many_attributes(start + "a " * 6_000) for start in ("<p ", "<!--<p ")]
    [True, False]
    """
    if sum(map(text.count, _GAPS)) <= MOST_ATTRIBUTES:
        return False
    position = trials = 0
    while tag := _TAGS.search(text, position):
        if tag["whole"] and len(tag[0]) <= 2 * MOST_ATTRIBUTES:
            position = tag.end()
            continue
        position, in_tag, trials = _stretch(text, tag.start(), trials)
        if in_tag:
            return True
    return False


def _stretch(text: str, start: int, trials: int) -> tuple[int, bool, int]:
    """Where no tag from `start` on is open any more; whether one has too many; trials so far."""
    # The most attributes of a tag that may be open here: outside a value, and in one with "" or ''.
    absent = -len(text) - 1
    counts = {"": absent, '"': absent, "'": absent}
    for token in _TOKENS.finditer(text, start):
        kind = token.lastgroup
        if kind == "gap":
            counts[""] += 1
        elif kind == "end":
            counts[""] = absent
        elif kind is None:
            counts[""] = max(counts[""], 0)
        elif quote := token["opens"]:
            # After a second sign of equality the quotation mark is part of a plain value.
            plain_value = max(counts[""], counts[quote] + 1)
            counts[""], counts[quote] = plain_value, counts[""]
        elif quote := token["quote"]:
            gap = 1 if token["after"] else 0
            counts[""] = max(counts[""] + gap, counts[quote] + 1)
            counts[quote] = absent
        if counts[""] > MOST_ATTRIBUTES:
            trials += 1
            if trials > _MOST_TRIALS or _is_in_tag(text[: token.end()]):
                return token.end(), True, trials
            counts[""] = absent
        if max(counts.values()) < 0:
            return token.end(), False, trials
    return len(text), False, trials


def _is_in_tag(text: str) -> bool:
    """Whether the beginning of a page ends within a tag, where an attribute can follow."""
    root = create_root_node(f"{text} {_MARK}=''>", PageParser)
    return bool(root.xpath(f"boolean(//@{_MARK})"))


_FORMS = {
    "form": FormElement,
    "input": InputElement,
    "label": LabelElement,
    "select": SelectElement,
    "textarea": TextareaElement,
}
"""The classes of lxml.html by which forms know their fields, as spiders that fill them need."""


class PageParser(etree.HTMLParser):  # type: ignore[misc]
    """HTML parser with the elements of lxml.html.

    lxml.html looks up the class of an element in Python whenever it is met; this one does not.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        usual = etree.ElementDefaultClassLookup(
            element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction
        )
        lookup = etree.ElementNamespaceClassLookup(usual)
        lookup.get_namespace(None).update(_FORMS)
        self.set_element_class_lookup(lookup)


def base_of(response: TextResponse) -> str:
    """The address from which those on a page lead on; its own if the page names an invalid one."""
    try:
        return get_base_url(response)
    except ValueError:
        return response.url


class DecodedPage(HtmlResponse):
    """A page in its actual charset, whose tree is freed with it.

    Its selector is parsel's: Scrapy's refers to its response, and is entered in a list of all
    objects that live. That circle would keep a page until Python looks for circles, and one that
    was being read as a crawl left what it had out of that search, for ever.
    """

    _tree: Selector | None = None

    @property
    def selector(self) -> Selector:  # type: ignore[override]
        if self._tree is None:
            base = base_of(self)
            root = create_root_node(self.text, PageParser, base_url=base)
            self._tree = Selector(root=root, type="html", base_url=base)
        return self._tree

    def urljoin(self, url: str) -> str:
        return join_address(base_of(self), url)


def readable(response: Response, charset: str) -> HtmlResponse:
    """The response decoded with its actual charset; Unreadable if it is not text.

    `charset` is the one that the site declares. A page in another one that nothing names, or with
    repaired text, has a flag that begins with GUESSED.
    """
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    try:
        page = decode(response.body, charset, content_type)
    except NotAPage as error:
        raise Unreadable(str(error)) from None
    if has_too_many_attributes(page.text):
        raise Unreadable(f"a tag of the page has more than {MOST_ATTRIBUTES} attributes")
    guess = page.repaired or ("" if page.declared else f"it is {page.codec}, which nothing names")
    flags = [*response.flags, CODEC + page.codec, *([GUESSED + guess] if guess else [])]
    if page.unchanged:
        return response.replace(cls=DecodedPage, encoding=page.codec, flags=flags)
    return response.replace(cls=DecodedPage, body=page.text.encode(), encoding="utf-8", flags=flags)


def guess_of(page: Response) -> str:
    """How a page's text was guessed, in words; "" if it is as declared."""
    found = (flag for flag in page.flags if flag.startswith(GUESSED))
    return next(found, "").removeprefix(GUESSED)


def codec_of(page: Response) -> str:
    """The codec of a page's bytes as they came; "" if it was not decoded."""
    found = (flag for flag in page.flags if flag.startswith(CODEC))
    return next(found, "").removeprefix(CODEC)


def shows(page: HtmlResponse, text: str) -> bool:
    """Whether the page contains `text`, an advertisement's text as it is stored."""
    return bool(text) and folded(clean_text(text)) in folded(plain(page))


def plain(page: HtmlResponse) -> str:
    """The page's source, with JSON escapes resolved, then its text as it would be stored.

    The source holds the addresses of pictures, the text what a person reads.
    """
    try:
        text = json.dumps(json.loads(page.text, strict=False), ensure_ascii=False)
    except (ValueError, RecursionError):
        text = page.text
    return f"{text}\n{clean_text(text)}"


def folded(text: str) -> str:
    """`text` without white space, in which a page and a stored text may differ."""
    return "".join(text.split())
