"""Cut pages: answers that end before their end tag, requested again by a downloader middleware.

A server that fails while it sends a page often closes it as if it were whole, so that only the end
of its text shows that something is missing.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response

from wildcrawl.crawl.compression import ROBOTS
from wildcrawl.crawl.received import PICTURE

TIMES = 2
"""How often a page that seems cut is requested again."""
LENGTH = "wildcrawl_cut_length"
"""Key in a request's `meta`: the bytes of the answer that seemed cut."""
HABIT = 3
"""Pages that stayed as they were when requested again, from which on a site leaves out end tags."""
NO_LENGTH = "partial"
"""Flag of a response that ended with its connection, without a length or a last chunk."""
DECODED = "decoded"
"""Flag of a response that was compressed, whose data was complete."""
KINDS = 3
"""Kinds of ends from which on pages were cut: a site's lists and own pages have one each."""
_HEAD = 2_000
"""Bytes in which the first tag of a page is looked for."""
_NAMED = 2
_DEPTH = 64
"""Unclosed containers among which the one that an end tag closes is looked for."""
_FIRST_TAG = re.compile(
    rb"\s*(?:<!doctype[^>]*>\s*|<\?xml[^>]*>\s*|<!--.*?-->\s*)*<([a-z][a-z0-9]*)"
)
_WITHIN_TAG = re.compile(rb"</?[a-z][a-z0-9-]*(?:\s[^<>]*)?")
_MARK = re.compile(
    rb"<(?P<close>/?)(?P<name>ul|ol|dl|table|tbody|tr|li|div|section|main|article|script)(?=[\s>/])"
    rb"|<!--|-->"
)
_LISTS = frozenset((b"ul", b"ol", b"dl", b"table", b"tbody", b"tr", b"li"))
_VOID = frozenset((b"meta", b"link", b"img", b"br", b"hr", b"input", b"base", b"script", b"pre"))
"""First tags that say nothing of the end of a page."""


class End(StrEnum):
    """How an answer ends."""

    WHOLE = "whole"
    """With the end tag of its first element, or the last bracket of its data."""
    OPEN = "open"
    """Without that end tag, which some sites leave out of all their pages."""
    BROKEN = "broken"
    """Within a tag, or within data."""
    UNKNOWN = "unknown"


def end_of(body: bytes) -> End:
    """How an answer of HTML or JSON ends, by its bytes; in time linear in its length.

    >>> end_of(b"<!DOCTYPE html><html><body>x</body></html>"), end_of(b"<ul><li>a</li></ul>")
    (<End.WHOLE: 'whole'>, <End.WHOLE: 'whole'>)
    >>> end_of(b"<html><body><p>x"), end_of(b'<ul><li cla'), end_of(b'{"a": [1, 2')
    (<End.OPEN: 'open'>, <End.BROKEN: 'broken'>, <End.BROKEN: 'broken'>)
    """
    body = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body or b"\0" in body[:_HEAD]:
        return End.UNKNOWN
    if body[:1] in b"{[":
        return End.BROKEN if _is_part_of_data(body) else End.WHOLE
    lower = body.lower()
    first = _FIRST_TAG.match(lower[:_HEAD])
    if first is None:
        return End.UNKNOWN
    last = lower.rfind(b"<")
    if lower.find(b">", last) < 0 and _WITHIN_TAG.fullmatch(lower, last):
        return End.BROKEN
    if first[1] in _VOID:
        return End.UNKNOWN
    ends = (b"</html", b"</body") if first[1] == b"html" else (b"</" + first[1],)
    return End.WHOLE if any(end in lower for end in ends) else End.OPEN


def is_of_lines(body: bytes) -> bool:
    """Whether an answer is JSON values one a line, of which the end shows no missing line.

    >>> is_of_lines(b'{"a": 1}\\n{"a": 2}'), is_of_lines(b'{\\n"a": 1}')
    (True, False)
    """
    first, _, rest = body.strip().partition(b"\n")
    if first[:1] not in (b"{", b"[") or not rest.strip():
        return False
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return False
    return True


def ends_within_content(body: bytes) -> bool:
    """Whether a page of HTML ends within a list or a table, or within two containers.

    One unclosed `<div>` is a slip of many templates.

    >>> ends_within_content(b"<html><body><ul><li>a</li>"), ends_within_content(b"<html><div>a")
    (True, False)
    """
    unclosed: list[bytes] = []
    lower = body.lower()
    until = b""
    for match in _MARK.finditer(lower):
        if until:  # the text of a script or a comment is not content
            until = b"" if match[0] == until else until
        elif match[0] == b"<!--" or match["name"] == b"script":
            until = b"" if match["close"] else b"-->" if match[0] == b"<!--" else b"</script"
        elif match["name"]:
            _follow(unclosed, match["name"], closes=bool(match["close"]))
    return len(unclosed) > 1 or not _LISTS.isdisjoint(unclosed)


def last_tag(body: bytes) -> tuple[bytes, bool]:
    """The last tag of a page, and whether text follows it.

    >>> last_tag(b"<ul><li class='a'>Ivory"), last_tag(b"<tr><td>Ivory</td>\\n")
    ((b'<li', True), (b'</td', False))
    """
    tag, _, text = body[body.rfind(b"<") :].lower().partition(b">")
    return b"".join(tag.split(maxsplit=1)[:1]), bool(text.strip())


def _follow(unclosed: list[bytes], name: bytes, *, closes: bool) -> None:
    """Adds a start tag to those that are unclosed, or takes out what an end tag closes."""
    if not closes:
        if name not in (b"li", b"tr") or unclosed[-1:] != [name]:
            unclosed.append(name)
    elif name in unclosed[-_DEPTH:]:
        while unclosed.pop() != name:
            pass


def _is_part_of_data(body: bytes) -> bool:
    """Whether brackets of data stay open, unless they are within its texts."""
    if all(body.count(one) <= body.count(other) for one, other in (b"{}", b"[]")):
        return False
    try:
        json.loads(body, strict=False)
    except (ValueError, RecursionError):
        return True
    return False


class WholePageMiddleware:
    """Downloader middleware that requests pages again that seem cut, and counts those that stay so.

    A site that leaves the end tag out of its first pages, also when they are requested again, does
    so everywhere. One that leaves it out of some is not asked for them again once it is plain that
    this helps nothing: HABIT pages were as long each time, and none became whole. Answers of error
    statuses, pictures, robots.txt and pages of a browser, which closes every tag, are left alone.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.whole = 0
        self.repaired = 0
        """Pages that were whole when they were requested again."""
        self.alike = 0
        """Pages without their end tag that were as long each time."""
        self.open: list[str] = []
        """Addresses of pages without their end tag, also when requested again."""
        self.within: list[str] = []
        """Those of them that end within their content."""
        self.ends: Counter[tuple[bytes, bool]] = Counter()
        """How these end, by `last_tag`."""
        self.lines: list[str] = []
        """Addresses of answers of lines that ended with the connection."""
        self.broken: list[str] = []
        """The same of pages that end within a tag or within data."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        meta = request.meta
        if response.status >= 300 or ROBOTS in meta or PICTURE in meta or "playwright" in meta:
            return response
        end = end_of(response.body)
        if end == End.UNKNOWN:
            return response
        lines = end == End.WHOLE and _may_lack_lines(response)
        if lines:
            end = End.OPEN
        if end == End.WHOLE:
            self.whole += 1
            self.repaired += LENGTH in meta
            return response
        length = len(response.body)
        if not (end == End.OPEN and self._usual()) and (again := self._again(request)):
            again.meta[LENGTH] = length if meta.get(LENGTH, length) == length else -1
            return again
        self.alike += end == End.OPEN and meta.get(LENGTH) == length
        kept = self.lines if lines else self.broken if end == End.BROKEN else self.open
        kept.append(response.url)
        if kept is self.open and ends_within_content(response.body):
            self.within.append(response.url)
            self.ends[last_tag(response.body)] += 1
        return response

    def _usual(self) -> bool:
        """Whether the site leaves out end tags, so that a further request would not help."""
        everywhere = bool(self.open or self.lines) and not self.whole
        return everywhere or (self.alike >= HABIT and not self.repaired)

    def _again(self, request: Request) -> Request | None:
        """The request once more; None if it was repeated often enough."""
        settings, spider = self.crawler.settings, self.crawler.spider
        if not settings.getbool("RETRY_ENABLED") or not spider:
            return None
        return get_retry_request(request, spider=spider, reason="cut page", max_retry_times=TIMES)

    def message(self) -> str:
        """A sentence if pages were cut, else "".

        Open pages are cut if most others of the site have their end tag, or if most of them end
        within their content, at another place of it each time: what a template leaves open ends
        with the same tag, however its texts differ.
        """
        cut = [*self.broken, *(self.open if self.whole > len(self.open) else ())]
        if not cut and self._are_within() and self._end_anywhere():
            return (
                f"{_pages(self.within)} of the site ended within a list, each at another text, so "
                f"that results may be missing; compare one with a browser ({_named(self.within)})"
            )
        if not cut:
            return ""
        pages, named = _pages(cut), _named(cut)
        return (
            f"{pages} of the site ended before the end tag, also when requested again, so that "
            f"results may be missing ({named}); run it again"
        )

    def _are_within(self) -> bool:
        """Whether most open pages end within their content, on a site that closes few pages."""
        return self.whole <= len(self.open) <= 2 * len(self.within) and bool(self.within)

    def _end_anywhere(self) -> bool:
        """Whether pages end at several places of their content, and most not at the same."""
        return len(self.ends) >= KINDS and 2 * max(self.ends.values()) <= len(self.within)

    def doubt(self) -> str:
        """A sentence if pages may be cut, which nothing shows for certain, else "".

        Sites leave out end tags, but few of them those of most lists as well.
        """
        if self.lines:
            return (
                f"{_pages(self.lines)} of the site are results one a line and state no length, so "
                f"that lines may be missing: not certain that they are whole ({_named(self.lines)})"
            )
        if self.message() or not self._are_within():
            return ""
        pages, named = _pages(self.within), _named(self.within)
        if not self.whole:
            return (
                f"{pages} of the site ended within a list, and none has its end tag: not certain "
                f"that they are whole; compare one with a browser ({named})"
            )
        return (
            f"{pages} of the site ended within a list, without the end tag that others have: not "
            f"certain that they are whole; compare one with a browser ({named})"
        )


def _may_lack_lines(response: Response) -> bool:
    """Whether lines of an answer may be missing, since only their connection ended it."""
    flags = response.flags
    return NO_LENGTH in flags and DECODED not in flags and is_of_lines(response.body)


def _pages(addresses: Sequence[str]) -> str:
    return "1 page" if len(addresses) == 1 else f"{len(addresses)} pages"


def _named(addresses: Sequence[str]) -> str:
    """The first of the addresses, as examples."""
    return ", ".join(addresses[:_NAMED]) + (", …" if len(addresses) > _NAMED else "")
