"""EmpireCMS sites: the search redirects to its page of results."""

from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse

from wildcrawl.base_spiders.block_detection import check_blocked
from wildcrawl.base_spiders.responses import Blocked
from wildcrawl.platforms.empirecms import EmpireCmsSpider

HOME = "http://shoucang.example"
FOUND = """<div id="nav"><ul><li><a href="/wenwan/">文玩</a></li></ul></div>
<ul class="newslist"><li><a href="/wenwan/2016-05-12/41.html" title="骨雕 笔筒 一只">骨雕 <font
color="red">笔筒</font>…</a> <span>2016-05-12</span><p>老物，面议</p></li>
<li><a href="/e/action/ShowInfo.php?classid=3&id=40">老核桃手串</a> <span>2016-05-11</span></li>
</ul>
<div class="epages"><b>1</b> <a href="/e/search/result/index.php?page=1&searchid=7">2</a>
<a href="/e/search/result/index.php?page=1&searchid=7">下一页</a></div>"""


class ShoucangSpider(EmpireCmsSpider):
    name = "shoucang_example"
    domain = HOME
    charset = "gb18030"


def page(text: str) -> HtmlResponse:
    url = f"{HOME}/e/search/result/?searchid=7"
    return HtmlResponse(url, body=text.encode("gb18030"), encoding="gb18030")


def test_where_it_searches() -> None:
    assert ShoucangSpider.search_url.startswith(f"{HOME}/e/search/?searchget=1&keyboard=")


def test_results() -> None:
    read = ShoucangSpider().read_results(page(FOUND))
    first, second = read.rows
    assert (first["ad_id"], first["title"]) == ("41", "骨雕 笔筒 一只")
    assert (first["posted_at"], first["description"]) == ("2016-05-12", "老物，面议")
    assert (second["ad_id"], second["title"]) == ("40", "老核桃手串")
    assert second["url"] == f"{HOME}/e/action/ShowInfo.php?classid=3&id=40"
    assert read.next_url == f"{HOME}/e/search/result/index.php?page=1&searchid=7"


def test_nothing_found_and_a_limit_are_distinguished() -> None:
    nothing = ShoucangSpider().read_results(page("<div>没有搜索到相关的内容</div>"))
    assert (nothing.rows, nothing.recognised) == ([], True)
    limit = page("<div>系统限制的搜索时间间隔为 30 秒,请稍后再搜索</div>")
    assert not ShoucangSpider().read_results(limit).recognised
    with pytest.raises(Blocked):
        check_blocked(limit, ShoucangSpider.blocked)
