"""Share texts: address, title, id and site in the text that an app copies to share a thing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, urlsplit

from wildcrawl.analysis.ids import find_address


class Unread(StrEnum):
    """What could not be read in a share text."""

    NO_URL = "no_url"
    SEVERAL_URLS = "several_urls"
    SHORT_LINK = "short_link"
    NO_ID = "no_id"
    NO_TITLE = "no_title"
    NO_SITE = "no_site"
    PASSWORD = "password"  # noqa: S105 (the kind of a text, not a secret)


@dataclass(frozen=True)
class SharedText:
    """What a share text says; "" for what it does not.

    `site` is a declared site's name, `app` the Chinese name of the app or site that the text or
    its address names. `password` is the code with which the app finds the thing (￥abc￥).
    """

    url: str = ""
    title: str = ""
    ad_id: str = ""
    site: str = ""
    app: str = ""
    seller: str = ""
    password: str = ""
    unread: tuple[Unread, ...] = ()


LONGEST = 4_000
"""Characters that are read; what apps copy is far shorter."""
SHORT_HOSTS = (
    "tb.cn", "t.cn", "v.douyin.com", "v.kuaishou.com", "xhslink.com", "3.cn", "u.jd.com", "b23.tv",
    "url.cn", "dwz.cn", "suo.im", "s.click.taobao.com", "qm.qq.com", "w.url.cn", "kzurl.cn",
    "iesdouyin.com/s", "p.pinduoduo.com",
)  # fmt: skip
"""Hosts of short links, whose addresses do not have the id of the thing."""

_APPS: Mapping[str, tuple[str, ...]] = {
    "闲鱼": ("goofish.com", "2.taobao.com"),
    "天猫": ("tmall.com",),
    "淘宝": ("taobao.com", "tb.cn"),
    "微博": ("weibo.com", "weibo.cn", "t.cn"),
    "抖音": ("douyin.com", "iesdouyin.com"),
    "快手": ("kuaishou.com", "gifshow.com", "chenzhongtech.com"),
    "转转": ("zhuanzhuan.com",),
    "小红书": ("xiaohongshu.com", "xhslink.com"),
    "拼多多": ("yangkeduo.com", "pinduoduo.com"),
    "京东": ("jd.com", "3.cn"),
    "孔夫子旧书网": ("kongfz.com", "kongfz.cn"),
    "哔哩哔哩": ("bilibili.com", "b23.tv"),
    "微信": ("weixin.qq.com",),
    "微店": ("weidian.com",),
    "百度贴吧": ("tieba.baidu.com",),
    "得物": ("dewu.com",),
    "阿里巴巴": ("1688.com",),
}
"""Domains of each app, those of an app within another's first."""
_NAMES = {
    "手机淘宝": "淘宝", "咸鱼": "闲鱼", "贴吧": "百度贴吧", "孔夫子": "孔夫子旧书网",
    "孔网": "孔夫子旧书网", "B站": "哔哩哔哩", "Weibo": "微博", "新浪微博": "微博",
    **{name: name for name in _APPS},
}  # fmt: skip
"""Names by which texts call the apps."""

_WEB = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", re.IGNORECASE)
_PASSWORD = re.compile(r"([￥¥€₤₳¢$(/])\s?([A-Za-z0-9]{8,14})\s?([￥¥€₤₳¢$)/])")
_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]{2}\d{3,5}|MF\d{3,5}|HU\d{3,5}|tk=\w+)(?![A-Za-z0-9])"
    r"|^\s*\d\.\d{2}(?=\s)"
    r"|(?<![A-Za-z0-9])(?=[A-Za-z0-9]*[a-z])(?=[A-Za-z0-9]*[A-Z])[A-Za-z0-9]{10,20}(?![A-Za-z0-9])"
    r"|^\s*\d(?:\.\d{2})?\s+(?:\d{2}/\d{2}\s+)?[A-Za-z]{1,4}[:@][\w./@]*"
    r"|(?<!\S)[A-Za-z0-9]{1,6}:/(?!/)\S*|(?<!\S)\d{2}/\d{2}(?!\S)|(?<!\S)[A-Za-z]@[A-Za-z]\.\w{2,3}(?!\S)"
)
"""Codes of apps beside a link: CZ0001, 7.43 aBc:/, 01/23, x@Y.zz."""
_ICONS = re.compile(r"[\U0001f000-\U0001faff\u2600-\u27bf\u200d\ufe0e\ufe0f\u2b50\u2b55\u20e3]+")
_PHRASES = re.compile(
    r"打开\s*👉[^👉👈]{1,8}👈"
    r"|(?:点击链接)?[，,]?打开【?(?:手机淘宝|淘宝|闲鱼|抖音|快手|转转|小红书|京东|微博)】?"
    r"(?:APP|App|app)?(?:直接观看|查看精彩内容|查看笔记|查看|搜索)?[！!。]?"
    r"|点击(?:这个|此|下方)?链接[，,]?(?:再选择浏览器咑閞|直接打开|查看(?:详情)?|打开)?"
    r"|(?:或者|或)?(?:手机)?(?:淘宝|闲鱼|天猫|京东)搜索直接打开|或者?復·?制这段描述\S*"
    r"|复制(?:本条信息|此链接|打开抖音|这段描述|整段话|后)?[，,]?(?:打开抖音(?:极速版|搜索)?)?"
    r"|(?:打开(?:Dou音|抖音)搜索|直接观看视频|长按复制此条消息)[，,！!]?"
    r"|看了这么多[，,]?(?:还是这个作品最有意思)?|该作品在快手被播放过\s*[\d.]+\s*[万亿]?\s*次"
    r"|[，,]?(?:快来|一起来|来)?看看(?=\s*【)|快来看(?:吧|看)?[！!。]?"
    r"|来自[:：]?\s*\S{0,8}(?:客户端|App)"
    r"|[\(（]分享自\s*@[^)）]{1,40}[\)）]|\d*\s*[fF]u?置?这(?:段描述|行话)|直接打开|👉|👈",
)
"""What apps write around a link, in the order of their texts."""
_QUOTES = (("「", "」"), ("『", "』"), ("《", "》"), ("“", "”"), ('"', '"'))
_POSTED = re.compile(
    r"^我在(?:闲鱼|转转|淘宝|微店)?(?:上)?(?:发布|发现|看到|转卖)了?(?:一个|一件)?[:：]?\s*"
)
_WORK = re.compile(r"【\s*([^【】]{1,60}?)(?:的(?:图文)?作品|的直播间?)\s*】")
_NOTE = re.compile(r"(?:^|\s)\d{0,3}\s*(?:【)?([^\s【】，,]{1,40}?)发布了一篇小红书笔记[，,]?")
_FROM = re.compile(
    r"(?:分享自\s*|分享\s*)@\s?([^\s:：()（）]{1,40}?)(?=$|[\s:：()（）]|的微博)(?:\s*的微博[:：]?)?"
)

_ID_PARAMETERS = (
    "id", "itemid", "item_id", "goods_id", "goodsid", "infoid", "auctionid", "productid",
    "noteid", "photoid", "mid", "aweme_id", "num_iid",
)  # fmt: skip
_ID_PATH = re.compile(
    r"/(?:item|items|video|note|photo|short-video|detail|goods|product|explore|discovery/item|p|"
    r"status|offer|fw|t)/?([0-9]{5,20}|[0-9a-f]{24}|[0-9A-Za-z]{9,20}|BV[0-9A-Za-z]{10})"
    r"(?:\.html?)?/?$"
)
_NUMBERED = re.compile(r"^/([0-9]{6,20})\.html?$")
_WEIBO = re.compile(r"^/[0-9]{5,12}/([0-9A-Za-z]{8,20})/?$")
_BOOK = re.compile(r"^/[0-9]{1,8}/([0-9]{5,14})/?$")


def read_share_text(text: str, sites: Mapping[str, str] | None = None) -> SharedText:
    """What a copied share text says, in whatever form an app writes it.

    `sites` has the names of declared sites by their domain. A short link is kept as the address,
    and `unread` says that it hides the id; nothing is fetched.

    >>> read_share_text("【闲鱼】https://m.tb.cn/h.aBc1 「我在闲鱼发布了【老料手串】」").title
    '老料手串'
    """
    plain = (
        unicodedata.normalize("NFC", text[:LONGEST])
        .replace("\u200b", "")
        .replace("\xa0", " ")
        .strip()
    )
    urls = list(dict.fromkeys(_urls(plain)))
    url = next((each for each in urls if not is_short(each)), urls[0] if urls else "")
    password = _password(plain)
    app = _app_of(plain, url)
    seller = _seller(plain)
    title = _title(plain, urls)
    ad_id = "" if not url or is_short(url) else id_in(url)
    site = site_of(url, sites or {})
    unread = []
    if not url:
        unread.append(Unread.NO_URL)
    elif is_short(url):
        unread.append(Unread.SHORT_LINK)
    elif not ad_id:
        unread.append(Unread.NO_ID)
    if len([each for each in urls if not is_short(each)]) > 1:
        unread.append(Unread.SEVERAL_URLS)
    if not title:
        unread.append(Unread.NO_TITLE)
    if not (site or app):
        unread.append(Unread.NO_SITE)
    if password:
        unread.append(Unread.PASSWORD)
    return SharedText(url, title, ad_id, site, app, seller, password, tuple(unread))


def is_short(url: str) -> bool:
    """Whether an address is a short link.

    >>> is_short("https://m.tb.cn/h.aBc1"), is_short("https://item.taobao.com/item.htm?id=12345")
    (True, False)
    """
    host = _host(url)
    whole = host + (urlsplit(url).path if host else "")
    return any(
        whole.startswith(short) if "/" in short else host == short or host.endswith(f".{short}")
        for short in SHORT_HOSTS
    )


def id_in(url: str) -> str:
    """The id of the thing in an address; "" if there is none.

    >>> id_in("https://item.taobao.com/item.htm?spm=a1.2&id=600123456789"), id_in("https://a.cn/")
    ('600123456789', '')
    """
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query)
    except ValueError:
        return ""
    parameters = {name.lower(): value for name, value in reversed(pairs)}
    for name in _ID_PARAMETERS:
        value = parameters.get(name, "")
        if re.fullmatch(r"[0-9A-Za-z_-]{4,40}", value):
            return value
    for pattern in (_ID_PATH, _NUMBERED, *((_WEIBO,) if "weibo" in _host(url) else ()),
                    *((_BOOK,) if "kongfz" in _host(url) else ())):  # fmt: skip
        if match := pattern.search(parts.path):
            return str(match[1])
    return ""


def site_of(url: str, sites: Mapping[str, str]) -> str:
    """The declared site of an address, by the longest domain that fits; "" if there is none."""
    host = _host(url)
    found = [each for each in sites if host == each or host.endswith(f".{each}")]
    return sites[max(found, key=len)] if found else ""


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _urls(text: str) -> Iterator[str]:
    for match in _WEB.finditer(text):
        url = match[0].rstrip(".,;:!)]}'")
        if _host(url) and "." in _host(url):
            yield url
    if not _WEB.search(text) and (bare := find_address(text)).startswith("http"):
        yield bare


def _password(text: str) -> str:
    for match in _PASSWORD.finditer(_WEB.sub(" ", text)):
        opening, code, closing = match.groups()
        pair = opening == closing or (opening, closing) in (("(", ")"), ("￥", "¥"), ("¥", "￥"))
        if pair and re.search(r"[A-Za-z]", code):
            return match[0]
    return ""


def _app_of(text: str, url: str) -> str:
    named = re.match(r"\s*【([^【】]{1,8})】", text)
    if named and named[1].strip() in _NAMES:
        return _NAMES[named[1].strip()]
    for pattern in (r"打开【?([^\s【】，,]{1,6}?)】?(?:App|APP|app|搜索|直接|，|,|！|$)",
                    r"👉\s*([^\s👉👈]{1,8})\s*👈", r"我在(闲鱼|转转|淘宝|微店)"):  # fmt: skip
        for match in re.finditer(pattern, text):
            if match[1] in _NAMES:
                return _NAMES[match[1]]
    host = _host(url)
    for name, domains in _APPS.items():
        if any(host == each or host.endswith(f".{each}") for each in domains):
            return name
    return ""


def _seller(text: str) -> str:
    for pattern in (_WORK, _NOTE, _FROM):
        if match := pattern.search(text):
            return match[1].strip()
    return ""


def _title(text: str, urls: list[str]) -> str:
    """The title: what is in the app's quotes, else what remains without the app's own words."""
    plain = text
    for url in urls:
        plain = plain.replace(url, " ")
    for opening, closing in _QUOTES[:2]:
        match = re.search(f"{opening}([^{opening}{closing}]+){closing}", plain)
        if match and (inner := _inner(match[1])):
            return inner
    for pattern in (_PASSWORD, _PHRASES, _WORK, _NOTE, _FROM, _CODE):
        plain = pattern.sub(" ", plain)
    bracketed = [each.strip() for each in re.findall(r"【([^【】]+)】", plain)]
    titles = [each for each in bracketed if each not in _NAMES]
    plain = re.sub(
        r"【([^【】]+)】", lambda found: "" if found[1].strip() in _NAMES else found[0], plain
    )
    rest = _inner(plain)
    if titles and (len(titles[0]) >= 4 or rest == f"【{titles[0]}】"):
        return _inner(titles[0])
    return rest


def _inner(text: str) -> str:
    """A title without the app's words around it, icons and blanks."""
    plain = _POSTED.sub("", " ".join(text.split()))
    plain = _ICONS.sub(" ", plain)
    plain = " ".join(plain.split()).strip(" ，,。；;：:！!~～-|·")
    while True:
        for opening, closing in (*_QUOTES, ("【", "】")):
            whole = plain.startswith(opening) and plain.endswith(closing) and len(plain) > 2
            if whole and opening not in plain[1:-1] and closing not in plain[1:-1]:
                plain = plain[1:-1].strip()
                break
        else:
            break
    return plain if re.search(r"\w", plain) and plain not in _NAMES else ""
