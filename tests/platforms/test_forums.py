"""Discuz!, phpBB and NodeBB: boards and threads of every version and style."""

from __future__ import annotations

import json
from typing import Any

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse
from scrapy.utils.project import get_project_settings

from wildcrawl.base_spiders.asked_price import asked
from wildcrawl.base_spiders.board import BoardPage, BoardWalk
from wildcrawl.base_spiders.responses import Blocked, Unreadable, Withheld
from wildcrawl.platforms.discuz import DiscuzSpider
from wildcrawl.platforms.nodebb import NodebbSpider
from wildcrawl.platforms.phpbb import PhpbbSpider

HOME = "https://bbs.example/"
SID = "sid=0123456789abcdef0123456789abcdef"


def forum(engine: type[Any]) -> Any:
    site: type[BoardWalk] = type("Site", (engine,), {"name": "site", "domain": "bbs.example"})
    settings = get_project_settings()
    settings.set("WILDCRAWL_STORE", "sqlite:///:memory:")
    return site.from_crawler(Crawler(site, settings))


def page(body: str, path: str = "forum.php") -> HtmlResponse:
    whole = f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>'
    url = HOME + path
    return HtmlResponse(url, body=whole.encode(), encoding="utf-8", request=Request(url))


def core(read: BoardPage) -> list[tuple[str, str, str, str]]:
    return [(row["ad_id"], row["title"], row["seller"], row["seller_id"]) for row in read.rows]


TWO = [("71", "老象牙手镯", "藏友甲", "7"), ("70", "核桃 一对", "藏友乙", "8")]


# Discuz!


def discuz_board(link: str, by: str, name: str = "normalthread") -> str:
    rows = ""
    for ad_id, title, seller, uid in TWO:
        url = f"forum.php?mod=viewthread&amp;tid={ad_id}&amp;extra=page%3D1"
        rows += f'<tbody id="{name}_{ad_id}"><tr>{link}{by}</tr></tbody>'.format(
            url=url, ad_id=ad_id, title=title, seller=seller, uid=uid
        )
    return f"<table>{rows}</table>"


X_LINK = (
    '<th><a href="javascript:;" class="showcontent y" id="content_{ad_id}"></a>'
    '<em>[<a href="forum.php?mod=forumdisplay&amp;fid=2&amp;typeid=1">出售</a>]</em> '
    '<a href="{url}" class="s xst">{title}</a> <span class="tps"><a href="{url}">2</a></span></th>'
)
X_BY = (
    '<td class="by"><cite><a href="home.php?mod=space&amp;uid={uid}">{seller}</a></cite>'
    "<em><span>2016-5-3</span></em></td>"
    '<td class="by"><cite><a href="home.php?mod=space&amp;uid=99">他人</a></cite></td>'
)
OLD_LINK = (
    '<th class="subject new"><em>[<a href="forumdisplay.php?fid=2&amp;typeid=1">出售</a>]</em>'
    '<span id="thread_{ad_id}"><a href="viewthread.php?tid={ad_id}&amp;extra=">{title}</a></span>'
    "</th>"
)
OLD_BY = (
    '<td class="author"><cite><a href="space.php?uid={uid}">{seller}</a></cite><em>2009-5-3</em>'
    '</td><td class="lastpost"><cite><a href="space.php?uid=99">他人</a></cite></td>'
)
STATIC = X_LINK.replace("{url}", "thread-{ad_id}-1-1.html")
STATIC_BY = X_BY.replace("home.php?mod=space&amp;uid={uid}", "space-uid-{uid}.html")
PLAIN_LINK = '<th><a href="{url}">{title}</a></th>'


@pytest.mark.parametrize(
    ("link", "by"),
    [(X_LINK, X_BY), (OLD_LINK, OLD_BY), (STATIC, STATIC_BY), (PLAIN_LINK, X_BY)],
    ids=["X", "7", "static", "own style"],
)
def test_discuz_boards_of_every_version(link: str, by: str) -> None:
    read = forum(DiscuzSpider).read_results(page(discuz_board(link, by)))
    assert core(read) == TWO
    assert list(read.states) == ["71", "70"]
    assert all("thread" in row["url"] for row in read.rows)
    assert all(row["posted_at"].endswith("-5-3") for row in read.rows)


def test_discuz_a_pinned_thread_is_recognised() -> None:
    body = discuz_board(X_LINK, X_BY, "stickthread") + discuz_board(X_LINK, X_BY)
    read = forum(DiscuzSpider).read_results(page(body))
    assert len(read.rows) == 4
    assert len(read.states) == 2


def test_discuz_the_full_date_is_taken_where_a_relative_one_is_shown() -> None:
    by = X_BY.replace("<span>2016-5-3</span>", '<span><span title="2016-5-3">前天</span></span>')
    read = forum(DiscuzSpider).read_results(page(discuz_board(X_LINK, by)))
    assert {row["posted_at"] for row in read.rows} == {"2016-5-3"}


def listed(row: str, around: str) -> str:
    rows = (
        row.format(ad_id=ad_id, title=title, seller=seller, uid=uid, url=f"thread-{ad_id}-1-1.html")
        for ad_id, title, seller, uid in TWO
    )
    return around.format("".join(rows))


USER = '<a href="space-uid-{uid}.html">{seller}</a>'
DISCUZ_LISTS = {
    "search": (
        '<li class="pbw" id="{ad_id}"><h3 class="xs3"><a href="forum.php?mod=viewthread&amp;'
        'tid={ad_id}&amp;highlight=x"><b>{title}</b></a></h3><p class="xg1">3 个回复</p>'
        "<p>看图说话</p><p><span>2016-5-3 14:20</span> - <span>" + USER + "</span> - "
        '<span><a href="forum-2-1.html" class="xi1">牙角交易</a></span></p></li>',
        '<div class="slst mtw" id="threadlist"><ul>{}</ul></div>',
    ),
    "pictures": (
        '<li><div class="c cl"><a href="{url}"><img src="data/attachment/{ad_id}.jpg"></a></div>'
        '<h3 class="xw0"><a href="{url}">{title}</a></h3><div class="auth cl">'
        + USER
        + "</div></li>",
        '<ul id="waterfall" class="ml waterfall cl">{}</ul>',
    ),
    "phone X3.5": (
        '<li class="list"><div class="threadlist_top cl"><h3>'
        '<a href="home.php?mod=space&amp;uid={uid}" class="mmc">{seller}</a></h3>'
        '<span class="mtime">2022-5-3</span></div><a href="{url}"><div class="threadlist_tit">'
        '<em>{title}</em></div><div class="threadlist_mes cl">看图</div></a></li>',
        '<div class="threadlist cl"><ul>{}</ul></div>',
    ),
    "phone": (
        '<li><a href="{url}"> {title} <span class="by">{seller}</span></a>'
        '<span class="num">3</span></li>',
        '<div class="threadlist"><ul>{}</ul></div>',
    ),
    "comiis": (
        '<li class="forumlist_li comiis_znalist bg_f b_t comiis_list_readimgs">'
        '<div class="forumlist_li_top cl"><a class="wblist_tximg" href="space-uid-{uid}.html">'
        '<img src="avatar.jpg"></a><h2><a class="top_user">{seller}</a><span>Lv.6</span></h2>'
        '<div class="forumlist_li_time"><span class="f_d">14分钟前</span></div></div>'
        '<div class="mmlist_li_box cl"><h2><a href="{url}">{title}</a></h2><div class="list_body">'
        '<a href="{url}">看图说话</a></div><div class="comiis_pyqlist_imgs"><ul><li>'
        '<img comiis_loadimages="data/{ad_id}.jpg" src="none.gif"></li></ul></div></div>'
        '<div class="comiis_xznalist_bk"><a>牙角交易</a></div></li>',
        '<div class="comiis_forumlist"><ul>{}</ul></div>',
    ),
    "plain phone": (
        '<div class="bm_c"><a href="{url}">{title}</a><br><span class="xg1">'
        + USER
        + " 2016</span></div>",
        '<div class="tl">{}</div>',
    ),
}


@pytest.mark.parametrize("name", DISCUZ_LISTS)
def test_discuz_other_lists_of_threads(name: str) -> None:
    read = forum(DiscuzSpider).read_results(page(listed(*DISCUZ_LISTS[name])))
    assert [row[:3] for row in core_of(read, ("ad_id", "title", "seller"))] == [
        each[:3] for each in TWO
    ]


def core_of(read: BoardPage, names: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [tuple(row.get(name, "") for name in names) for row in read.rows]


def test_discuz_cards_of_a_comiis_theme_show_text_pictures_and_date() -> None:
    (first, _) = forum(DiscuzSpider).read_results(page(listed(*DISCUZ_LISTS["comiis"]))).rows
    assert (first["description"], first["category"]) == ("看图说话", "牙角交易")
    assert (first["seller_id"], first["posted_at"]) == ("7", "14分钟前")
    assert first["image_urls"] == [HOME + "data/71.jpg"]


def test_discuz_rows_of_a_guide_have_no_heading() -> None:
    row = (
        '<tbody id="normalthread_71"><tr><td><span class="comiis_common"><em><a>牙角交易</a></em>'
        '<a href="forum.php?mod=viewthread&amp;tid=71">老象牙手镯</a></span></td><td><div>'
        '<span class="y"><a href="space-uid-9.html">他人</a></span>'
        '<span class="y"><em>3</em></span>'
        '<span class="y"><a href="space-uid-7.html">藏友甲</a>'
        '<span title="2026-9-30">昨天 22:55</span></span></div></td></tr></tbody>'
    )
    (read,) = forum(DiscuzSpider).read_results(page(f"<table>{row}</table>")).rows
    assert (read["ad_id"], read["title"]) == ("71", "老象牙手镯")
    assert read["url"] == HOME + "forum.php?mod=viewthread&tid=71"
    assert (read["category"], read["posted_at"]) == ("牙角交易", "2026-9-30")
    assert (read["seller"], read["seller_id"]) == ("藏友甲", "7")


def test_discuz_a_thread_of_a_comiis_theme() -> None:
    body = (
        '<div class="comiis_z_title_text">老象牙手镯</div>'
        '<div id="pid5" class="plc"><div class="comiis_message">圈口58，售价：800元</div></div>'
    )
    read = forum(DiscuzSpider).read_details(page(body))
    assert (read["title"], read["price"]) == ("老象牙手镯", "800元")
    assert read["description"] == "圈口58，售价：800元"


def test_discuz_search_results_show_text_board_and_date() -> None:
    (first, _) = forum(DiscuzSpider).read_results(page(listed(*DISCUZ_LISTS["search"]))).rows
    assert (first["description"], first["category"]) == ("看图说话", "牙角交易")
    assert first["posted_at"] == "2016-5-3 14:20"


POST = """<div id="pt"><a href="forum-2-1.html">牙角交易</a></div><h1><a href="x">[出售]</a>
<span id="thread_subject">老象牙手镯</span></h1>
<div id="post_5"><div class="authi"><a href="space-uid-7.html" class="xw1">藏友甲</a></div>
<em id="authorposton5">发表于 <span title="2016-5-3 14:20:11">前天 14:20</span></em>
<table><tr><td class="t_f" id="postmessage_5"><i class="pstatus">本帖最后由 藏友甲 编辑</i>圈口58
<span style="display: none">乱码</span><font class="jammer">q1!</font>
<img src="static/image/smiley/1.gif" smilieid="1">
<img src="static/image/common/none.gif" zoomfile="data/a.jpg" file="data/a.jpg.thumb.jpg">
<img src="static/image/common/none.gif" file="data/b.jpg"></td></tr></table></div>
<div id="post_6"><a href="space-uid-8.html">藏友乙</a><td id="postmessage_6">售价：1元</td></div>"""


def test_discuz_a_thread_is_its_first_post() -> None:
    read = forum(DiscuzSpider).read_details(page(POST, "thread-71-1-1.html"))
    assert read == {
        "title": "老象牙手镯",
        "description": "圈口58",
        "price": "",
        "seller": "藏友甲",
        "seller_id": "7",
        "location": "",
        "posted_at": "2016-5-3 14:20:11",
        "image_urls": [HOME + "data/a.jpg", HOME + "data/b.jpg"],
    }


def test_discuz_who_rates_an_anonymous_thread_is_not_its_seller() -> None:
    rated = '<dl class="rate"><a href="space-uid-99.html">路人</a></dl></td></tr></table></div>'
    body = POST.replace('<a href="space-uid-7.html" class="xw1">藏友甲</a>', "匿名")
    read = forum(DiscuzSpider).read_details(
        page(body.replace("</td></tr></table></div>", rated, 1), "thread-71-1-1.html")
    )
    assert (read["title"], read["seller"], read["seller_id"]) == ("老象牙手镯", "", "")


def test_discuz_a_thread_for_phones() -> None:
    body = (
        '<div class="postlist"><h2>[出售] 老象牙手镯 <a>只看楼主</a></h2>'
        '<div class="plc cl" id="pid5"><ul class="authi"><li class="grey"><b>'
        '<a href="home.php?mod=space&amp;uid=7" class="blue">藏友甲</a></b></li>'
        '<li class="grey rela">2016-5-3 14:20</li></ul>'
        '<div class="message">圈口58，一口价：800</div></div>'
        '<div class="plc cl" id="pid6"><div class="message">顶</div></div></div>'
    )
    read = forum(DiscuzSpider).read_details(page(body))
    assert (read["title"], read["description"]) == ("[出售] 老象牙手镯", "圈口58，一口价：800")
    assert (read["seller"], read["seller_id"], read["price"]) == ("藏友甲", "7", "800")
    assert read["posted_at"] == "2016-5-3 14:20"


def test_discuz_the_price_of_a_trade_is_the_one_in_money() -> None:
    trade = (
        '<div class="trdb"><h4><a href="x">手镯</a></h4><p><strong>3500</strong>&nbsp;元 '
        "另加 <strong>20</strong> 金币</p></div>"
    )
    body = POST.replace("圈口58\n", "圈口58" + trade)
    assert forum(DiscuzSpider).read_details(page(body))["price"] == "3500"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("抱歉，指定的主题不存在或已被删除或正在被审核", Withheld),
        ("抱歉，您没有权限访问该版块", Withheld),
        ("抱歉，本帖要求阅读权限高于 20 才能浏览", Withheld),
        ("抱歉，您在 15 秒内只能进行一次搜索", Blocked),
        ("您的访问过于频繁，请稍候再试", Blocked),
    ],
)
@pytest.mark.parametrize(
    "around",
    [
        '<form><input type="password"></form><div id="messagetext"><p>{}</p><p>[返回]</p></div>',
        '<div class="jump_c"><p>{}</p></div>',
    ],
)
def test_discuz_messages_are_distinguished(said: str, kind: type[Exception], around: str) -> None:
    message = page(around.format(said))
    for read in (forum(DiscuzSpider).read_results, forum(DiscuzSpider).read_details):
        with pytest.raises(kind, match=said):
            read(message)


def test_discuz_an_empty_board_is_not_a_changed_page() -> None:
    spider = forum(DiscuzSpider)
    empty = spider.read_results(page("<p>本版块或指定的范围内尚无主题</p>"))
    assert (empty.rows, empty.recognised) == ([], True)
    assert not spider.read_results(page("<p>别的</p>")).recognised


# phpBB

MEMBER = '<a href="./memberlist.php?mode=viewprofile&amp;u={uid}" class="username">{seller}</a>'
LAST = MEMBER.format(uid=99, seller="他人")
TOPIC = '<a href="./viewtopic.php?f=5&amp;t={ad_id}&amp;' + SID + '" class="topictitle">{title}</a>'
PHPBB_LISTS = {
    "3.0": (
        '<li class="row bg1"><dl class="icon"><dt title="x">' + TOPIC + "<br>由 " + MEMBER + " » "
        '2010-05-03 14:20</dt><dd class="posts">3 <dfn>回复</dfn></dd><dd class="lastpost"><span>'
        + LAST
        + " 2010-06-01</span></dd></dl></li>",
        '<ul class="topiclist"><li class="header"></li></ul><ul class="topiclist topics">{}</ul>'
        '<fieldset class="display-options"><a href="./viewforum.php?f=5&amp;start=25" '
        'class="right-box right">下一页</a></fieldset>',
    ),
    "3.3": (
        '<li class="row bg2"><dl class="row-item topic_read"><dt><div class="list-inner">' + TOPIC
        + '<div class="responsive-show">' + LAST + '</div><div class="topic-poster left-box">由 '
        + MEMBER + ' » <time datetime="2022-05-03T06:20:00+00:00">2022</time></div></div></dt>'
        '<dd class="posts">3</dd><dd class="lastpost"><span>' + LAST + "</span></dd></dl></li>",
        '<ul class="topiclist topics">{}</ul><div class="pagination"><ul><li class="arrow next">'
        '<a href="./viewforum.php?f=5&amp;start=25" rel="next">下一页</a></li></ul></div>',
    ),
    "subsilver2": (
        '<tr><td class="row1"><img src="x.gif"></td><td class="row1">'
        + TOPIC.replace("<a ", '<a title="发表于: 2010-05-03" ')
        + '</td><td class="row2"><p class="topicauthor">' + MEMBER + '</p></td><td class="row1">'
        '<p class="topicdetails">3</p></td><td><p class="topicdetails">' + LAST + "</p></td></tr>",
        '<table class="tablebg">{}</table><span class="nav">'
        '<a href="./viewforum.php?f=5&amp;start=25">下一页</a></span>',
    ),
    "2.0": (
        '<tr><td class="row1"><span class="topictitle"><a href="viewtopic.php?t={ad_id}&amp;' + SID
        + '" class="topictitle">{title}</a></span></td><td class="row2"><span class="postdetails">3'
        '</span></td><td class="row3"><span class="name">'
        '<a href="profile.php?mode=viewprofile&amp;u={uid}">{seller}</a></span></td>'
        '<td class="row3Right"><span class="postdetails">2004<br>' + LAST + "</span></td></tr>",
        '<table>{}</table><span class="nav">'
        '<a href="viewforum.php?f=5&amp;start=25">Next</a></span>',
    ),
    "own style": (
        '<article class="topic-card">' + TOPIC + "<footer>" + MEMBER + "</footer></article>",
        '<main>{}</main><a rel="next" href="./viewforum.php?f=5&amp;start=25">&gt;</a>',
    ),
    "posts found": (
        '<div class="search post bg1"><dl class="postprofile"><dt class="author">由 ' + MEMBER
        + '</dt><dd class="search-result-date">2022-05-03 14:20</dd><dd>版面: '
        '<a href="./viewforum.php?f=5">交易区</a></dd><dd>主题: '
        '<a href="./viewtopic.php?f=5&amp;t={ad_id}">{title}</a></dd></dl><div class="postbody">'
        '<h3><a href="./viewtopic.php?p=9#p9">Re: 回复</a></h3><div class="content">正文</div>'
        "</div></div>",
        '{}<div class="pagination">'
        '<a rel="next" href="./viewforum.php?f=5&amp;start=25">2</a></div>',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PHPBB_LISTS)
def test_phpbb_lists_of_every_version_and_style(name: str) -> None:
    read = forum(PhpbbSpider).read_results(page(listed(*PHPBB_LISTS[name]), "viewforum.php?f=5"))
    assert core(read) == TWO
    assert all(row["url"].endswith(f"t={row['ad_id']}") for row in read.rows), "without a session"
    assert read.next_url == HOME + "viewforum.php?f=5&start=25"


@pytest.mark.parametrize("name", ["3.0", "3.3", "subsilver2", "2.0"])
def test_phpbb_a_new_answer_changes_the_state_of_a_thread(name: str) -> None:
    row, around = PHPBB_LISTS[name]
    spider = forum(PhpbbSpider)
    before = spider.read_results(page(listed(row, around))).states
    after = spider.read_results(page(listed(row.replace(">3", ">4"), around))).states
    assert before == {"71": "3", "70": "3"}
    assert after == {"71": "4", "70": "4"}


@pytest.mark.parametrize("pinned", ["sticky", "announce", "global-announce"])
def test_phpbb_pinned_threads_are_recognised(pinned: str) -> None:
    row, around = PHPBB_LISTS["3.3"]
    body = listed(row.replace("row bg2", f"row bg2 {pinned}"), around)
    read = forum(PhpbbSpider).read_results(page(body))
    assert (len(read.rows), read.states) == (2, {})


CONTENT = '圈口58，售价：3500元<img class="smilies" src="images/smilies/1.gif"><img src="a.jpg">'
PHPBB_POSTS = {
    "3.0": '<h2><a href="./viewtopic.php?f=5&amp;t=71">老象牙手镯</a></h2><div id="p9" '
    'class="post bg2"><div class="postbody"><h3 class="first"><a href="#p9">x</a></h3>'
    '<p class="author"><a href="#"><img src="x.gif"></a>由 <strong>' + MEMBER + "</strong> » "
    '2010-05-03 14:20</p><div class="content">' + CONTENT + '</div></div></div><div class="post">'
    '<div class="content">顶</div></div>',
    "3.3": '<h2 class="topic-title"><a href="./viewtopic.php?t=71">老象牙手镯</a></h2><div id="p9" '
    'class="post has-profile bg2"><dl class="postprofile"><dt>' + MEMBER + "</dt></dl>"
    '<div class="postbody"><h3 class="first"><a href="#p9">x</a></h3><p class="author">由 <strong>'
    + MEMBER + '</strong> » <time datetime="2010-05-03 14:20">x</time></p><div class="content">'
    + CONTENT + '</div></div></div><div class="post"><div class="content">顶</div></div>',
    "subsilver2": '<h2><a class="titles" href="./viewtopic.php?f=5&amp;t=71">老象牙手镯</a></h2>'
    '<table><tr><td><b class="postauthor">{seller}</b></td><td class="gensmall"><div><b>标题:</b> x'
    "</div><div><a href='./viewtopic.php?p=9'><img></a><b>发表于:</b> 2010-05-03 14:20</div></td>"
    '</tr><tr><td><div class="postbody">' + CONTENT + "</div></td></tr></table>",
    "2.0": '<a class="maintitle" href="viewtopic.php?t=71">老象牙手镯</a><table><tr><td>'
    '<span class="name"><a name="9"></a><b>{seller}</b></span></td><td><a href="viewtopic.php?p=9">'
    '<img></a><span class="postdetails">发表于: 2010-05-03 14:20<span class="gen"></span></span>'
    '</td></tr><tr><td><span class="postbody">' + CONTENT + "</span></td></tr></table>",
}  # fmt: skip


@pytest.mark.parametrize("name", PHPBB_POSTS)
def test_phpbb_threads_of_every_version_and_style(name: str) -> None:
    body = PHPBB_POSTS[name].format(uid="7", seller="藏友甲")
    read = forum(PhpbbSpider).read_details(page(body, "viewtopic.php?t=71"))
    assert (read["title"], read["seller"]) == ("老象牙手镯", "藏友甲")
    assert (read["description"], read["price"]) == ("圈口58，售价：3500元", "3500元")
    assert (read["posted_at"], read["image_urls"]) == ("2010-05-03 14:20", [HOME + "a.jpg"])


PANEL = '<div class="panel"><div class="inner"><strong>{}</strong></div></div>'
CELL = '<table class="tablebg"><tr><td colspan="7"><span class="gen">{}</span></td></tr></table>'


@pytest.mark.parametrize("around", [PANEL, CELL])
def test_phpbb_an_empty_board_differs_from_a_closed_one(around: str) -> None:
    spider = forum(PhpbbSpider)
    empty = spider.read_results(page(around.format("此版面没有主题。")))
    assert (empty.rows, empty.recognised) == ([], True)
    with pytest.raises(Withheld, match="没有权限"):
        spider.read_results(page(around.format("您没有权限阅读此版面的主题。")))


@pytest.mark.parametrize(
    "said",
    [
        '<div id="message"><h2>信息</h2><p>{}</p></div>',
        '<form id="login"><div class="panel"><h2>{}</h2><strong>条款</strong></div></form>',
        '<table class="forumline"><tr><td><span class="gen">{}</span></td></tr></table>',
    ],
)
def test_phpbb_messages_in_place_of_a_page(said: str) -> None:
    message = page(said.format("您请求的主题不存在。"))
    for read in (forum(PhpbbSpider).read_results, forum(PhpbbSpider).read_details):
        with pytest.raises(Withheld, match="您请求的主题不存在"):
            read(message)


def test_phpbb_the_boards_of_an_index() -> None:
    body = (
        f'<a href="./viewforum.php?f=3&amp;{SID}" class="forumtitle">文玩交易</a>'
        '<a href="./viewforum.php?f=4">站务</a><a href="./viewtopic.php?f=3&amp;t=1">最新</a>'
    )
    assert forum(PhpbbSpider).read_boards(page(body)) == {"3": "文玩交易", "4": "站务"}


# NodeBB

TOPICS: dict[str, Any] = {
    "cid": 5,
    "name": "文玩交易",
    "topics": [
        {
            "tid": int(ad_id),
            "title": f"{title} &amp; 其他",
            "titleRaw": title,
            "timestampISO": "2024-05-03T06:20:00.000Z",
            "postcount": 2,
            "pinned": int(ad_id == "70"),
            "user": {"username": seller, "uid": int(uid)},
        }
        for ad_id, title, seller, uid in TWO
    ],
    "pagination": {"next": {"active": True, "page": 2}},
}
TOPIC_PAGE = {
    "tid": 71,
    "title": "老象牙手镯",
    "category": {"name": "文玩交易"},
    "posts": [
        {
            "content": '<p>圈口58</p><p>要价：2.8万 <img class="emoji" src="/e.png">'
            '<img src="/u/a.jpg"></p>',
            "uid": 7,
            "user": {"username": "藏友甲"},
            "timestampISO": "2024-05-03T06:20:00.000Z",
        },
        {"content": "<p>顶</p>", "uid": 8, "user": {"username": "藏友乙"}},
    ],
}


def held(data: Any) -> str:
    """An HTML page with embedded data."""
    text = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    return (
        f'<div id="content"></div><script id="ajaxify-data" type="application/json">{text}</script>'
    )


def answer(data: Any) -> HtmlResponse:
    body = json.dumps(data, ensure_ascii=False).encode()
    return HtmlResponse(HOME + "api/category/5", body=body, encoding="utf-8")


@pytest.mark.parametrize("shown", [answer(TOPICS), page(held(TOPICS))], ids=["api", "page"])
def test_nodebb_boards(shown: HtmlResponse) -> None:
    read = forum(NodebbSpider).read_results(shown)
    assert core(read) == TWO
    assert read.rows[0]["url"] == HOME + "topic/71"
    assert (read.states, read.more) == ({"71": "2"}, True)


@pytest.mark.parametrize("shown", [answer(TOPIC_PAGE), page(held(TOPIC_PAGE))], ids=["api", "page"])
def test_nodebb_threads(shown: HtmlResponse) -> None:
    read = forum(NodebbSpider).read_details(shown)
    assert (read["title"], read["description"]) == ("老象牙手镯", "圈口58要价：2.8万")
    assert (read["price"], read["seller"], read["seller_id"]) == ("2.8万", "藏友甲", "7")
    assert read["image_urls"] == [HOME + "u/a.jpg"]


def test_nodebb_boards_within_boards_and_pages_without_data() -> None:
    spider = forum(NodebbSpider)
    boards = [{"cid": 1, "name": "收藏", "children": [{"cid": 5, "name": "文玩交易"}]}]
    assert spider.read_boards(answer({"categories": boards})) == {"1": "收藏", "5": "文玩交易"}
    with pytest.raises(Unreadable, match="is not JSON"):
        spider.read_results(page("<p>别的</p>"))


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("售价：3500元包邮", "3500元"),
        ("【售价】1,200 元", "1,200 元"),
        ("一口价 ￥800，不议", "￥800"),
        ("要价2.8万，可小刀", "2.8万"),
        ("价格面议", "面议"),
        ("转让价：80/克", "80/克"),
        ("圈口58，重62克", ""),
        ("价格合适就出", ""),
    ],
)
def test_a_price_is_read_where_somebody_names_it(text: str, price: str) -> None:
    assert asked(text) == price
