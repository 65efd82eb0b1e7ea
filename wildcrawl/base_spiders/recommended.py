"""Recommended goods: results that a site shows in place of those that were searched for.

A site that found nothing, or that refuses a search, may show other goods on cards of the same
kind. Its own words above them say so, and the goods do not mention the keyword.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from wildcrawl.analysis.text import normalise
from wildcrawl.base_spiders.extraction import Row
from wildcrawl.base_spiders.own_words import Words
from wildcrawl.utils import lazy_pattern

_NOTHING = lazy_pattern(
    r"(?:没有?|沒有?|未能?|没能|暂无|暫無|无|無|不到)[^。！!]{0,4}?"
    r"(?:找到|搜到|搜索到|搜索结果|查询到|查到|检索到|搜尋到|相关|相關|符合|匹配|结果|結果)"
    r"|(?:找|搜|搜索|查询|查)不到|0\s?(?:个|条|件)(?:相关)?(?:搜索)?结果"
    r"|\b(?:no|0|zero)\s+(?:search\s+)?(?:results?|matches)\b"
    r"|\bnothing\s+(?:was\s+|could\s+be\s+)?found\b|\b(?:did|does)\s+not\s+match\b"
    r"|n(?:o|['’])t\s+find\s+(?:any|what)\b",
    re.IGNORECASE,
)
_MORE_OF_IT = lazy_pattern(r"没有更多|沒有更多|暂无更多|无更多|no more", re.IGNORECASE)
"""The end of a list that has results."""
_QUESTION = lazy_pattern(r"[?？]")
"""A hint for visitors, such as 没有找到想要的商品？联系客服."""
_ELSEWHERE = lazy_pattern(
    r"购物车|購物車|收藏夹|浏览记录|足迹|消息|评论|评价|留言|通知|历史|cart|wish|history|reviews?\b",
    re.IGNORECASE,
)
_BUSY = lazy_pattern(
    r"(?:稍后|稍候|稍後|过一会儿?|等一会儿?|一会儿?|休息(?:一下|片刻)?)[^。！!]{0,6}(?:再|重)[试試来來]"
    r"|(?:操作|访问|請求|请求|搜索|查询|点击|刷新)[^。！!]{0,4}(?:频繁|頻繁|过快|太快|过多|超限)"
    r"|(?:太|过于|過於)(?:频繁|頻繁)|人太多|挤爆|開小差|开小差"
    r"|(?:系统|服务器?|网络)(?:正?忙|繁忙|拥挤|异常)"
    r"|too many requests|slow down|rate limit|temporarily (?:un|over)"
    r"|try again (?:later|in\b|after)",
    re.IGNORECASE,
)


@dataclass
class Sifted:
    """The rows of a page that count as results, and those that are only recommended."""

    found: list[Row]
    recommended: list[Row] = field(default_factory=list)
    refusal: str = ""
    """The words with which the page refuses the search, "" if it does not."""


class RecommendedGoods:
    """Separates recommended goods from results, page by page.

    Words that also stand over results which mention their keyword are part of every page of the
    site, such as a message that a script would show, and say nothing.
    """

    def __init__(self) -> None:
        self.on_every_page: set[str] = set()

    def sift(
        self,
        rows: Sequence[Row],
        phrase: str,
        words: Words,
        marks: Collection[str] = (),
        *,
        empty: bool,
    ) -> Sifted:
        """Judges a page with `rows` for `phrase`.

        `marks` are the declared texts of a refusal; `empty`: the page shows the declared empty
        result.
        """
        texts = [text_of(row) for row in rows]
        if not any(texts):
            return Sifted(list(rows))
        if any(names(phrase, text) for text in texts):
            self.on_every_page |= {_masked(text, phrase) for text in _telling(words.above)}
            if not empty:
                return Sifted(list(rows))
        touching = [touches(phrase, text) for text in texts]
        if 2 * sum(touching) >= len(rows):
            return Sifted(list(rows))
        above = [text for text in words.above if _masked(text, phrase) not in self.on_every_page]
        refusal = found_in(marks, words.all) or next(
            (match[0] for text in above if (match := _BUSY.search(text))), ""
        )
        if refusal and not any(touching):
            return Sifted([], list(rows), refusal)
        if empty or any(says_nothing_was_found(text) for text in above):
            pairs = list(zip(rows, touching, strict=True))
            return Sifted(
                [row for row, related in pairs if related],
                [row for row, related in pairs if not related],
            )
        return Sifted(list(rows))


def says_nothing_was_found(text: str) -> bool:
    """Whether a paragraph says that a search found nothing.

    >>> says_nothing_was_found("没有找到与“象牙”相关的商品"), says_nothing_was_found("没有更多结果")
    (True, False)
    """
    return bool(_NOTHING.search(text)) and not (
        _MORE_OF_IT.search(text) or _ELSEWHERE.search(text) or _QUESTION.search(text)
    )


def text_of(row: Row) -> str:
    """What a row shows of its goods, folded for matching; "" if nothing."""
    parts = (str(row.get(name) or "") for name in ("title", "description", "category"))
    text = " ".join(filter(None, parts))
    return (_folded if len(text) <= _SHORT else _folded.__wrapped__)(text)


_SHORT = 2_000
"""Characters of a text up to which its folded form is kept for the next question about it."""


@lru_cache(maxsize=512)
def _folded(text: str) -> str:
    return normalise(text).text.strip()


def names(phrase: str, text: str) -> bool:
    """Whether a folded text contains the whole phrase."""
    folded = normalise(phrase).text.replace(" ", "")
    return folded in text.replace(" ", "")


def touches(phrase: str, text: str) -> bool:
    """Whether a folded text contains two neighbouring characters of the phrase."""
    plain = text.replace(" ", "")
    return any(pair in plain for pair in _pairs(phrase))


@lru_cache(maxsize=256)
def _pairs(phrase: str) -> frozenset[str]:
    """The pairs of neighbouring characters in a folded phrase, without its spaces."""
    folded = normalise(phrase).text.replace(" ", "")
    return frozenset(folded[index : index + 2] for index in range(max(len(folded) - 1, 1)))


def _telling(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if _BUSY.search(text) or says_nothing_was_found(text)]


def _masked(text: str, phrase: str) -> str:
    return text.replace(phrase, "…")


def found_in(marks: Collection[str], text: str) -> str:
    """The first of `marks` that a text contains, in any case; "" if none."""
    lower = text.lower()
    return next((mark for mark in marks if mark.lower() in lower), "")
