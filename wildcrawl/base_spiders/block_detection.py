"""Block detection: distinguishes login walls, captchas, blocks and soft 404s from results.

A seller's text must never be taken for a block. So a page with results is judged by its title
alone. A page with the site's own "nothing found", or a long page, is also judged by its text
outside of links and lists. Only a short page that shows nothing is judged by its whole source.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from wildcrawl.analysis.links import join_address
from wildcrawl.base_spiders.responses import Blocked, Missing, Unreadable, base_of

if TYPE_CHECKING:
    from scrapy.http import TextResponse

ADDRESSES = (
    "login",
    "logon",
    "signin",
    "sign_in",
    "passport",
    "wappass",
    "captcha",
    "verify",
    "antispider",
    "antibot",
    "punish",
    "risk_handler",
    "_____tmd_____",
)
"""Parts of the hosts and paths to which sites redirect unwanted visitors."""
TITLES = (
    "安全验证",
    "人机验证",
    "访问验证",
    "滑动验证",
    "身份验证",
    "验证中心",
    "验证码",
    "安全检查",
    "安全检测",
    "访问受限",
    "访问被拒绝",
    "访问被拦截",
    "访问过于频繁",
    "异常访问",
    "访问异常",
    "请求已被阻断",
    "霸下",
    "sina visitor system",
    "just a moment",
    "attention required",
    "access denied",
    "security check",
    "robot check",
    "human verification",
    "are you a robot",
)
"""Texts in the title of a challenge that no search for wildlife has in its title."""
LIMITS = (
    "过于频繁",
    "访问频率",
    "访问太频繁",
    "操作太快",
    "操作太频繁",
    "人太多了",
    "休息一下再",
    "搜索次数已达",
    "只能进行一次搜索",
    "系统最多响应搜索请求",
    "搜索时间间隔",
    "两次搜索",
    "不能使用搜索",
    "无法使用搜索",
    "没有权限使用搜索",
    "您所在的用户组",
    "滑块完成",
    "拖动滑块",
    "请拖动下方滑块",
    "完成安全验证",
    "请完成验证",
    "请完成下方验证",
    "进行验证后",
    "点击按钮进行验证",
    "请输入验证码",
    "软件的自动请求",
    "异常访问",
    "访问行为异常",
    "网络环境存在异常",
    "访问存在异常",
    "请求已被阻断",
    "访问被拒绝",
    "访问被拦截",
    "访问已被拦截",
    "访问被禁止",
    "对网站造成安全威胁",
    "对网站造成威胁",
    "被挤爆啦",
    "unusual traffic",
    "verify you are human",
    "verify that you are human",
    "checking your browser",
    "enable javascript and cookies to continue",
    "too many requests",
    "cannot use search at this time",
    "another search so soon",
    "not permitted to use the search",
)
"""Sentences with which sites refuse further requests."""
LOGINS = (
    "请先登录",
    "请登录",
    "请先登陆",
    "请登陆",
    "登录后才能",
    "登录后可",
    "登录后查看",
    "登录后再",
    "需要登录",
    "尚未登录",
    "还没有登录",
    "未登录",
    "登录已过期",
    "登录已失效",
    "登录超时",
    "need login",
    "needlogin",
    "need_login",
    "please log in",
    "please login",
    "please sign in",
    "log in to continue",
    "sign in to continue",
)
"""Texts of a login wall; many page headers have them too, so they count on a short page only."""
HINTS = (
    "验证码",
    "滑动验证",
    "滑块",
    "安全验证",
    "人机验证",
    'type="password"',
    "type='password'",
    "captcha",
    "geetest",
    "access denied",
    "系统繁忙",
    "服务器繁忙",
    "稍后再试",
    "稍候再试",
    "稍后重试",
)
"""Parts of a challenge; on a short page that shows nothing they have no other use."""
CODES = (
    "x5secdata",
    "_____tmd_____/punish",
    "霸下通用",
    "_cf_chl_opt",
    "acw_sc__v2",
    "wappass.baidu.com/static/captcha",
    "callback.58.com/antibot",
    "baxia-dialog-mask",
    "fail_sys_user_validate",
    "fail_sys_session_expired",
    "fail_sys_illegal_access",
    "fail_sys_traffic_limit",
    "rgv587",
    "needverify",
    "need_verify",
    "need_captcha",
    "needcaptcha",
)
"""Identifiers in the scripts and answers of protection services."""
GONE = (
    "页面不存在",
    "页面未找到",
    "页面没有找到",
    "页面找不到",
    "页面不见",
    "页面走丢",
    "页面被删除",
    "页面已删除",
    "页面已被删除",
    "找不到页面",
    "找不到该页",
    "找不到您要",
    "找不到你要",
    "找不到网页",
    "网页不存在",
    "网页走丢",
    "地址不存在",
    "接口不存在",
    "api不存在",
    "404 not found",
    "page not found",
    "page could not be found",
    "page cannot be found",
    "page does not exist",
    "page doesn't exist",
)
"""Texts of a soft 404: status 200, and these words instead of results."""

SHORT_PAGE = 20_000
"""Bytes; in the source of a longer page a sign of a challenge may be a seller's text."""
SHORT_TEXT = 1_500
"""Visible characters; a challenge may have long scripts, but little text."""
ONWARD_PAGE = 4_000
"""Bytes; a longer page has scripts that lead to a login for other reasons."""
LITTLE_TEXT = 400
"""Characters outside of links and lists, beyond which CODES prove nothing."""

_HIDDEN = "ancestor-or-self::*[self::script or self::style or self::noscript or self::template]"
_SHOWN = f"//body/descendant::text()[not({_HIDDEN})]"
_SPEAKING = f"//body/descendant-or-self::*[text() and not({_HIDDEN}) and not(ancestor-or-self::a)]"
_HEADINGS = "//h1//text() | //h2//text() | //*[@id='messagetext']//text()"
_LISTED = {"li", "tr", "td", "dl", "dd", "div", "section", "article", "tbody", "table"}
_ALIKE = 3
"""Siblings of one kind that make a list, whose text may be the sellers', or links of a menu."""
_AROUND = 3
"""Levels above a link within which the other links of its menu are."""
_BESIDE = 12
"""Characters that a menu may show beside its links."""
_LOGIN_TITLE = re.compile(
    r"^\W*(?:\w{0,4}登[录陆]|log ?in|sign ?in)\b|(?:登[录陆]|\blog ?in|\bsign ?in)\W*$",
    re.IGNORECASE,
)
_ONWARD = re.compile(
    r"""location(?:\.href)?\s*=\s*["']([^"']+)|location\.(?:replace|assign)\(\s*["']([^"']+)"""
    r"""|http-equiv=["']?refresh["']?[^>]*url=([^"'>]+)""",
    re.IGNORECASE,
)
_SETS_COOKIE = re.compile(r"document\.cookie\s*=(?!=)")
_LOADS_ANEW = re.compile(
    r"location\.reload\s*\(|history\.go\s*\(\s*0?\s*\)|location(?:\.href)?\s*=(?!=)\s*(?:window\.|document\.)?"
    r"location|location\.(?:replace|assign)\(\s*(?:window\.|document\.)?location"
)
_ANY = re.compile("")
_SAYS = re.compile(r"msg|mess|ret$|err|reason|tip|status|info|code|url", re.IGNORECASE)
"""Names of the fields in which a JSON answer gives its status."""


def check_blocked(page: TextResponse, marks: Iterable[str] = ()) -> None:
    """Raises Blocked or Missing if a page without results gives the reason.

    `marks` are the site's own wordings. Call it only for a page without results: a seller may
    write the same words.
    """
    _check_headers(page)
    _check_address(page)
    messages = _messages(page)
    if messages is not None:
        _find((*LIMITS, *LOGINS, *CODES, *HINTS, *marks), messages)
        _find(GONE, messages, Missing)
        return
    check_title(page)
    own_words, visible = _own_words(page), _text(page, _SHOWN)
    headings = f"{_title(page)}\n{_text(page, _HEADINGS)}"
    _check_login_title(page)
    _find((*LIMITS, *marks), own_words)
    _find(LOGINS, headings)
    if len(visible) <= SHORT_TEXT:
        short = len(page.body) <= SHORT_PAGE
        if len(page.body) <= ONWARD_PAGE:
            _check_onward(page)
        whole = page.text.lower() if short else visible
        _find((*LIMITS, *marks), whole)
        _find((*LOGINS, *HINTS), _without_menus(page, whole))
        if len(own_words) <= LITTLE_TEXT:
            _find(CODES, page.text)
        _find(GONE, visible, Missing)
    _find(GONE, headings, Missing)


def check_empty(page: TextResponse, marks: Iterable[str] = ()) -> None:
    """As `check_blocked`, for a page with the site's "nothing found"; ignores sellers' texts.

    Unreadable if the page was sent before the site had searched.
    """
    if page.status == HTTPStatus.ACCEPTED:
        raise Unreadable("the site accepted the search, and has no results yet (status 202)")
    _check_headers(page)
    messages = _messages(page, _SAYS)
    if messages is not None:
        _find((*LIMITS, *LOGINS, *CODES, *HINTS, *marks), messages)
        _find(GONE, messages, Missing)
        return
    check_title(page)
    _check_reload(page)
    _find((*LIMITS, *marks), _own_words(page))
    _find(GONE, f"{_title(page)}\n{_text(page, _HEADINGS)}", Missing)


def check_title(page: TextResponse) -> None:
    """As `check_blocked`, for a page of results: a challenge may cover an old or invented list."""
    _find(TITLES, _title(page))


def check_over_results(own_words: str, marks: Iterable[str]) -> None:
    """Raises Blocked if a page with results shows one of the site's own wordings beside them.

    `own_words` are the page's texts outside of its results, its links and its lists, so that no
    seller can write them.
    """
    _find(marks, own_words)


def messages_of(page: TextResponse) -> list[str]:
    """The messages and codes of a JSON answer, outside of its lists; [] if it is none."""
    return (_messages(page, _SAYS) or "").splitlines()


def leads_away(url: str) -> bool:
    """Whether a site redirects unwanted visitors to addresses such as `url`."""
    parts = urlsplit(url.lower())
    return any(word in parts.netloc + parts.path for word in ADDRESSES)


def _check_headers(page: TextResponse) -> None:
    if page.headers.get("cf-mitigated"):
        raise Blocked("the site shows a challenge instead (header cf-mitigated of its gateway)")


def _check_address(page: TextResponse) -> None:
    if page.request is None:
        return
    # A browser follows redirects by itself: only the address shows it.
    requested = page.meta.get("redirect_urls", [page.request.url])[0]
    if leads_away(page.url) and not leads_away(requested):
        raise Blocked(f"the site redirected to {page.url}")


def _check_login_title(page: TextResponse) -> None:
    match = _LOGIN_TITLE.search(_title(page))
    if match:
        raise Blocked(f"the site requires a login ('{match[0]}')")


def _check_onward(page: TextResponse) -> None:
    """Raises Blocked for a page that only redirects, by script or by refresh."""
    for match in _ONWARD.finditer(page.text):
        url = join_address(base_of(page), next(filter(None, match.groups())).strip())
        if leads_away(url):
            raise Blocked(f"the site redirects to {url}")


def _check_reload(page: TextResponse) -> None:
    """Raises Blocked for a short page whose script sets a cookie and loads the page anew."""
    if len(page.body) > ONWARD_PAGE or not _is_markup(page):
        return
    for script in page.selector.xpath("//script/text()").getall():
        if _SETS_COOKIE.search(script) and _LOADS_ANEW.search(script):
            raise Blocked("the site shows a challenge instead (a script that sets a cookie)")


def _find(marks: Iterable[str], text: str, kind: type[Blocked | Missing] = Blocked) -> None:
    lower = text.lower()
    for mark in marks:
        if mark.lower() in lower:
            if kind is Missing:
                raise Missing(f"the site reports that the page does not exist ('{mark}')")
            raise Blocked(f"the site shows a challenge instead ('{mark}')")


def _title(page: TextResponse) -> str:
    return _text(page, "//title//text()") if _is_markup(page) else ""


def _text(page: TextResponse, query: str) -> str:
    """The texts that `query` selects, each run of white space made one blank."""
    return " ".join(" ".join(page.selector.xpath(query).getall()).split())


def _without_menus(page: TextResponse, text: str) -> str:
    """`text` without the words of a login wall on links of menus: 首页 | 请登录 | 免费注册."""
    lower = text.lower()
    for link in page.selector.xpath("//a"):
        shown = "".join(link.root.itertext()).lower()
        marks = [mark for mark in LOGINS if mark in shown]
        if marks and _in_menu(link.root):
            for mark in marks:
                lower = lower.replace(mark, "", 1)
    return lower


def _in_menu(link: Any) -> bool:
    """Whether a link is one of several that stand side by side, with hardly any text beside."""
    for around in islice(link.iterancestors(), _AROUND):
        links = list(around.iter("a"))
        if len(links) >= _ALIKE:
            inside = sum(len("".join("".join(each.itertext()).split())) for each in links)
            return len("".join("".join(around.itertext()).split())) <= inside + _BESIDE
    return False


def _own_words(page: TextResponse) -> str:
    """The site's own words: the texts outside of links and lists."""
    elements = (selected.root for selected in page.selector.xpath(_SPEAKING))
    kinds: Kinds = {}
    texts = ("".join(one.xpath("text()")) for one in elements if not _is_listed(one, kinds))
    return "\n".join(" ".join(text.split()) for text in texts if text.strip())


Kinds = dict[Any, Counter[tuple[Any, str | None]]]
"""The kinds of an element's children, counted once, so that long lists take linear time."""


def _is_listed(element: Any, kinds: Kinds) -> bool:
    """Whether an element is in a list: it or an ancestor has siblings of its kind."""
    for node in (element, *element.iterancestors()):
        parent = node.getparent()
        if parent is None or node.tag not in _LISTED:
            continue
        if parent not in kinds:
            kinds[parent] = Counter((other.tag, other.get("class")) for other in parent)
        if kinds[parent][node.tag, node.get("class")] >= _ALIKE:
            return True
    return False


def _is_markup(page: TextResponse) -> bool:
    return page.text.lstrip()[:1] == "<"


def _messages(page: TextResponse, names: re.Pattern[str] = _ANY) -> str | None:
    """The texts of a JSON or JSONP answer outside of its lists of items; None if it is neither."""
    text = page.text.strip()
    if text[:1] not in ("{", "["):
        call = re.fullmatch(r"[\w$.\s?]*\((\{.*\})\)\s*;?", text, re.DOTALL)
        if call is None:
            return None
        text = call[1]
    try:
        return "\n".join(_strings(json.loads(text, strict=False), names))
    except (ValueError, RecursionError):
        return None


def _strings(answer: Any, names: re.Pattern[str], name: str = "") -> Iterator[str]:
    """The texts of an answer in fields that match `names`, without its lists of items."""
    if isinstance(answer, str):
        if names.search(name):
            yield answer
    elif answer is True:
        yield name
    elif isinstance(answer, dict):
        for key, value in answer.items():
            yield from _strings(value, names, key)
    elif isinstance(answer, list) and not any(isinstance(item, dict | list) for item in answer):
        for item in answer:
            yield from _strings(item, names, name)
