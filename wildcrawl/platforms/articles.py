"""Lists of articles as the themes of content programs show them: each item leads to its page."""

from __future__ import annotations

from wildcrawl.base_spiders.extraction import Layout

PREVIEW = "(.//a[contains(@class, 'preview')]//img | .//img)[1]/@src"
ARTICLE_ID = r"(?:[?&]a?id=|/)(\d+)(?:\.s?html?|&|$)"
"""The group is an article's number, in the name of its file or in its address."""

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
"""Any theme: the items of a list that lead to an article and say more of it than its name."""
