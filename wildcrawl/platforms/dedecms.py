"""DedeCMS sites: columns of articles, since the stock robots.txt closes the search."""

from __future__ import annotations

from wildcrawl.base_spiders.extraction import Layout
from wildcrawl.platforms.forum import ForumSpider, has

PREVIEW = "(.//a[contains(@class, 'preview')]//img | .//img)[1]/@src"
ARTICLE_ID = r"(?:[?&]a?id=|/)(\d+)(?:\.s?html?|&|$)"
"""Matches an article's number (group 1) in the name of its file or in its address."""

_LINK = "(.//a[string-length(normalize-space()) > 3])[1]"
LISTED = Layout(
    "//li[.//a[contains(@href, 'id=') or contains(@href, '.html') or contains(@href, '.shtml')]]"
    "[.//p or .//span or .//*[contains(@class, 'date') or contains(@class, 'time')]]",
    {
        "ad_id": f"{_LINK}/@href",
        "url": f"{_LINK}/@href",
        "title": (f"{_LINK}/@title", f"normalize-space({_LINK})"),
        "description": "normalize-space((.//p)[1])",
        "posted_at": (
            "normalize-space((.//*[contains(@class, 'date') or contains(@class, 'time')])[1])",
            "normalize-space((.//span)[last()])",
        ),
        "image_urls": PREVIEW,
    },
)
"""Layout for any theme: items of a list with a link to an article and more than its title."""


_LABELLED = (
    "normalize-space((//*[{where}]//small[contains(., '{label}')])[1]/following-sibling::text()[1])"
)


def _told(label: str) -> str:
    """XPath for the text after a label in the line below an article's title."""
    return _LABELLED.format(where=has("info"), label=label)


class DedeCmsSpider(ForumSpider):
    """A site on DedeCMS; its columns are read newest first.

    The site is its domain, its labels and its columns: `boards` with their numbers (tid). Where
    they are files, /a/wenwan/list_3_2.html, the site declares its own `board_path`.
    """

    kind = "classifieds"
    search_path = "/plus/search.php?q={keyword}&searchtype=titlekeyword&PageNo={page}"
    board_path = "plus/list.php?tid={board}&PageNo={page}"
    board_links = "a[href*='list.php?tid=']"
    board_id = r"[?&]tid=(\d+)"
    # The text of a message page, which replaces a column or an article.
    message = (
        "//title[contains(., '提示信息')]/following::div[contains(., '!') or contains(., '！')]"
    )
    card = f"//*[{has('listbox')} or {has('resultlist')}]//li[.//a[@href]]"
    empty = f"//*[{has('listbox')} or {has('resultlist')}]"
    next_page = (
        f"(//*[{has('pagelist')} or {has('dede_pages')}]//a[contains(., '下一页')])[last()]/@href"
    )
    fields = {
        "ad_id": f"(.//a[{has('title')}] | .//h3//a)[1]/@href",
        "url": f"(.//a[{has('title')}] | .//h3//a)[1]/@href",
        "title": f"normalize-space((.//a[{has('title')}] | .//h3//a)[1])",
        "description": f"normalize-space((.//p[not({has('info')})])[1])",
        "category": "normalize-space((.//b//a)[1])",
        "posted_at": (
            "normalize-space((.//small[contains(., '日期') or contains(., '时间')])[1]"
            "/following-sibling::text()[1])",
            "substring-after(normalize-space((.//span[contains(., '日期')])[1]), '日期：')",
        ),
        "image_urls": PREVIEW,
    }
    other_layouts = (LISTED,)
    patterns = {"ad_id": ARTICLE_ID}
    detail = {
        "title": (
            f"normalize-space((//*[{has('title')}]/h2 | //*[{has('title')}]/h1)[1])",
            "normalize-space((//h1)[1])",
        ),
        "description": (
            f"(//*[{has('viewbox')}]//*[{has('content')}])[1]//text()",
            f"(//*[{has('content')} or {has('article')} or @id='content'])[1]//text()",
        ),
        "seller": (_told("作者"), _told("来源")),
        "posted_at": (_told("时间"), _told("日期")),
        "image_urls": f"(//*[{has('content')}])[1]//img/@src",
    }
    expect = {"advertisements": 1, "title": 1.0, "ad_id": 0.95}
