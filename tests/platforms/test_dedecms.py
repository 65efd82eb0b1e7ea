"""DedeCMS sites: columns of articles are read instead of the search."""

from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse

from wildcrawl.base_spiders.responses import PageError
from wildcrawl.platforms.dedecms import DedeCmsSpider

HOME = "http://cang.example"
COLUMN = """<title>转让</title><div class="listbox"><ul class="e2">
<li><a href="/a/zhuanrang/2016/0512/31.html" class="preview"><img src="/up/31.jpg"></a>
<b>[<a href="/plus/list.php?tid=3">转让</a>]</b>
<a href="/a/zhuanrang/2016/0512/31.html" class="title">骨雕 <b>笔筒</b></a>
<span class="info"><small>日期：</small>2016-05-12 09:30 <small>点击：</small>8</span>
<p class="intro">出售，价格面议…</p></li>
<li><a href="/plus/view.php?aid=30" class="title">老核桃一对</a>
<span class="info"><small>日期：</small>2016-05-11 <small>点击：</small>5</span></li></ul></div>
<ul class="pagelist"><li><a href="list_3_1.html">1</a></li>
<li><a href="list_3_2.html">下一页</a></li><li><a href="list_3_9.html">末页</a></li></ul>"""
FOUND = """<div class="resultlist"><li><h3><a href="/a/zhuanrang/29.html">角雕 摆件</a></h3>
<p>一件老物…</p><span>分类：转让 点击：3 日期：2016-05-10</span></li></div>"""
OWN_THEME = """<ul class="menu"><li><a href="/">首页</a></li></ul>
<ul><li><a href="/a/zr/28.html" title="鹿角 镇纸 一对 完整品相">鹿角 镇纸 一对…</a>
<span class="date">2016-05-09</span></li></ul>"""
ARTICLE = """<div class="viewbox"><div class="title"><h2>骨雕 笔筒</h2></div>
<div class="info"><small>时间:</small>2016-05-12 09:30<small>来源:</small>本站
<small>作者:</small>山中客 <small>点击:</small>8</div>
<div class="content"><table><tr><td>高12厘米，售价：680元。<img src="/up/31b.jpg"></td></tr></table>
</div></div>"""
MESSAGE = """<title>提示信息</title><div>对不起，您访问的文档不存在！</div>"""


class CangSpider(DedeCmsSpider):
    name = "cang_example"
    domain = HOME
    boards = {"3": "转让"}


def page(text: str, path: str = "/plus/list.php?tid=3") -> HtmlResponse:
    return HtmlResponse(HOME + path, body=text.encode("gb18030"), encoding="gb18030")


def test_a_column() -> None:
    read = CangSpider().read_results(page(COLUMN, "/a/zhuanrang/list_3_1.html"))
    first, second = read.rows
    assert first == {
        "ad_id": "31",
        "url": f"{HOME}/a/zhuanrang/2016/0512/31.html",
        "title": "骨雕 笔筒",
        "description": "出售，价格面议…",
        "category": "转让",
        "posted_at": "2016-05-12 09:30",
        "image_urls": [f"{HOME}/up/31.jpg"],
    }
    assert (second["ad_id"], second["title"], second["description"]) == ("30", "老核桃一对", "")
    assert read.next_url == f"{HOME}/a/zhuanrang/list_3_2.html"


def test_search_results_are_read_where_a_site_opens_its_search() -> None:
    (row,) = CangSpider().read_results(page(FOUND, "/plus/search.php")).rows
    assert (row["ad_id"], row["title"], row["posted_at"]) == ("29", "角雕 摆件", "2016-05-10")


def test_a_theme_of_the_sites_own() -> None:
    (row,) = CangSpider().read_results(page(OWN_THEME)).rows
    assert (row["ad_id"], row["title"], row["posted_at"]) == (
        "28",
        "鹿角 镇纸 一对 完整品相",
        "2016-05-09",
    )


def test_an_article() -> None:
    details = CangSpider().read_details(page(ARTICLE, "/a/zhuanrang/2016/0512/31.html"))
    assert details["title"] == "骨雕 笔筒"
    assert details["description"] == "高12厘米，售价：680元。"
    assert (details["seller"], details["posted_at"]) == ("山中客", "2016-05-12 09:30")
    assert details["price"] == "680元"
    assert details["image_urls"] == [f"{HOME}/up/31b.jpg"]


def test_its_message_is_not_a_column_without_articles() -> None:
    with pytest.raises(PageError, match="文档不存在"):
        CangSpider().read_results(page(MESSAGE))


def test_an_empty_column_is_one() -> None:
    read = CangSpider().read_results(page('<div class="listbox"><ul class="e2"></ul></div>'))
    assert read.rows == []
    assert read.recognised
