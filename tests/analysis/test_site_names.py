"""Site names in records: which declared site a typed name means."""

from __future__ import annotations

import pytest
from scrapy.utils.project import get_project_settings

from wildcrawl.analysis.site_names import SiteNames
from wildcrawl.base_spiders.file_import import declared_names
from wildcrawl.commands.common import all_sites

NAMES = SiteNames(
    {
        "taobao": ["Taobao", "淘宝"],
        "jd": ["JD.com", "京东"],
        "jd_paimai": ["JD auctions", "京东拍卖"],
        "baixing": ["Baixing", "百姓网"],
        "s7788": ["7788", "7788收藏"],
        "weixin_sogou": ["WeChat public accounts (Sogou)", "搜狗微信"],
    }
)


@pytest.mark.parametrize(
    ("typed", "site"),
    [
        *((name, "taobao") for name in ("taobao", "Taobao", "TAOBAO ", "淘宝", "淘宝网", "淘 宝")),
        *((name, "taobao") for name in ("ｔａｏｂａｏ", "淘宝\u200b", "taobao.com", "Taobao 淘宝")),
        *((name, "jd") for name in ("JD.com", "京东", "京东商城", "www.jd.com")),
        ("京东拍卖", "jd_paimai"),
        ("百姓", "baixing"),
        *((name, "taobao") for name in ("淘寶網", "淘宝（Taobao）", "http://www.taobao.com/")),
        ("7788", "s7788"),
        ("WeChat public accounts", "weixin_sogou"),
    ],
)
def test_a_typed_name_is_matched(typed: str, site: str) -> None:
    assert NAMES.find(typed) == site


@pytest.mark.parametrize("typed", ["taobo", "旧货市场", "fleamarket", "网", "淘", "m", "京"])
def test_another_name_is_none_of_them(typed: str) -> None:
    assert NAMES.find(typed) == ""


def test_the_nearest_site_is_named_only_if_one_is_near() -> None:
    assert NAMES.nearest("taobo") == "taobao"
    assert NAMES.nearest("旧货市场") == ""
    shops = SiteNames({"weidian": ["Weidian", "微店"], "taobao": ["Taobao", "淘宝"]})
    assert [shops.nearest(typed) for typed in ("甲店", "淘保", "微点")] == ["", "taobao", "weidian"]


def test_every_declared_site_is_found_by_each_of_its_names() -> None:
    settings = get_project_settings()
    names = declared_names(settings)
    for site in all_sites(settings):
        for typed in (site.name, site.label, site.label_zh, site.label.upper()):
            assert names.find(typed) == site.name
