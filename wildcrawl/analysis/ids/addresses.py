"""Addresses of advertisements: one spelling for each page, and which pages show one thing only.

Two addresses are the same page if they differ by the scheme, a host label for another kind of
device, the default port, a closing slash, the order or the encoding of parameters, parameters that
record where a visitor came from, or a fragment that names a part of the page.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

from wildcrawl.analysis.text import nfkc, one_line, stream_safe
from wildcrawl.utils import lazy_pattern

_WEB = lazy_pattern(r"https?://[^\s\"'“”‘’<>，。；）」】》]+", re.IGNORECASE)
_SCHEME = lazy_pattern(
    r"(?!javascript:|mailto:|tel:|about:|data:)[a-z][a-z0-9+.-]*://", re.IGNORECASE
)
_BARE = lazy_pattern(
    r"(?:[\w-]+\.)+[a-z]{2,}(?::[0-9]+)?(?:[/?#].*)?|"
    r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?::[0-9]+)?(?:[/?#].*)?",
    re.IGNORECASE,
)
"""An address without its scheme, as people copy it: market.example/ad/1."""

_MISTYPED = lazy_pattern(
    r"(?:view-source:)?(?:h{0,2}t{1,3}p(s?)(?::[/\\]{1,3}|//))+", re.IGNORECASE
)
"""The beginning of an address, perhaps with a slip: htttp://, ttps://, https//, http://http://."""
_HOST = lazy_pattern(r"https?://([^/?#\s:]+)", re.IGNORECASE)
_PASTED_TWICE = lazy_pattern(r"(?<=[\w.])https?://.*", re.IGNORECASE)
"""A second address that was pasted behind the first without a sign between them."""

_DEVICE_HOSTS = frozenset({"www", "m", "wap", "mobile", "3g", "h5", "touch"})
"""First labels of a host under which a site shows the same page to another kind of device."""
_SECOND_LEVEL = frozenset({"com", "net", "org", "gov", "edu", "ac", "co", "or", "ne", "go", "idv"})

_TRACKING = frozenset(
    {
        # Taobao, Tmall, 1688, Xianyu: position of a link, of its page, and of the search behind it
        *("spm", "scm", "pvid", "abbucket", "ali_trackid", "ali_refid", "ut_sk", "sourcetype"),
        *("suid", "shareurl", "short_name", "un", "cpp", "nsukey"),
        # Campaigns and clicks of search engines and social media
        *("gclid", "fbclid", "msclkid", "bd_vid", "qhclickid", "mc_cid", "mc_eid", "_ga"),
        *("hmsr", "hmpl", "hmcu", "hmkw", "hmci", "isappinstalled", "_"),
    }
)
"""Parameters that only record a visitor's way to the page."""
_TRACKING_BEGINNINGS = ("utm_", "share_", "sharetoken", "ali_trackid", "hmsr")
_WEAK = frozenset(
    {
        *("from", "from_source", "fromuid", "source", "src", "ref", "refer", "referer"),
        *("referrer", "share", "sharefrom", "shareid", "track", "track_id", "trackid", "traceid"),
        *("click_id", "clickid", "extra", "mobile", "highlight", "timestamp", "rand", "random"),
        # WeChat, Weidian, Xianyu, Xiaohongshu, Bilibili: how a page was shared and opened
        *("chksm", "scene", "subscene", "ascene", "clicktime", "enterid", "pass_ticket"),
        *("wx_header", "exportkey", "wfr", "vc_wfr", "ifr", "forceflush", "categoryid"),
        *("xsec_token", "xsec_source", "app_platform", "app_version", "author_share", "apptime"),
        *("vd_source", "spm_id_from", "from_spmid", "plat_id", "unique_k", "buvid", "bbid"),
        *("enter_from", "previous_page"),
        *("phpsessid", "jsessionid", "sessionid", "pos", "position", "rank"),
    }
)
"""Parameters that do so on most sites, and might name the page on another: they are left out only
if a number in the path or in another parameter names it."""
_OF_A_HOST = {
    "tb.cn": frozenset(("tk", "sm", "app")),
    "taobao.com": frozenset(("skuid", "sku_properties", "priceid", "mi_id", "xxc", "ltk2")),
    "tmall.com": frozenset(("skuid", "sku_properties", "priceid", "mi_id", "xxc", "ltk2")),
}
"""Host to parameters that name no advertisement there: of a shared link, or a size that is open."""
_SEARCH_TERMS = frozenset(
    {
        *("q", "query", "kw", "wd", "word", "words", "key", "keys", "keyword", "keywords"),
        *("search", "searchword", "search_query", "searchtext", "search_text", "kwd", "k"),
    }
)
"""Parameters that hold the words of a search."""
_PAGING = frozenset(
    {
        *("page", "pageno", "pagenum", "page_no", "pn", "start", "offset", "limit", "size"),
        *("pagesize", "page_size", "rows", "sort", "order"),
    }
)
"""Parameters whose numbers count pages, not advertisements."""
_PART_OF_A_THREAD = frozenset({"pn", "page", "pageno", "pagenum", "page_no"})
"""Those of them that lead to a further page of one thread, whose number is the path's last part."""
_THREAD = lazy_pattern(r"/[0-9]{5,}(?:\.[a-z]{3,5})?/?$", re.IGNORECASE)
_NUMBERED_PATH = lazy_pattern(r"/[0-9]+(?:/|$)|[0-9]{3,}|[0-9](?=[^/]*$)")
_SEARCH_PATH = lazy_pattern(
    r"(?:^|/)(?:search|sousuo|so|chaxun|query)(?:[-_.][a-z]+)?(?:/|$)", re.IGNORECASE
)
_HOME = lazy_pattern(r"/?(?:(?:index|default|home|main)\.[a-z]{3,5})?", re.IGNORECASE)

_PART_OF_A_PAGE = lazy_pattern(
    r"(?:comment|review|reply|replies|rate|rating|rater|detail|desc|top|bottom|page|tab|photo|pic|"
    r"img|image|section|sec|anchor|nav|menu|header|footer|content|main|spm|post|pid|p|h|toc|"
    r"floor|lastpost|newpost|postmessage|share|评论|评价|回复|详情|顶部|底部|图片|第?[0-9]+楼)"
    r"s?(?![a-z])",
    re.IGNORECASE,
)
"""Beginnings of fragments that name a part of the same page."""
_LOT = lazy_pattern(r"(?i:lot|item|goods|stall|product|ad|no|nr|art|sku|id)(?:[-_=. ]\w|[A-Z]$)")
_HAN = lazy_pattern(r"[\u3400-\u9fff]")


def find_address(text: str) -> str:
    """The address in a cell or an attribute; "" if it holds none.

    A formula (=HYPERLINK(…)) and a text that an app shares hold it between other words; words
    alone (无, 查看, n/a) are not an address.

    >>> find_address('=HYPERLINK("https://m.example/ad/1","查看")'), find_address("无")
    ('https://m.example/ad/1', '')
    """
    plain = _corrected(one_line(nfkc(text) if not text.isascii() else text))
    if _SCHEME.match(plain) and " " not in plain:
        return plain.rstrip("。、，；」】》,;")
    if (match := _WEB.search(plain)) is not None:
        return match[0].rstrip(".,;:!)]}")
    bare = plain.startswith("//") or _BARE.fullmatch(plain)
    return plain if bare and " " not in plain else ""


def _corrected(text: str) -> str:
    """`text` without slips at the beginning of an address, and without an address pasted behind."""
    start = _MISTYPED.match(text)
    if start is None:
        return text
    rest = text[start.end() :]
    if start[0].lower() not in ("http://", "https://"):
        text = f"http{start[1].lower()}://" + rest.replace("\\", "/")
    second = _PASTED_TWICE.search(text)
    # Another site behind the first is where that one leads.
    if second is None:
        return text
    hosts = [_HOST.match(part) for part in (text[: second.start()], second[0])]
    same = len({host and _host(host[1].lower()) for host in hosts}) == 1
    return text[: second.start()] if same else text


@lru_cache(maxsize=1024)
def canonical_address(address: str) -> str:
    """One spelling of an address, for comparing; not an address to fetch.

    An address that cannot be split stays as it is.

    >>> canonical_address("https://m.site.example/item/5/?from=list&spm=a1.b2#comments")
    'http://site.example/item/5'
    """
    page, sign, fragment = stream_safe(address).partition("#")
    # What a browser is to highlight (#:~:text=…) names no place.
    fragment = fragment.partition(":~:")[0]
    # Parameters are also appended with the wrong sign: /item/5&spm=1, ?id=5?spm=1.
    page, question, query = re.sub(r"[?&](?=\w+=)", "?", page, count=1).partition("?")
    query = re.sub(r"\?(?=\w+=)", "&", query)
    address = f"{page}{question}{query}{sign}{fragment}"
    try:
        plain = canonicalize_url(_with_scheme(address), keep_fragments=_is_kept(fragment))
        parts = urlsplit(plain)
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
        host = _host(parts.hostname or "")
    except ValueError:
        return address
    if parts.scheme not in ("http", "https"):
        return plain
    path = re.sub(r";jsessionid=[^/?#]*", "", parts.path, flags=re.IGNORECASE)
    path = re.sub("//+", "/", path).rstrip("/") or "/"
    pairs = [
        pair
        for pair in parse_qsl(parts.query, keep_blank_values=True)
        if pair[0].lower() not in _left_out_of(host)
    ]
    query = _without_tracking(path, pairs, parts.fragment)
    return urlunsplit(("http", host + port, path, query, parts.fragment))


def names_one_page(address: str) -> bool:
    """Whether an address names a page of its own, and not a site's home or a page of results.

    >>> names_one_page("https://site.example/item/5"), names_one_page("https://site.example/")
    (True, False)
    """
    if not address:
        return False
    parts = urlsplit(_split_safe(canonical_address(address)))
    if parts.fragment or parts.scheme not in ("http", "https"):
        return True
    if _HOME.fullmatch(parts.path) and not parts.query:
        return False
    return not _is_search(parts.path, parse_qsl(parts.query, keep_blank_values=True))


def _split_safe(address: str) -> str:
    try:
        urlsplit(address)
    except ValueError:
        return "x://" + address.replace("[", "").replace("]", "")
    return address


def _with_scheme(address: str) -> str:
    if address.startswith("//"):
        return f"http:{address}"
    return f"http://{address}" if _BARE.fullmatch(address) else address


def _is_kept(fragment: str) -> bool:
    """Whether a fragment tells things on one page apart: lots by number or name, or pages of a
    script (#/… and #!…); not one that names a part of the page."""
    text = unquote(fragment).strip()
    if text.startswith(("/", "!")):
        return bool(text.strip("/!"))
    if not text or _PART_OF_A_PAGE.match(text) or set(_parameter_names(text)) & _TRACKING:
        return False
    return bool(re.search("[0-9]", text) or _LOT.match(text) or _HAN.search(text) or len(text) == 1)


def _parameter_names(text: str) -> list[str]:
    """The names of the parameters in a query or a fragment, in lower case."""
    return [name.lower() for name, _ in parse_qsl(text, keep_blank_values=True)]


def _left_out_of(host: str) -> frozenset[str]:
    """The parameters that name no advertisement on a host."""
    return _OF_A_HOST.get(".".join(host.rsplit(".", 2)[-2:]), frozenset())


def _host(host: str) -> str:
    labels = host.lower().rstrip(".").split(".")
    while labels[0] in _DEVICE_HOSTS and len(labels) > 2 and _is_a_domain(labels[1:]):
        labels = labels[1:]
    if len(labels) > 3 and labels[1] in _DEVICE_HOSTS - {"www"} and _is_a_domain(labels[2:]):
        # item.m.site.example, beside item.site.example
        labels = [labels[0], *labels[2:]]
    return ".".join(labels)


def _is_a_domain(labels: list[str]) -> bool:
    """Whether labels are more than a public suffix such as com.cn."""
    return len(labels) > 2 or labels[0] not in _SECOND_LEVEL


def _without_tracking(path: str, query: list[tuple[str, str]], fragment: str) -> str:
    strong = [
        (name, value)
        for name, value in query
        if name.lower() not in _TRACKING
        and not name.lower().startswith(_TRACKING_BEGINNINGS)
        and not (name.lower() in _PART_OF_A_THREAD and _THREAD.search(path))
    ]
    kept = [
        (name, value)
        for name, value in strong
        if name.lower() not in _WEAK and not _is_words(name, value)
    ]
    numbered = _NUMBERED_PATH.search(path) or any(
        re.search(r"[0-9]", value) for name, value in kept if name.lower() not in _PAGING
    )
    chosen = kept if numbered or fragment.startswith(("/", "!")) else strong
    return urlencode(sorted(chosen), errors="surrogateescape")


def _is_words(name: str, value: str) -> bool:
    """Whether a parameter holds the words of a search."""
    return name.lower() in _SEARCH_TERMS and not re.fullmatch(r"[0-9]+", value)


def _is_search(path: str, query: list[tuple[str, str]]) -> bool:
    searched = any(_is_words(name, value) for name, value in query)
    if searched:
        return True
    named = any(re.search(r"[0-9]{4,}", value) for _, value in query)
    return bool(_SEARCH_PATH.search(path)) and not named and not re.search(r"[0-9]{4,}", path)
