"""Block detection: walls, blocks and soft 404s are recognised, sellers' texts never are.

The pages are made up after what is publicly known of the sites' own.
"""

from __future__ import annotations

import json

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from wildcrawl.base_spiders.block_detection import check_blocked, check_empty, check_title
from wildcrawl.base_spiders.responses import Blocked, Missing

URL = "https://www.mall.example/search?q=x"
SCRIPT = "<script>" + "var filler = 'abcdefghij';" * 2000 + "</script>"
SELLER = (
    "老象牙手镯 拍前请先登录，请输入验证码 滑块 异常访问 请完成验证 访问过于频繁 页面不存在 "
    "您所在的用户组 captcha FAIL_SYS_USER_VALIDATE x5secdata"
)


def page(text: str, url: str = URL, led_from: str = "") -> HtmlResponse:
    meta = {"redirect_urls": [led_from]} if led_from else {}
    return HtmlResponse(url, body=text.encode(), encoding="utf-8", request=Request(url, meta=meta))


def document(body: str, title: str = "商城") -> HtmlResponse:
    return page(f"<html><head><title>{title}</title></head><body>{body}</body></html>")


def cards(number: int, text: str = SELLER) -> str:
    one = f'<div class="item"><h3>{text}</h3><p>{text}</p><a href="/i">{text}</a></div>'
    return f'<div class="list">{one * number}</div>'


CHALLENGES = {
    "baidu": document('<div class="timeout hide">网络不给力，请稍后重试</div>', "百度安全验证"),
    "58": document("<h1>请输入验证码</h1><p>您的访问过于频繁，点击按钮进行验证</p>" + SCRIPT),
    "58, led there": page("<html></html>", "https://callback.58.com/antibot/verifycode?s=1", URL),
    "taobao": document(
        "<script>window._config_={action:'captcha',msg:'霸下通用 web 页面-验证码',"
        "url:'/_____tmd_____/punish?x5secdata=a'}</script>" + SCRIPT,
        "",
    ),
    "goofish": document('<div class="baxia-dialog-mask"></div><p>请拖动下方滑块</p>' + SCRIPT),
    "sogou": document(
        "<p>用户您好，我们的系统检测到您网络中存在异常访问请求。</p>"
        "<p>此验证码用于确认这些请求是您的正常行为</p>" + SCRIPT,
        "搜狗搜索",
    ),
    "kongfz": document("<div>本次查询类似计算机软件的自动请求，请您进行验证后再继续搜索</div>"),
    "kongfz, a slider": document("<div>请滑动滑块完成拼图</div>"),
    "kongfz, the limit": document("<div>您今天的搜索次数已达到上限</div>"),
    "jd": page("<html></html>", "https://cfe.m.jd.com/privatedomain/risk_handler/1/", URL),
    "weibo": page("<html></html>", "https://passport.weibo.com/visitor/visitor", URL),
    "cloudflare": document(
        "<noscript>Enable JavaScript and cookies to continue</noscript>"
        "<script>window._cf_chl_opt={}</script>" + SCRIPT,
        "Just a moment...",
    ),
    "aliyun": document("<script>var arg1='0A1B'; document.cookie='acw_sc__v2='+arg1;</script>", ""),
    "a gateway": document("<p>您的访问请求可能对网站造成安全威胁，请求已被阻断</p>"),
    "discuz, its group": document(
        '<div id="messagetext"><p>抱歉，您所在的用户组(游客)无法进行此操作</p></div>'
    ),
    "discuz, too soon": document(
        '<div id="messagetext"><p>抱歉，您在 15 秒内只能进行一次搜索</p></div>'
    ),
    "discuz, too many": document(
        "<p>抱歉，站点设置每分钟系统最多响应搜索请求 20 次，请稍候再试</p>"
    ),
    "login": document('<h1>会员登录</h1><form><input type="password" name="p"></form>'),
    "login, by its title": document(cards(30, "热卖") + SCRIPT, "京东-欢迎登录"),
    "login, in a title with more": document(cards(30, "热卖"), "登录 - 微博"),
    "login, in a browser": HtmlResponse(
        "https://login.mall.example/member", body=b"", request=Request(URL), encoding="utf-8"
    ),
    "dedecms, too soon": document("<p>管理员设定搜索时间间隔为30秒，请稍后再试！</p>" + SCRIPT),
    "phpbb, too soon": document(
        '<div class="panel"><h2>Information</h2><p>Sorry but you cannot use search at this time. '
        "Please try again in a few minutes.</p></div>" + cards(5, "board")
    ),
    "login, by refresh": page(
        '<meta http-equiv="refresh" content="0;url=https://login.mall.example/?to=search">'
    ),
    "login, by script": page(
        "<script>window.location.replace('https://passport.mall.example/new/login')</script>"
    ),
    "with an old list": document(
        "<div class='notice'>访问过于频繁，请输入验证码</div>" + cards(40, "仿古木雕") + SCRIPT
    ),
}


@pytest.mark.parametrize("name", CHALLENGES)
def test_a_challenge_in_place_of_results_is_a_block(name: str) -> None:
    with pytest.raises(Blocked, match="the site"):
        check_blocked(CHALLENGES[name])


ANSWERS = {
    "mtop": {"ret": ["FAIL_SYS_USER_VALIDATE::哎哟喂,被挤爆啦,请稍后重试!"], "data": {}},
    "mtop, with an address": {"ret": ["RGV587_ERROR::SM"], "data": {"url": "https://h/punish?x"}},
    "a code": {"code": 401, "msg": "请登录", "data": None},
    "an empty list": {"status": 0, "message": "请求过于频繁", "data": {"list": []}},
    "a flag": {"code": 0, "data": {"list": [], "needLogin": True}},
    "busy": {"code": 500, "msg": "系统繁忙，请稍后再试", "items": []},
}


@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize("name", ANSWERS)
def test_a_gateway_that_refuses_in_json_is_a_block_and_no_empty_list(
    name: str, *, escaped: bool
) -> None:
    text = json.dumps(ANSWERS[name], ensure_ascii=escaped)
    for each in (text, f"mtopjsonp1({text})"):
        for check in (check_blocked, check_empty):
            with pytest.raises(Blocked):
                check(page(each))


SOFT_404 = {
    "a heading": document("<h1>啊哦，您访问的页面找不到了</h1>"),
    "a sentence": document("<p>抱歉，您访问的页面不存在</p><a href='/'>返回首页</a>"),
    "english": document("<h2>Page not found</h2>"),
    "a title over much else": document(cards(60, "仿古木雕"), "页面不存在 - 商城"),
    "json": page('{"code":404,"msg":"接口不存在"}'),
}


@pytest.mark.parametrize("name", SOFT_404)
def test_a_soft_404_is_reported(name: str) -> None:
    with pytest.raises(Missing, match="reports that the page does not exist"):
        check_blocked(SOFT_404[name])


def test_a_soft_404_that_looks_like_an_empty_result_is_none() -> None:
    with pytest.raises(Missing):
        check_empty(document('<div class="none"><h2>页面不存在</h2></div>'))


@pytest.mark.parametrize(
    "refusal",
    [
        '<p class="none">您的访问过于频繁，请稍后再试</p>',
        '<p class="none">抱歉，您在 30 秒内只能进行一次搜索</p>',
        "<div class='none'>请输入验证码后继续</div>",
    ],
)
def test_a_refusal_in_the_clothes_of_an_empty_result_is_a_block(refusal: str) -> None:
    with pytest.raises(Blocked):
        check_empty(document(refusal + cards(5)))


@pytest.mark.parametrize(
    ("script", "blocked"),
    [
        ("document.cookie='k=9f2c;path=/';location.reload()", True),
        ("document.cookie = 'k=9f2c'; window.location.href = window.location.href;", True),
        ("document.cookie='seen=1'", False),
        ("if (document.cookie == '') location.reload()", False),
        (
            "document.cookie='seen=1'; document.f.onsubmit = () => location.href = '/s?q=' + q",
            False,
        ),
    ],
)
def test_a_script_that_sets_a_cookie_and_loads_the_page_anew_is_a_challenge(
    script: str, blocked: bool
) -> None:
    shown = document(f"<script>{script}</script><p class='none'>没有找到相关商品</p>")
    if not blocked:
        check_empty(shown)
        return
    with pytest.raises(Blocked, match="a script that sets a cookie"):
        check_empty(shown)


def test_a_challenge_over_a_list_is_known_by_its_title() -> None:
    with pytest.raises(Blocked):
        check_title(document(cards(20), "访问验证-58同城"))


def test_what_sellers_write_is_not_a_block() -> None:
    check_title(document(cards(20), "象牙手镯 - 商城搜索"))
    check_empty(document("<p>没有找到相关宝贝，为您推荐</p>" + cards(12)))
    check_empty(
        page(json.dumps({"code": 0, "msg": "", "data": {"list": [], "hot": [{"title": SELLER}]}}))
    )


def test_results_in_other_markup_are_a_change_of_the_site_and_no_block() -> None:
    check_blocked(document(f"<p>登录 请先登录 注册</p>{cards(40)}" + SCRIPT))


def test_a_site_with_a_login_in_its_head_may_have_nothing() -> None:
    check_empty(
        document(
            '<div class="top">您好，请先登录<form><input type="password"></form></div>'
            "<p>抱歉，没有找到与“象牙”相关的宝贝</p>"
        )
    )


def test_a_shop_that_has_a_login_in_its_name_or_its_scripts_may_change() -> None:
    changed = document("<div id='app'></div>" + cards(40, "仿古"), "象牙手镯_登录即送积分_商城")
    check_blocked(changed)
    verify = "https://www.verify-antiques.example/search?q=x"
    check_blocked(page("<p>改版</p>", verify, verify + "&from=1"))
    script = "<script>if (!user.token) { location.href = '/login' }</script>" + SCRIPT
    check_blocked(document("<div id='app'></div>" + script))


MENU = '<ul><li><a href="/">首页</a></li><li><a href="/l">{login}</a></li><li><a>注册</a></li></ul>'


def test_a_login_in_a_menu_over_other_markup_is_no_block() -> None:
    menu = MENU.format(login="请登录")
    check_blocked(document(f"{menu}<div class=new><a href='/i/1'>老象牙手镯</a>980元</div>"))
    with pytest.raises(Blocked):
        check_blocked(document(f"{menu}<p>您尚未登录</p>"))
    with pytest.raises(Blocked):
        check_blocked(document("<p>请<b>先</b></p><a href='/l'>请登录</a>"))


def test_the_reason_says_what_was_read() -> None:
    with pytest.raises(Blocked, match="滑块完成"):
        check_blocked(CHALLENGES["kongfz, a slider"])
    with pytest.raises(Blocked, match=r"redirected to https://cfe\.m\.jd\.com"):
        check_blocked(CHALLENGES["jd"])


def test_a_sites_own_words_count_too() -> None:
    odd = document("<p>店小二去吃饭了</p>")
    check_blocked(odd)
    with pytest.raises(Blocked):
        check_blocked(odd, ("店小二去吃饭了",))
