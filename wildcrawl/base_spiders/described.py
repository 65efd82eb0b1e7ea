"""What a page says of itself for machines, in the place of selectors that nobody declared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from wildcrawl.base_spiders.results import FilledRow
from wildcrawl.base_spiders.structured_data import (
    advertisement,
    advertisements,
    describes_empty_list,
    opengraph,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from scrapy.http import TextResponse

    from wildcrawl.base_spiders.results import Row

_NOTHING = re.compile(
    r"(?:没有|沒有|未能?|找不到|查无|無|暂无|暫無)(?:找到|搜索到|搜到|查询到|查到|相关|符合|匹配|相關|任何)*"
    r"[^。，,.!！]{0,30}?(?:结果|結果|商品|产品|產品|宝贝|藏品|拍品|信息|内容|內容|文章|主题|主題|帖子|记录)"
    r"|(?<!\d)0\s*(?:条|件|个|項|项)(?:结果|商品|記錄|记录)|共\s*0\s*(?:条|件|个|项)"
    r"|\b(?:no|0|zero)\s+(?:\w+\s+){0,3}?(?:results?|products?|items?|matches|posts?|listings?)\b"
    r"(?!\s+in\s+(?:the|your)\s+(?:cart|basket|bag))"
    r"|\bnothing\s+(?:was\s+|could\s+be\s+)?found\b|\b(?:did|does)\s+not\s+match\b"
    r"|\bn[o']t\s+find\s+(?:any|what)\b",
    re.IGNORECASE,
)
_READ = (
    "//body//text()[normalize-space() and not(ancestor::script or ancestor::style"
    " or ancestor::noscript or ancestor::template or ancestor::option"
    " or ancestor::div[contains(@class, 'cart') or contains(@id, 'cart')])]"
)


def described_rows(response: TextResponse) -> list[Row]:
    """The results that a page describes; [] if it describes none."""
    return list(advertisements(response.selector, response.url))


def fill(details: Mapping[str, Any], response: TextResponse) -> FilledRow:
    """`details` with what the page describes where they have nothing."""
    return _filled(details, advertisement(response.selector, response.url))


def fill_undeclared(details: FilledRow, response: TextResponse, declared: Collection[str]) -> Row:
    """`details` with what the page tells those who link to it, in fields that nobody declared.

    Shops write of themselves there, so it does not stand in for a selector that found nothing.
    """
    told = opengraph(response.selector)
    filled = _filled(details, {name: told[name] for name in told if name not in declared})
    filled.hearsay = frozenset(name for name in filled if not details.get(name))
    return filled


def says_nothing_found(response: TextResponse) -> bool:
    """Whether a page says that a search found nothing, in data or in the usual words."""
    if describes_empty_list(response.selector):
        return True
    text = " ".join(response.xpath(_READ).getall())
    return bool(_NOTHING.search(" ".join(text.split())))


def _filled(row: Mapping[str, Any], more: Mapping[str, Any]) -> FilledRow:
    added = {name: value for name, value in more.items() if value and not row.get(name)}
    filled = FilledRow({**row, **added})
    filled.stood_in = frozenset(name for name in added if name in row) | getattr(
        row, "stood_in", frozenset()
    )
    return filled
