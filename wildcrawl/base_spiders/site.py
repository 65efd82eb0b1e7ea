"""What a site's spider declares: what the site is called, how it is searched, what is expected."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from wildcrawl.tabular.worksheet import Site

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from wildcrawl.base_spiders.extraction import Fields

AUTOMATED = ("html", "json", "browser", "board", "profile")
"""The ways of working that send requests to the site."""


class SiteDeclaration:
    """The attributes of a monitored site; a way of working adds its own."""

    name: str
    label: ClassVar[str] = ""
    label_zh: ClassVar[str] = ""
    kind: ClassVar[str] = ""
    """e-commerce, second_hand, classifieds, antiques, auction, forum or social."""
    way: ClassVar[str] = ""
    """How it is worked: html, json, board, browser, profile, manual or records."""
    since: ClassVar[str] = ""
    """The month (YYYY-MM) since which it is monitored."""
    evidence: ClassVar[str] = ""
    """What the declarations were built from, with years: saved pages, public programs, scripts."""
    confidence: ClassVar[str] = ""
    """How reliable they are: begins with high, medium or low; then, if need be, of what."""
    home: ClassVar[str] = ""
    search_url: ClassVar[str] = ""
    """With {keyword} and {page} in it; the keyword goes in percent-encoded in `charset`."""
    page_url: ClassVar[str] = ""
    """The search page that a person opens, where `search_url` is a gateway for programs."""
    search_body: ClassVar[str] = ""
    """What a search posts, with {keyword} and {page} in it; empty: it is an ordinary address."""
    headers: ClassVar[dict[str, str]] = {}
    """What the site's gateway expects besides, as its own page sends it: a Referer, a type."""
    charset: ClassVar[str] = "utf-8"
    first_page: ClassVar[int] = 1
    page_step: ClassVar[int] = 1
    max_pages: ClassVar[int] = 50
    ambiguous_pages: ClassVar[int] = 5
    """The page limit for ambiguous keywords: most of what they find is legal."""
    ambiguous_url: ClassVar[str] = ""
    """Where extreme ones are searched: like `search_url`, in a category of collectables."""
    ambiguous_words: ClassVar[tuple[str, ...]] = ()
    """Product words (手串, 老料): an extreme one is searched once with each, never alone."""
    fields: ClassVar[Fields] = {}
    """Field of an advertisement to where a search result shows it; several places: a tuple."""
    patterns: ClassVar[dict[str, str]] = {}
    """Field to a regular expression, whose group is the part of its text that is kept; an ad_id
    without a place of its own is looked for in the address."""
    detail: ClassVar[Fields] = {}
    """Field to where the advertisement's own page shows it; empty: that page is not fetched."""
    detail_url: ClassVar[str] = ""
    """Where to read `detail`, with {ad_id} in it; empty: at the advertisement's `url`."""
    steps: ClassVar[tuple[str, ...]] = ()
    """What a person does to search the site by hand."""
    blocked: ClassVar[tuple[str, ...]] = ()
    """Texts of the site's own login walls and challenges, besides the common ones."""
    gone: ClassVar[tuple[str, ...]] = ()
    """Texts by which the site says that an advertisement is gone, besides status 404 and 410."""
    expect: ClassVar[dict[str, float]] = {}
    """advertisements: how many a whole run finds at least; a field: in what share of them."""
    permission: ClassVar[str] = ""
    """Why the site is off until whoever runs the crawl switches it on; empty: it is on."""
    pace: ClassVar[float] = 0
    """Seconds between two requests, for a site that wants more than DOWNLOAD_DELAY."""
    demo: ClassVar[bool] = False
    arguments: ClassVar[tuple[str, ...]] = ("keywords", "pages", "worksheet")
    """What may be given to a crawl with -a."""

    @classmethod
    def is_on(cls, settings: BaseSettings) -> bool:
        """Whether the site may be crawled: one that needs a permission has to be switched on."""
        on = (name.strip() for name in settings.getlist("WILDCRAWL_SWITCHED_ON"))
        return not cls.permission or cls.name in on

    @classmethod
    def address(cls, settings: BaseSettings, url: str) -> str:  # noqa: ARG003
        """A declared address as it is used; a site that moves with the settings overrides it."""
        return url

    @classmethod
    def site(cls, settings: BaseSettings) -> Site:
        """The site as a worksheet shows it."""
        return Site(
            name=cls.name,
            label=cls.label,
            label_zh=cls.label_zh,
            url=cls.address(settings, cls.home),
            search_url=cls.address(settings, cls.page_url or cls.search_url) or None,
            charset=cls.charset,
            steps=list(cls.steps),
            first_page=cls.first_page,
        )


def check_arguments(site: str, unknown: Iterable[str], known: Iterable[str]) -> None:
    """ValueError for a misspelt spider argument; scrapyd's own (_job) pass."""
    for name in unknown:
        if not name.startswith("_"):
            raise ValueError(f"{site} has no argument '{name}'; one of {', '.join(known)}")


def whole_number(name: str, text: str) -> int | None:
    """A spider argument that is a number from 1; None if it is not given."""
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ValueError(f"-a {name}={text}: give a whole number from 1, for example {name}=3")
    return int(text)
