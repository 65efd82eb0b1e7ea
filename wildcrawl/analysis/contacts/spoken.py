"""Accounts in everyday words: 扣123456789, v在签名：ab-88, 138四个零1234, ab8837这是绿泡泡."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wildcrawl.analysis.contacts.labels import PICTURE
from wildcrawl.analysis.contacts.numbers import UNIT
from wildcrawl.analysis.contacts.spans import Kind, Span

_NO_YEAR = r"(?!(?:19|20)\d\d(?!\d))"
_ACCOUNT = r"(?=[a-z_.-]{0,20}\d)(?=[\d_.-]{0,9}[a-z])[a-z0-9](?:[a-z0-9_-]|\.(?=[a-z0-9])){4,30}"
"""An account of letters and figures."""
_ENDS = rf"(?![a-z0-9_-]|{UNIT.pattern})"
_LETTERS_FIRST = rf"[a-z]{{2,20}}{_NO_YEAR}\d{{4,8}}[a-z]{{0,8}}"
_WHERE = (
    r"(?:签名|简介|头像|主页|资料|评论区?|置顶|下[面方]|这[里儿]|图[里上中]|末尾|背面|名字|昵称)"
)
_WECHAT = r"(?:微信|薇信|威信|v信|(?<![a-z0-9])(?:vx|wx|v)|[薇威微](?!雕))"
_FORMS: tuple[tuple[frozenset[str], Kind, re.Pattern[str]], ...] = (
    (
        frozenset("扣抠"),
        Kind.QQ,
        re.compile(
            r"(?<![a-z0-9一-龥])[扣抠]\s?(?P<account>[1-9]\d{7,9})(?!\d|,\d{3}(?!\d)|\.\d|\s?(?:元|块|[cm]m|克))"
        ),
    ),
    (
        frozenset("扣抠"),
        Kind.QQ,
        re.compile(
            rf"(?<![a-z0-9一-龥])[扣抠]\s?:?\s?(?P<account>(?=(?:\d[^\w\n]{{0,3}}){{7}})[1-9]\d{{2,5}}{PICTURE}\d{{3,7}}"
            rf"|[1-9]\d{{2,3}}\.\d{{3,4}}\.\d{{2,4}})(?!\d|{UNIT.pattern})"
        ),
    ),
    (
        frozenset("群"),
        Kind.QQ,
        re.compile(
            r"(?:[加进入]群号?\s?:?\s?|群号?\s?(?=[【\[(]\s?\d{8,10}\s?[】\])])[【\[(]\s?)(?P<account>[1-9]\d{7,9})(?!\d|,\d{3}(?!\d)|\.\d|\s?(?:元|块))"
        ),
    ),
    (
        frozenset("鹅"),
        Kind.QQ,
        re.compile(
            r"(?<![一-龥])(?:企鹅号?|鹅号)\s?:?\s?(?P<account>[1-9]\d{1,3}(?:[.\s-]?\d{2,4}){2,3})"
            rf"(?!\d|{UNIT.pattern})"
        ),
    ),
    (
        frozenset("q"),
        Kind.QQ,
        re.compile(rf"(?<![a-z0-9号码型款编:-])q(?P<account>[1-9]\d{{4}}-\d{{4,5}}){_ENDS}"),
    ),
    (
        frozenset("抖"),
        Kind.MESSENGER,
        re.compile(rf"(?<![颤发])抖音?(?P<account>{_LETTERS_FIRST}){_ENDS}"),
    ),
    (
        frozenset("l"),
        Kind.MESSENGER,
        re.compile(
            rf"(?<![a-z])line\s?(?P<account>[a-z]{{3,20}}\.[a-z]{{1,8}}{_NO_YEAR}\d{{2,8}}){_ENDS}"
        ),
    ),
    (
        frozenset("在"),
        Kind.WECHAT,
        re.compile(
            rf"(?:{_WECHAT}|扣扣?|qq?)号?在{_WHERE}[一-龥]?\s?:\s?(?P<account>{_ACCOUNT}){_ENDS}"
        ),
    ),
    (
        frozenset("串"),
        Kind.WECHAT,
        re.compile(
            rf"{_WECHAT}号?(?:[就]?[是为]|后面|的)?[这那1]串[是为:]?\s?(?P<account>{_ACCOUNT}){_ENDS}"
        ),
    ),
    (
        frozenset("拼写"),
        Kind.WECHAT,
        re.compile(
            rf"{_WECHAT}号?[^\w\n]?[一-龥“”\"「」]{{0,9}}(?:拼音|全拼|首字母|缩写)[:是]?\s?"
            rf"(?P<account>[a-z]{{3,20}}{_NO_YEAR}\d{{1,8}}){_ENDS}"
        ),
    ),
    (
        frozenset("泡我"),
        Kind.WECHAT,
        re.compile(
            rf"(?<![a-z0-9_.-])(?P<account>{_LETTERS_FIRST})(?:[^\w\n]?\s?这?个?[是为]\s?(?:我的?)?绿泡|"
            r"\s?加我\s?[(（]\s?[v薇微])"
        ),
    ),
)
_COUNTED = re.compile(r"(?<!\d)(1[3-9]\d{1,6})([2-8两])个(\d)(\d{0,7})(?!\d|个)")
"""A mobile number of which equal digits are counted: 138四个零1234."""
_SOME = re.compile(
    r"[前头]\s?\d位\s?[是为:]?\s?(?P<first>1[3-9]\d{1,6})[^\d\n]{1,6}"
    r"[后尾末](?:\s?\d位|号|数)\s?[是为:]?\s?(?P<last>\d{4,8})(?!\d)"
)
_MOBILE = 11


def spoken_spans(folded: str) -> Iterator[Span]:
    """Accounts and numbers that are told as one speaks, in a folded text."""
    signs = frozenset(folded)
    for characters, kind, pattern in _FORMS:
        if not signs.isdisjoint(characters):
            for match in pattern.finditer(folded):
                yield Span(*match.span("account"), kind)
    if "个" in signs:
        for match in _COUNTED.finditer(folded):
            number = 2 if match[2] == "两" else int(match[2])
            if len(match[1]) + number + len(match[4]) == _MOBILE:
                yield Span(*match.span(), Kind.PHONE)
    if "位" in signs:
        for match in _SOME.finditer(folded):
            if len(match["first"]) + len(match["last"]) == _MOBILE:
                yield Span(*match.span("first"), Kind.PHONE)
                yield Span(*match.span("last"), Kind.PHONE)
