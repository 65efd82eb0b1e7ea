"""OpenGraph: the few things that a page tells those who link to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from wildcrawl.base_spiders.structured_data.offers import plain_number

if TYPE_CHECKING:
    from parsel import Selector


def opengraph(page: Selector) -> dict[str, Any]:
    """The fields that a page fills by OpenGraph."""
    meta = _meta(page)
    price = _one(meta, "price:amount", "price")
    amount = plain_number(price) or price
    found = {
        "title": _without_site(_one(meta, "title"), _one(meta, "site_name")),
        "description": _one(meta, "description"),
        "price": f"{_one(meta, 'price:currency')} {amount}".strip() if amount else "",
        "category": _one(meta, "category", "section"),
        "posted_at": _one(meta, "published_time"),
        "image_urls": list(
            dict.fromkeys(meta.get("image", []) or meta.get("image:secure_url", []))
        ),
        "ad_id": _one(meta, "retailer_item_id"),
        "url": _one(meta, "url"),
    }
    return {name: value for name, value in found.items() if value}


def _meta(page: Selector) -> dict[str, list[str]]:
    """Property, without og:, product: or article:, to what it says."""
    found: dict[str, list[str]] = {}
    for each in page.xpath("//meta[@content and (@property or @name)]"):
        name = each.attrib.get("property") or each.attrib.get("name") or ""
        match = re.fullmatch(r"(?:og|product|article)(?::product)?:(.+)", name.strip().lower())
        text = each.attrib["content"].strip()
        if match and text:
            found.setdefault(match[1], []).append(text)
    return found


def _one(meta: dict[str, list[str]], *names: str) -> str:
    return next((meta[name][0] for name in names if name in meta), "")


def _without_site(title: str, site: str) -> str:
    """A title without the name of the site behind it.

    >>> _without_site("老核桃手串 - 一家店", "一家店")
    '老核桃手串'
    """
    if site and title.endswith(site) and title != site:
        cut = re.sub(r"[\s\-–—|_·:,»]+$", "", title[: -len(site)])
        return cut or title
    return title
