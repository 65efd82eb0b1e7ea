"""Accounts and numbers behind the word that announces them: 加薇abc12345, QQ：12345, 电话 8000."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wildcrawl.analysis.contacts.spans import Kind, Span

# A repeated group that can itself backtrack is made atomic by (?>…): Python up to 3.11.4 matches
# the possessive quantifier of such a group wrongly.
_S = r"[^\w\n]{0,2}+"
"""Signs with which a word is disguised: 微 信, v♥x."""
_WORDS = {
    Kind.WECHAT: (
        rf"(?:微|薇|威|徽|维|围|卫|崴|嶶|魏|♥|(?<![a-z])wei){_S}(?:信|芯|xin|x(?![a-z]))(?!用|誉|息)|加{_S}卫星|(?:[加十]|\+){_S}(?:微|薇|威|徽|维|v)"
        rf"|(?:微|薇|威|v)♥+|v{_S}信|(?<![a-z])(?:v{{1,3}}{_S}x|w{_S}x|wei{_S}xin|we{_S}chat|weixinhao|wxh|vxin)"
        rf"|(?:微|薇)号|(?<![a-z])v号|绿泡泡?|绿色?(?:软件|图标)"
    ),
    Kind.QQ: rf"(?<![a-z])q{_S}q|[扣抠]{_S}[扣抠]|叩叩|球球|企{_S}鹅|(?<![a-z])[qk]{_S}(?:号|群)",
    Kind.MESSENGER: (
        r"(?<![a-z])(?:whats\s?app|telegram|tele|tg|skype|viber|signal|line\s?id|(?<![a-z]\s)line(?=\s?:)|kakao(?:talk)?|instagram|ig)(?![a-z])"
        r"|电报|飞机号|纸飞机|飞机(?=[^\w\n]{0,2}@)|抖音(?=号|id|[^\w\n]{1,2}[a-z0-9])|快手(?=号|id|[^\w\n]{1,2}[a-z0-9])|陌陌|钉钉|支付宝|小红书号"
    ),
    Kind.PHONE: (
        r"电{0}话|手{0}机(?!壳|链|架|套|包|屏|支)|热线|联系(?:方式|人)?|致电|拨打|来电|座机|传真|短信|咨询|客服"
        r"|(?<![a-z])(?:tel|telephone|phone|mobile|mob|call|cell|hotline|fax)(?![a-z])|[☎☏✆📞📱📲]"
    ).replace("{0}", _S),
    Kind.ID_CARD: r"身份证",
    Kind.BANK_CARD: (
        r"银行卡|卡号|(?:银行|收款|打款|汇款)账?[号户]"
        r"|(?:工|农|建|中|招|交)行(?:卡|账号|账户)?|开户行"
    ),
}
_FILLER = (
    r"(?>(?:[^\w\n]{0,4}+(?:号码?|群|id|hao|同步|同号|同|是|为|咨询|联系|搜索?|添加|请?加|我|的|me|is|no|number|微信|请|打))"
    r"{0,3})(?:[^\w\n]|_){0,6}+"
)
_ID = (
    r"(?:@?[a-z0-9](?>(?:[a-z0-9_\-]|\.(?=[a-z])){4,39})|@[a-z][a-z0-9_]{3,39}+"
    r"|[a-z0-9](?:[ .·-][a-z0-9](?![a-z0-9])){4,30}+)"
)
_DIGITS = (
    r"(?:\+?\d{5,15}+|\d(?>(?:[^\w\n]{1,2}\d(?!\d)){4,14})"
    r"|\+?\d{2,4}(?>(?:[^\w\n]{1,3}\d{2,4}(?!\d)){1,4}))"
)
_LONG = r"\+?\d{7,15}+(?!\d)"
_BREAK = r"[\s\-–—.·*/_|~()（）]{1,3}"
_GROUPED = (
    rf"(?:\d(?>(?:{_BREAK}\d(?!\d)){{6,14}})"
    rf"|[(（]?\+?\d{{2,4}}(?!\d)(?>(?:{_BREAK}\d{{2,8}}(?!\d)){{1,4}}))"
)
_LABELLED = {
    Kind.WECHAT: _ID,
    Kind.QQ: rf"(?:{_DIGITS}|{_ID})",
    Kind.MESSENGER: rf"(?:{_DIGITS}|{_ID})",
    Kind.PHONE: rf"(?:{_LONG}(?>(?:\s?[/、或]\s?{_LONG})*)|{_GROUPED})",
    Kind.ID_CARD: r"(?:\d(?:[^\w\n]{0,2}+\d){13,17}+x?)",
    Kind.BANK_CARD: r"(?:\d(?:[^\w\n]{0,2}+\d){11,20}+)",
}
_PATTERNS = {
    kind: re.compile(rf"(?:{_WORDS[kind]})({_FILLER})({pattern})")
    for kind, pattern in _LABELLED.items()
}
# A single letter announces an account only with a sign after it: v：abc, 薇👉abc, q:12345.
_SHORT = re.compile(rf"(?<![a-z0-9])(v|w|薇|威|微|q|扣|♥)\s?[:：=→👉➜▶♥∶—]{{1,3}}\s?({_ID})")
# An account after an invitation has digits: 加我abc12345, 私聊：zhang888.
_INVITED = re.compile(
    r"(?:加我|私聊|私我|扫我)[^\w\n]{0,4}+((?=[a-z_-]*\d)[a-z][a-z0-9_\-]{4,39}+)"
)
_WXID = re.compile(r"(?<![a-z0-9])wxid_[a-z0-9]{6,40}")
# Before the word: abc12345（微信）, 12345678 这是我的QQ.
_BEFORE = re.compile(
    r"(?<![a-z0-9_])([a-z0-9][a-z0-9_\-]{4,39}+)(?:\s?[(（【\[]\s?|\s?[是为]\s?(?:我的?)?\s?|\s?这?是我的?\s?)"
    r"(微信|薇信|威信|v信|vx|wx|qq|扣扣|wechat)"
)
# Between an invitation and the word: 加 abc_123 微信.
_BETWEEN = re.compile(
    r"(?:加|搜|好友)[^\w\n]{0,3}+((?=[a-z_\-]*\d)(?=[\d_\-]*[a-z])[a-z0-9][a-z0-9_\-]{4,39}+)"
    r"[^\w\n]{0,3}+(微(?![雕瑕])|薇|威信|v(?![a-z])|w(?![a-z])|q(?![a-z])|扣)"
)
_DATE = re.compile(r"(?:19|20)\d\d[-./年](?:0?[1-9]|1[0-2])[-./月](?:0?[1-9]|[12]\d|3[01])(?!\d)")
_LATIN = re.compile(r"[a-z]")
_SAID = re.compile(r"[:：=→👉➜▶♥∶号]|\bid\b|\bis\b")


_SIGNS: dict[Kind, frozenset[str]] = {
    Kind.WECHAT: frozenset("微薇威徽维围卫崴嶶魏♥vw加+绿"),
    Kind.QQ: frozenset("q扣抠叩球企k"),
    Kind.MESSENGER: frozenset("报号飞抖快陌钉支wtsvlki"),
    Kind.PHONE: frozenset("话机线系致拨电座真信询服tpmchf☎☏✆📞📱📲"),
    Kind.ID_CARD: frozenset("身"),
    Kind.BANK_CARD: frozenset("卡号户行"),
}
"""Characters of which a text has one if it has a word of that kind; a search for them is fast."""
_FEWEST_OF_PHONE = 7
_SHORT_SIGNS = frozenset(":：=→👉➜▶♥∶—")
_BEFORE_SIGNS = frozenset("信xq扣w")
_ACCOUNT = re.compile(r"(?:[a-z0-9_@][^\w\n]{0,3}){5}")
"""The fewest letters and digits of an account."""


def labelled_spans(folded: str) -> Iterator[Span]:
    """Contacts that a word announces, in a folded text."""
    if not _ACCOUNT.search(folded):
        return
    signs = frozenset(folded)
    for kind, pattern in _PATTERNS.items():
        if signs.isdisjoint(_SIGNS[kind]):
            continue
        for match in pattern.finditer(folded):
            if _is_contact(kind, match):
                yield Span(*match.span(2), kind)
    yield from _otherwise_announced(folded, signs)


def _otherwise_announced(folded: str, signs: frozenset[str]) -> Iterator[Span]:
    """Accounts after a single letter or an invitation, and before the word."""
    if not signs.isdisjoint(_SHORT_SIGNS):
        for match in _SHORT.finditer(folded):
            yield Span(*match.span(2), _kind_of(match[1]))
    if "wxid_" in folded:
        yield from (Span(*match.span(), Kind.WECHAT) for match in _WXID.finditer(folded))
    if not signs.isdisjoint("加搜友"):
        for match in _BETWEEN.finditer(folded):
            yield Span(*match.span(1), _kind_of(match[2]))
    if not signs.isdisjoint("加聊我"):
        yield from (Span(*match.span(1), Kind.WECHAT) for match in _INVITED.finditer(folded))
    if not signs.isdisjoint(_BEFORE_SIGNS):
        for match in _BEFORE.finditer(folded):
            if any(character.isdigit() or character == "_" for character in match[1]):
                yield Span(*match.span(1), _kind_of(match[2]))


def _kind_of(word: str) -> Kind:
    return Kind.QQ if word in ("q", "qq", "扣", "扣扣") else Kind.WECHAT


def _is_contact(kind: Kind, match: re.Match[str]) -> bool:
    value = match[2]
    letters = value.replace("-", "").isalpha()
    if kind in (Kind.WECHAT, Kind.QQ, Kind.MESSENGER) and letters:
        # A word in Latin letters after a word in Latin letters may be a sentence.
        latin = _LATIN.search(match[0][: match.start(2) - match.start()])
        if latin:
            return bool(_SAID.search(match[1]))
    if kind == Kind.PHONE and sum(character.isdigit() for character in value) < _FEWEST_OF_PHONE:
        return False
    return not _DATE.match(value)
