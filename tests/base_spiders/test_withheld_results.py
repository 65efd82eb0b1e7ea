"""Withheld results: searches that a site does not answer because of the law or its own rules."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from tests.helpers.searched import Market, Searched, Shown
from wildcrawl.base_spiders.own_words import Block, Words
from wildcrawl.base_spiders.withheld_results import (
    FailedSearches,
    ShortenedLists,
    WithheldResults,
    could_not_search,
)

SAID = "根据相关法律法规和政策，无法显示与“{}”相关的宝贝"
FOOTER = "<p>根据相关法律法规，本站不提供违禁品的搜索</p>"


def run(store: str, withheld: Collection[str], said: str = SAID, footer: str = "") -> Searched:
    def answer(keyword: str, number: int) -> Shown:
        titles = [f"{keyword}手镯{n}号" for n in range(4) if number == 1]
        if keyword in withheld:
            return 200, f'<p class="none">{said.format(keyword)}</p>{footer}'
        cards = "".join(f'<li class="item" data-id="{each}"><a>{each}</a></li>' for each in titles)
        shown = f"<ul>{cards}</ul>" if cards else '<p class="none">没有找到</p>'
        return 200, f"{shown}{footer}"

    return Searched(Market, answer, store)


@pytest.mark.parametrize(
    "said",
    [
        SAID,
        "搜索结果可能涉及不符合相关法律法规和政策的内容，未予显示",
        "抱歉，“{}”属于违禁词，暂不支持搜索",
        "很抱歉，您搜索的内容不予展示，因其违反平台规则",
        "“{}”违反社区规范，不支持搜索",
        "These results cannot be shown under local laws and regulations.",
    ],
)
def test_withheld_results_are_said_by_keyword(sqlite_url: str, said: str) -> None:
    judgement = run(sqlite_url, ["象牙"], said).judgement
    assert judgement.health == "ok"
    assert "withholds the results of 1 of 5 searches ('象牙': " in judgement.reason
    assert "not certain" in judgement.reason


def test_a_site_that_withholds_most_results_is_thin(sqlite_url: str) -> None:
    assert run(sqlite_url, ["象牙", "虎骨", "玳瑁"]).judgement.health == "thin"
    everything = run(sqlite_url, ["象牙", "虎骨", "玳瑁", "犀角", "穿山甲"]).judgement
    assert everything.health == "thin"
    assert "withholds the results of 5 of 5 searches" in everything.reason


@pytest.mark.parametrize("said", ["没有找到与“{}”相关的商品", "抱歉，没有找到，请换个词再搜索"])
def test_nothing_found_and_a_footer_are_no_withheld_results(sqlite_url: str, said: str) -> None:
    judgement = run(sqlite_url, ["象牙"], said, FOOTER).judgement
    assert (judgement.health, judgement.reason) == ("ok", "")


def withheld(*pages: tuple[str, str, bool]) -> str:
    """What is said of searches: their phrase, a sentence on their page, and whether it has some."""
    results = WithheldResults()
    for phrase, said, found in pages:
        results.add(phrase, Words((Block(said, listed=False, before=True),)), found=found)
    return results.thin()


@pytest.mark.parametrize(
    "said",
    [
        "温馨提示：本站禁止展示违禁品，欢迎举报",
        "本站不提供违规商品交易",
        "请更换关键词。平台规则：不支持展示联系方式",
        "根据平台规则，商品页不支持展示联系方式",
        "根据法律法规，本站禁止展示违禁商品",
        "未找到相关商品，请勿搜索违规内容",
    ],
)
def test_house_rules_on_empty_pages_are_no_withheld_results(said: str) -> None:
    assert withheld(("象牙", said, False)) == ""


def test_a_sentence_that_pages_with_results_vary_is_a_footer() -> None:
    footer = "共0.{}秒 {} 根据法律法规，部分结果不予显示"
    other = ("虎骨酒", footer.format(35, "虎骨酒"), True)
    assert withheld(("象牙", footer.format(2, "象牙"), False)) != ""
    assert withheld(("象牙", footer.format(2, "象牙"), False), other) == ""
    quoted = [(each, SAID.format(each), each == "虎骨") for each in ("象牙", "玳瑁", "虎骨")]
    assert "2 of 3 searches" in withheld(*quoted)


@pytest.mark.parametrize(
    ("said", "everywhere", "noted"),
    [
        ("为了提供最相关的结果，我们省略了一些内容相似的条目", False, True),
        ("登录后查看全部结果", False, True),
        ("打开APP查看更多", False, True),
        ("打开APP查看更多", True, False),
        ("最近浏览的商品", False, False),
        ("已选条件：<a href='#'>近7天 ×</a>", True, True),
        ("当前筛选：包邮", True, True),
        ("已选条件：无", True, False),
        ("当前筛选：全部", True, False),
    ],
)
def test_a_page_that_says_that_it_shows_a_part_is_said(
    sqlite_url: str, said: str, everywhere: bool, noted: bool
) -> None:
    def answer(keyword: str, number: int) -> Shown:
        shown = "".join(
            f'<li class="item" data-id="{keyword}{n}"><a>{keyword}手镯{n}号</a></li>'
            for n in range(3 if keyword == "虎骨" else 4)
        )
        under = f"<p>{said}</p>" if everywhere or keyword == "象牙" else ""
        return 200, f"<ul>{shown}</ul>{under}" if number == 1 else '<p class="none">没有找到</p>'

    judgement = Searched(Market, answer, sqlite_url).judgement
    assert ("shows a part of the results only" in judgement.reason) is noted, judgement.reason
    assert judgement.health == "ok"


@pytest.mark.parametrize(
    ("lengths", "said", "thin"),
    [
        ({"象牙": 20, "虎骨": 20, "玳瑁": 7}, {"象牙", "虎骨"}, True),
        ({"象牙": 20, "虎骨": 20, "玳瑁": 20}, {"象牙", "虎骨"}, True),
        ({"象牙": 20, "虎骨": 20, "玳瑁": 20}, {"象牙", "虎骨", "玳瑁"}, True),
        ({"象牙": 20, "虎骨": 20}, {"象牙", "虎骨"}, False),
        ({"象牙": 20, "虎骨": 19, "玳瑁": 7}, {"象牙", "虎骨"}, False),
        ({"象牙": 20, "虎骨": 20, "玳瑁": 31}, {"象牙", "虎骨"}, False),
        ({"象牙": 20, "虎骨": 7, "玳瑁": 5}, {"象牙"}, False),
    ],
)
def test_lists_that_end_alike_at_a_sign_in_are_thin(
    lengths: dict[str, int], said: set[str], thin: bool
) -> None:
    lists = ShortenedLists()
    for phrase, length in lengths.items():
        words = "登录后查看更多" if phrase in said else "联系我们"
        lists.add(phrase, Words((Block(words, listed=False, before=False),)), length)
    assert ("the first 20 results only" in lists.thin()) is thin
    assert not (thin and lists.note())


BUSY = "<p>系统繁忙，请稍后再试</p>"


@pytest.mark.parametrize(
    "said",
    [
        "系统繁忙，请稍后再试",
        "网站正在维护升级，搜索功能暂停使用",
        "今日搜索次数已用完，请明天再来",
        "The search service is temporarily unavailable.",
    ],
)
def test_nothing_found_beside_a_search_that_failed_is_thin(sqlite_url: str, said: str) -> None:
    none = f'</p><p class="none">没有找到</p><p>{said}'
    judgement = run(sqlite_url, ["象牙"], none).judgement
    assert judgement.health == "thin"
    assert "the site says that it could not search (searches: 1, '象牙': " in judgement.reason


def test_a_list_that_ends_at_a_search_that_failed_is_thin(sqlite_url: str) -> None:
    def answer(keyword: str, number: int) -> Shown:
        boxes = [
            f'<li class="item" data-id="{keyword}{number}{n}"><a>{keyword}{number}{n}</a></li>'
            for n in range(4)
        ]
        if number == 1 or (number == 2 and keyword != "虎骨"):
            return 200, f"<ul>{''.join(boxes)}</ul>"
        return 200, f'<p class="none">没有找到</p>{BUSY if keyword == "虎骨" else ""}'

    judgement = Searched(Market, answer, sqlite_url).judgement
    assert judgement.health == "thin"
    assert "could not search (searches: 1, '虎骨': " in judgement.reason


@pytest.mark.parametrize("said", ["没有找到，请换个词再搜索", "没有找到"])
def test_a_hidden_dialog_of_each_page_is_no_failed_search(sqlite_url: str, said: str) -> None:
    judgement = run(sqlite_url, ["象牙"], said, BUSY).judgement
    assert (judgement.health, judgement.reason) == ("ok", "")
    failed = FailedSearches()
    for phrase, found in (("象牙", True), ("虎骨", False)):
        words = Words((Block("网站维护：某公司", listed=False, before=True),))
        failed.add(phrase, words, found=found)
    assert failed.thin() == ""


def test_a_search_that_the_site_only_accepted_is_not_read(sqlite_url: str) -> None:
    def answer(keyword: str, _: int) -> Shown:
        return 202 if keyword == "象牙" else 200, '<p class="none">没有找到</p>'

    searched = Searched(Market, answer, sqlite_url)
    assert searched.judgement.health == "broken"
    assert "1 unreadable page" in searched.judgement.reason


@pytest.mark.parametrize(
    "sentence",
    [
        "网站维护：老徐科技",
        "搜索结果异常？请反馈",
        "今日搜索次数上限 50 次",
        "没有找到，可能是网络异常，请刷新",
        "Research equipment unavailable",
    ],
)
def test_a_footer_that_names_faults_is_no_failed_search(sentence: str) -> None:
    assert not could_not_search(sentence)


@pytest.mark.parametrize(
    "sentence", ["系统维护中", "搜索次数已达上限", "网络异常", "search is busy"]
)
def test_a_site_that_says_that_it_failed_is_believed(sentence: str) -> None:
    assert could_not_search(sentence)
