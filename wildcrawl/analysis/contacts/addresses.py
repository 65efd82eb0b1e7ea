"""Contacts in addresses: accounts, numbers and e-mail of links, with the item's id kept."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from urllib.parse import unquote_plus

from wildcrawl.analysis.contacts.spans import Kind, Span

ADDRESS = re.compile(
    r"(?:https?|ftp|weixin|wechat|wxp|mqqapi|mqqwpa|tencent|alipays?|whatsapp|tg|viber|line|skype)"
    r":/{1,2}[^\s\"'<>，。；、（）()【】《》“”]++"
    r"|(?:mailto|sms|callto|skype|weixin|xmpp):[^\s\"'<>，。；、]++"
    r"|(?<![a-z])tel:(?:/{0,2}\+?[\d-]{8,20}+(?=[,()（一-龥](?!\d))"
    r"|(?>(?:[^\s\"'<>，。；、,▒]|,(?=[a-z0-9+%]))+))"
    r"|(?:(?<![\w.@/-])|(?<=[一-龥])(?=(?:www|t|wa|m|line|signal)\.[a-z]))"
    r"(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}/[^\s\"'<>，。；、（）()【】《》“”]++"
)
"""An address in a folded text: with a scheme, or a host with a path.

Behind tel: it ends at a blank, or after plain digits at a comma, bracket or Chinese character."""
TELEPHONE = "tel:"
"""An address that is a word before a number too, of which more groups may follow behind a blank."""
_ENDING = r"(?:com|cn|net|hk|tw|cc|top|vip|shop|store|xyz|club)(?![a-z0-9-])"
_SHOP = re.compile(
    rf"(?<![a-z0-9_.@/-])(?:www\s?[.点]\s?)?[a-z][a-z0-9-]{{2,62}}+(?:\s?点\s?{_ENDING}){{1,2}}"
    r"|(?:网址|官网|官方网站|网站|网店|店铺|店址|域名|相册)\s?[是为:]?\s?"
    r"(?P<host>(?!(?:[a-z0-9-]{1,63}\.){0,2}(?:gov|org|edu|ac)\.)"
    r"(?!(?:www\.)?(?:taobao|tmall|jd|1688|58|ebay|amazon|weibo|sothebys|christies|bonhams|cguardian"
    r"|polypm|artron|ngtc|gia|gtc|cma|dpm)\.)"
    rf"(?:[a-z0-9-]{{1,63}}+\.){{1,4}}{_ENDING})(?![/.][a-z0-9])"
    r"|(?:(?<![a-z])hxxps?://|(?<![a-z])www。)[a-z0-9-]{1,63}+"
    r"(?:(?:[.。点]|\[\.\]|\(\.\))[a-z0-9-]{2,63}+){1,5}"
)
"""A seller's own website without a path: disguised (点, www。, hxxp), or announced by a word."""
_ACCOUNT_HOSTS = re.compile(
    r"(?://|^)(?:[\w-]+\.)*(?:wa\.me|api\.whatsapp\.com|chat\.whatsapp\.com|t\.me|telegram\.me"
    r"|u\.wechat\.com|weixin\.qq\.com/r|qm\.qq\.com|qr\.alipay\.com|line\.me|m\.me|wpa\.qq\.com"
    r"|user\.qzone\.qq\.com|signal\.me|viber\.click|jq\.qq\.com|discord\.gg)(?=[/?])"
)
_SHARED = re.compile(
    r"(?://|^)(?:(?:v\.(?:douyin|kuaishou)|xhslink|(?:[me]\.)?tb)\.(?:com|cn)|b23\.tv|t\.cn|url\.cn|dwz\.cn)/"
    r"(?P<code>[^\s?#/]++(?:/?\?[^\s#]++)?)|(?://|^)(?P<shop>shop\d{5,})\.(?:taobao|tmall|1688|jd)\.com(?![\w.-])"
)
"""A short address that an app shares of an account or an item, or a shop by its number."""
_SHOP_WORD = re.compile(r"(?:微店|小店|网店|店铺|主页|[看进]店)(?:链接|地址|网址)?[ :]{0,2}$")
_COPIED = re.compile(r"(?://|^)[^/]+/([a-z0-9]{4,12})[^a-z0-9]{0,3}复制")
"""A short address that an app opens once it is copied: http://t.example/a9xq2复制打开."""
_OF_SITE = (
    r"(?:guide|login|logon|logout|register|agreement|help|articles?|policy|privacy|cent(?:er|re)|index|home"
    r"|terms|settings?|info|list|orders?|cart|items?|goods|notice|about|service|news)(?![a-z0-9_-])"
)
"""Pages below /user/ that are the site's own."""
_PERSONAL = re.compile(
    rf"(?://|^)(?:[^/]+/(?=(?:u|user|users|profile|people|member|uid)/(?!{_OF_SITE})|@[a-z])"
    r"|(?:pan|yun|drive)\.[^/]+/(?=s/|share/|link/))([^\s?#]+)"
)
"""The page of a person, or files that a person shares."""
_SHORT_PATH = re.compile(r"(?://|^)[^/]+/((?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{5,10})/?$")
"""A short address behind the title of what an app shares: 看看【…】https://v.example/ab12cd/."""
_SHOP_PATH = re.compile(r"(?://|^)[^/]+/([^/].*)")
_SHARE_CODE = re.compile(
    r"(?P<sign>[￥¥$€₤₳₴¢])(?=[a-z]{0,12}\d)(?=\d{0,12}[a-z])[a-z0-9]{9,13}(?P=sign)"
)
"""What an app reads from the clipboard and opens: ￥ab12cd34ef5￥."""
_ACCOUNT_SCHEMES = re.compile(
    r"(?:weixin|wechat|wxp|mqqapi|mqqwpa|tencent|alipays?|whatsapp|tg|viber|line|skype|mailto|tel"
    r"|sms|callto|xmpp):/{0,2}"
)
_PARAMETER = re.compile(
    r"(?<=[?&;#])(?:[a-z]*_?(?:tel|phone|mobile|telephone|cell|whatsapp|wechat|weixin|wxid|wx|vx"
    r"|qq|uin|email|e-?mail|contact|lianxi|dianhua|shouji|idcard|sfz)(?:_?(?:no|num|number|id|hao))?)"
    r"(?:=|%3d)([^&;#]++)"
)
_SHARER = re.compile(
    r"(?:(?<=[?&;#])(?:sp_tk|ut_sk|suid|share_?uid|share_?user_?id|sharer_?id|shareredid)"
    r"|tb\.cn/[^?#/]{0,64}\?(?:[^#&]{0,64}&){0,8}tk)=([^&;#]++)"
)
"""Who shared an address, which it needs not to be opened: https://e.tb.cn/h.ab12?tk=cd34."""
_USER = re.compile(r"://([^/?#@]++)@")
_VALUE = re.compile(r"[?&;#][^=&;#?]{0,60}=([^&;#]++)")
_MAIL_HOST = re.compile(r"(?:@|%40)[a-z0-9-]++(?:\.[a-z0-9-]++)+")
_MAIL_NAME = string.ascii_lowercase + string.digits + "_.+-"
_CODED = re.compile(r"(?:[?&;#][^=&;#?]{0,60}=)")
_WRITTEN_PHONE = re.compile(r"(?:\+|00)?(?:86)?[\s().-]*1[3-9]\d(?:[\s().-]*\d){8}")


def address_spans(address: str, offset: int = 0) -> list[Span]:
    """Contacts in one folded address; `offset` is added to their positions."""
    spans: list[Span] = []
    opening = _ACCOUNT_SCHEMES.match(address)
    host = _ACCOUNT_HOSTS.search(address)
    if opening:
        spans.append(Span(opening.end(), len(address), _kind(address)))
    elif host:
        spans.append(Span(host.end() + 1, len(address), Kind.ADDRESS))
    spans += [Span(*match.span(1), Kind.ADDRESS) for match in _PARAMETER.finditer(address)]
    spans += [Span(*match.span(1), Kind.ADDRESS) for match in _SHARER.finditer(address)]
    spans += [Span(*match.span(1), Kind.ADDRESS) for match in _USER.finditer(address)]
    named = _USER.search(address)
    after = named.end() if named else 0
    spans += _mail_spans(address, after)
    for match in _VALUE.finditer(address):
        value = unquote_plus(match[1])
        # A number alone is an item's; one with its signs, or coded digit by digit, is a phone.
        written = _WRITTEN_PHONE.fullmatch(value.strip())
        if written and (match[1] != value or not value.isdigit()):
            spans.append(Span(*match.span(1), Kind.PHONE))
    return [Span(start + offset, end + offset, kind) for start, end, kind in spans if end > start]


def shared_span(address: str, offset: int, before: str) -> Iterator[Span]:
    """What a short address in a text leads to, or one of a shop that the words `before` announce.

    The address of an advertisement keeps it.
    """
    if match := _SHARED.search(address):
        part = "code" if match["code"] else "shop"
        yield Span(match.start(part) + offset, match.end(part) + offset, Kind.ADDRESS)
        return
    of_shop = _SHOP_PATH if _SHOP_WORD.search(before) else _COPIED
    of_title = (_SHORT_PATH,) if before.endswith("】") else ()
    for form in (of_shop, _PERSONAL, *of_title):
        if match := form.search(address):
            yield Span(match.start(1) + offset, match.end(1) + offset, Kind.ADDRESS)
            return


def shop_spans(folded: str) -> Iterator[Span]:
    """Websites of sellers that a text names: yapai77点com, 网址 yapai77.com; and share codes."""
    for match in _SHARE_CODE.finditer(folded):
        yield Span(*match.span(), Kind.ADDRESS)
    for match in _SHOP.finditer(folded):
        yield Span(*match.span("host" if match["host"] else 0), Kind.ADDRESS)


def _mail_spans(address: str, start: int) -> Iterator[Span]:
    """E-mail from `start` on; read backwards from its sign, so that each character is read once."""
    for host in _MAIL_HOST.finditer(address, start):
        before = address[start : host.start()]
        name = len(before) - len(before.rstrip(_MAIL_NAME))
        if name:
            yield Span(host.start() - name, host.end(), Kind.EMAIL)
            start = host.end()


def _kind(address: str) -> Kind:
    if address.startswith("mailto"):
        return Kind.EMAIL
    return Kind.PHONE if address.startswith(("tel", "sms", "callto")) else Kind.ADDRESS
