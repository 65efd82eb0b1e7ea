"""Accounts by their form: an underscore, an emoji before them, a name up to a sign that ends it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wildcrawl.analysis.contacts.spans import Kind, Span

_EMOJI = r"[\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]\ufe0f?"
_FILES = r"(?:img|dsc|pic|photo|image|video|vid|mvi|screenshot|mmexport|file|page|size|item|lot)_"
"""Beginnings of names of pictures and of item numbers."""
WORDS = (
    r"(?:hot|in|on|off|out|made|click|style|colou?r|code|free|new|best|top|buy|order|pre|limited|sold"
    r"|flash|ready|fast|high|low|type|thumb|big|good|high|real|old|model|sku|ad|no|number|price|weight)_"
)
"""English words with which what is said of goods begins: hot_sale, made_in_china, style_02."""
_UNDERSCORED = (
    rf"(?!{_FILES}|{WORDS})[a-z]{{2,20}}\d{{0,6}}(?:_[a-z0-9]{{1,20}}){{1,3}}(?![a-z0-9_./-])"
)
_WITH_FIGURES = r"[a-z]{4,20}\d{2,6}[a-z]?(?![a-z0-9_./-])"
_SHOWN = re.compile(
    rf"(?:{_EMOJI}\s{{0,2}}|[↓⬇👇][^\w]{{0,3}}|[搜找戳]\s?|加\s)(?P<account>{_UNDERSCORED})"
    rf"|(?:[家加+➕]\s?(?:卫星|{_EMOJI})|[💬🛰]\ufe0f?|胃心)\s{{0,2}}(?P<figures>{_WITH_FIGURES})"
    rf"|(?<=[一-龥,。])(?<!加)(?P<joined>(?!{_FILES}|{WORDS})[a-z]{{3,20}}_(?!(?:19|20)\d\d)[a-z]{{0,10}}\d{{2,6}})(?![a-z0-9_./-])"
)
"""An account with an underscore behind a sign or an invitation, or with figures behind an emoji."""
_ITEM = re.compile(r"(?:[货型款编][号號]|规格|文件名?|sku)[^\w\n]{0,3}$")
_LONGEST_ITEM = 6

_NAME = re.compile(
    r"(?:(?:旺旺|公[众眾重][号號]|视频号|店铺?名|(?:[闲咸]鱼|抖音|快手|小红书|微博)(?:昵称|号|店铺?)?)\s?(?::\s?@?|@)"
    r"|微博\s@|关注(?:公[众重]号|视频号)\s)"
    r"(?P<name>(?![^,，。;；!！\s]{0,7}(?:每[天日周]|私信|同步|更新|直播|搜索?|回复|领|看|同名|同号|正品|保真|保证|包邮|包退|全新|转发|抽奖|未拆|讲解|视频|直播|推广|现货|特价|批发|代发))[一-龥]{3,7})"
    r"(?=[,，。;；!！\s]|$)(?!\s?\d)"
)
"""The name of an account or shop in Chinese, which ends at a blank or a punctuation mark."""
_OF_GOODS = re.compile(
    r"(?:镯子?|串|链|珠|牙|角|梳|佩|牌子?|件|雕|杯|扇|吊?坠|戒指?|扳指|鳞片?|骨|皮|玉|蜡|沉香|核桃|葫芦|标本|款|包邮)$"
)
_COPIED = re.compile(
    r"复制[^\w\n]{0,2}(?:这[条段个行]|此[条段])?\s?[^\w\s]?(?P<code>(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{8,14})"
    r"[^\w\n]{0,3}(?:打开|到|去)"
)
"""What an app opens once it is copied: 复制这条 ab12cd34ef5 打开."""
_APART = re.compile(
    r"(?<![a-z0-9.])(?:[a-z0-9-]{1,30}\s\.\s){1,4}(?:com|cn|net|me|cc|top)(?:\s/\s?[a-z0-9_-]{1,40})+"
)
"""An address with blanks, which is to be put together: u . wechat . com / ab12."""
_SIGNS = frozenset("_💬🛰➕卫胃")


def handle_spans(folded: str) -> Iterator[Span]:
    """Accounts, shops and codes that their form shows, in a folded text."""
    if not _SIGNS.isdisjoint(folded):
        for match in _SHOWN.finditer(folded):
            if not _ITEM.search(folded[max(0, match.start() - _LONGEST_ITEM) : match.start()]):
                yield Span(*match.span(match.lastgroup or 0), Kind.WECHAT)
    for match in _NAME.finditer(folded):
        if not _OF_GOODS.search(match["name"]):
            yield Span(*match.span("name"), Kind.MESSENGER)
    if "复制" in folded:
        for match in _COPIED.finditer(folded):
            yield Span(*match.span("code"), Kind.ADDRESS)
    if " . " in folded:
        for match in _APART.finditer(folded):
            yield Span(*match.span(), Kind.ADDRESS)
