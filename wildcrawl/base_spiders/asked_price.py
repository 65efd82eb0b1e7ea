"""Asking price in the running text of a post, for forums whose pages have no field for it."""

from __future__ import annotations

from wildcrawl.utils import lazy_pattern

_PRICED = lazy_pattern(
    r"(?:售价|价格|价钱|一口价|转让价|出价|标价|要价|定价|出售价|优惠价|现价|底价|起拍价?)"
    r"[】\]）)]?\s*(?:是|为)?\s*[:：]?\s*"
    r"((?:[¥￥$]|RMB|人民币)?\s?\d[\d,.]*\s?[万千百kKwW]?\s?(?:元|块|包邮|美元)?(?:/克|一克)?"
    r"|面议|私聊|私信|详谈|电议)"
)


def asked(text: str) -> str:
    """The asking price in the running text of a post, or "".

    >>> asked("老料手串，圈口58。售价：3500元包邮"), asked("上图交流，不出售")
    ('3500元', '')
    """
    found = _PRICED.search(text)
    return found[1].strip() if found else ""
