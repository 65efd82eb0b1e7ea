"""What a search shows, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tldextract import TLDExtract

if TYPE_CHECKING:
    from scrapy.http import TextResponse

    from wildcrawl.analysis.vocabulary import Keyword

# The list of suffixes that comes with the library: none is fetched.
_DOMAINS = TLDExtract(suffix_list_urls=(), cache_dir=None)

Row = dict[str, Any]
"""The fields of one advertisement as a page shows them: texts, and a list for image_urls."""

LISTS = ("image_urls",)


class FilledRow(dict[str, Any]):
    """A row that a page's own description has completed.

    `stood_in` names the fields whose selectors found nothing there: they are filled, but a site
    whose pages have changed is noticed all the same.
    """

    stood_in: frozenset[str] = frozenset()
    hearsay: frozenset[str] = frozenset()
    """Fields that say nothing of whether the page is an advertisement's: any page has them."""


def says_anything(row: Row) -> bool:
    """Whether a page showed anything of an advertisement."""
    hearsay = getattr(row, "hearsay", ())
    return any(value for name, value in row.items() if name not in hearsay)


@dataclass
class Find:
    """An advertisement that this run has come upon."""

    keywords: list[str]
    read: bool = False
    """Whether it has gone into the pipelines."""
    known_as_nothing: bool = False
    """Whether an earlier run found nothing in it, so that it was not read again."""


@dataclass
class ResultPage:
    """What one page of search results shows."""

    rows: list[Row]
    next_url: str | None = None
    more: bool = True
    recognised: bool = True
    """False if neither advertisements nor the site's word for "nothing found" stand on it."""


@dataclass
class Search:
    """Where one search for a keyword stands; `phrase` is what is typed into the site's search."""

    keyword: Keyword
    phrase: str
    page: int
    ad_ids: set[str] = field(default_factory=set)


def absolute(response: TextResponse, row: Row) -> Row:
    """`row` with its addresses made whole."""
    if row.get("url"):
        row["url"] = response.urljoin(row["url"])
    if row.get("image_urls"):
        row["image_urls"] = [response.urljoin(url) for url in row["image_urls"]]
    return row


def registered_domain(url: str) -> str:
    """The domain that a site has registered, under which all its hosts are.

    >>> registered_domain("https://s.mall.example.com/search?q=1"), registered_domain("http://127.0.0.1:8765/")
    ('example.com', '127.0.0.1')
    """
    parts = _DOMAINS(url)
    return parts.top_domain_under_public_suffix or parts.fqdn or parts.domain
