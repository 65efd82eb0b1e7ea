"""Ids and addresses: spellings that are one, things that differ, and what programs damage."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wildcrawl.analysis.ids import (
    Damage,
    canonical_address,
    clean_id,
    damage_of,
    derive_ad_id,
    find_address,
    names_nothing,
    names_one_page,
    restored_id,
)

ITEM = "https://item.market.example/item.htm?id=612345678901"


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("６１２３", "6123"),
        ("ＡＢ１２", "AB12"),
        (" 0042\t", "0042"),
        ("61\u200b23", "6123"),
        ("\ufeff6123\u00ad", "6123"),
        ("\u202a6123\u202c", "6123"),
        ("6123\u00a0", "6123"),
        ("'0042", "0042"),
        ('="0042"', "0042"),
        ("6123456789012.0", "6123456789012"),
        ("42.00", "42"),
        ("6.12345678901E11", "612345678901"),
    ],
)
def test_an_id_has_one_spelling(written: str, clean: str) -> None:
    assert clean_id(written) == clean
    assert clean_id(clean) == clean


@pytest.mark.parametrize(
    "pair", [("0042", "42"), ("aB", "ab"), ("1.1", "1.10"), ("B07-03", "B7-3"), ("a b", "ab")]
)
def test_ids_that_differ_stay_different(pair: tuple[str, str]) -> None:
    assert clean_id(pair[0]) != clean_id(pair[1])


@given(st.text(alphabet="0123456789abcXYZ-_", min_size=1, max_size=24))
def test_an_ordinary_id_stays_as_it_is(ad_id: str) -> None:
    assert clean_id(ad_id) == ad_id


@pytest.mark.parametrize(
    ("ad_id", "damage"),
    [
        ("6.12346E+11", Damage.SCIENTIFIC),
        ("6.12346e+011", Damage.SCIENTIFIC),
        ("6E+11", Damage.SCIENTIFIC),
        ("6.1E11", Damage.SCIENTIFIC),
        ("6,12346E+11", Damage.SCIENTIFIC),
        ("1e+21", Damage.SCIENTIFIC),
        ("1234567890123450000", Damage.ROUNDED),
        ("123456789012345000", Damage.ROUNDED),
        ("1234567890123456789.0", Damage.ROUNDED),
        ("31-Dec", Damage.DATE),
        ("Dec-31", Damage.DATE),
        ("12月31日", Damage.DATE),
    ],
)
def test_a_damaged_id_is_recognised(ad_id: str, damage: Damage) -> None:
    assert damage_of(clean_id(ad_id)) == damage


@pytest.mark.parametrize(
    "ad_id",
    [
        *("5E10", "1e5", "12E45678", "612345678901", "1234567890123456789", "7000000000000000"),
        *("12345678901234560", "B07-03", "12-31", "2016-05-03", "decor-31", "mar-kt", "u-1", "1.5"),
    ],
)
def test_an_ordinary_id_is_not_damaged(ad_id: str) -> None:
    assert damage_of(clean_id(ad_id)) is None


@pytest.mark.parametrize(
    ("ad_id", "address", "restored"),
    [
        ("6.12346E+11", ITEM, "612345678901"),
        ("6.12345E+11", ITEM, "612345678901"),
        ("1.23457E+18", "https://m.example/1234567890123456781.html", "1234567890123456781"),
        ("1234567890123450000", "https://m.example/1234567890123456781", "1234567890123456781"),
        ("1234567890123456800", "https://m.example/1234567890123456781", "1234567890123456781"),
        ("12345678901234560", "https://m.example/12345678901234567", "12345678901234567"),
        ("1234567890123450000", "https://m.example/1234567890123450000", "1234567890123450000"),
        ("6.12346E+11", "https://m.example/712345678901", ""),
        ("6.12346E+11", "https://m.example/6123456789012", ""),
        ("6.12346E+11", "https://m.example/612345678901?with=612345699999", ""),
        ("31-Dec", "https://m.example/12-31", ""),
        ("612345678901", "https://m.example/612345678902", ""),
    ],
)
def test_the_address_tells_the_id_only_where_one_number_fits(
    ad_id: str, address: str, restored: str
) -> None:
    assert restored_id(ad_id, address) == restored


@pytest.mark.parametrize(
    "other",
    [
        "http://item.market.example/item.htm?id=612345678901",
        "https://item.market.example:443/item.htm?id=612345678901",
        f"{ITEM}&spm=a230r.1.14.20&scm=1007",
        f"{ITEM}&SPM=a230r.1.14.20&Scm=1007",
        f"{ITEM}&utm_source=weixin&utm_medium=share",
        "https://item.market.example/item.htm?from=list&id=612345678901",
        "https://item.m.market.example/item.htm?id=612345678901",
        "https://m.item.market.example/item.htm?id=612345678901",
        "HTTPS://Item.Market.Example/item.htm?id=612345678901",
        f"{ITEM}#comments",
        f"{ITEM}#detail",
        f"{ITEM}#comment-5521",
        f"{ITEM}#:~:text=老象牙手镯",
        f"{ITEM}#detail:~:text=%E8%B1%A1%E7%89%99",
        f"{ITEM}&q=%E8%B1%A1%E7%89%99",
        "https://item.market.example/item.htm?id=６１２３４５６７８９０１",
        f"\u200b{ITEM} ",
        f'=HYPERLINK("{ITEM}","查看")',
        f"【集市】{ITEM} 「复制打开」",
    ],
)
def test_one_page_at_several_addresses_is_one(other: str) -> None:
    assert derive_ad_id(other, "", "") == derive_ad_id(ITEM, "", "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://m.example/ad/5", "https://www.m.example/ad/5/"),
        ("http://m.example/ad/5", "http://m.example/ad/5?from=search&ref=top"),
        ("http://m.example/a?x=1&y=2", "http://m.example/a?y=2&x=1"),
        ("http://m.example/%e8%b1%a1?x=%7e", "http://m.example/象?x=~"),
        ("http://m.example/thread-5-1-1.html#lastpost", "http://m.example/thread-5-1-1.html"),
        ("m.example/ad/5", "http://m.example/ad/5"),
        ("http://m.example/ad;jsessionid=0A1B?id=5", "http://m.example/ad?id=5"),
        ("https://bbs.example/p/8123456789", "https://bbs.example/p/8123456789?pn=2"),
        ("https://bbs.example/t/81234.html?page=3", "https://bbs.example/t/81234.html"),
        ("htttp://m.example/ad/5", "http://m.example/ad/5"),
        ("ttps://m.example/ad/5，", "http://m.example/ad/5"),
        ("https//m.example/ad/5", "http://m.example/ad/5"),
        ("http:\\\\m.example\\ad\\5", "http://m.example/ad/5"),
        ("view-source:http://https://m.example/ad/5", "http://m.example/ad/5"),
        ("http://m.example/ad/5http://m.example/ad/5", "http://m.example/ad/5"),
        ("http://m.example//ad/5&spm=1.2", "http://m.example/ad/5"),
        ("http://m.example/ad?id=5?spm=1.2", "http://m.example/ad?id=5"),
    ],
)
def test_other_spellings_of_an_address(one: str, other: str) -> None:
    assert canonical_address(find_address(one)) == canonical_address(find_address(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://m.example/stall.html#lot3", "http://m.example/stall.html#lot4"),
        ("http://m.example/stall.html#B07-03", "http://m.example/stall.html#B07-04"),
        ("http://m.example/stall.html#lot-a", "http://m.example/stall.html#lot-b"),
        ("http://m.example/stall.html#甲", "http://m.example/stall.html#乙"),
        ("http://m.example/list?page=1", "http://m.example/list?page=2"),
        ("http://m.example/#/ad/1", "http://m.example/#/ad/2"),
        ("http://m.example/#!ad1", "http://m.example/#!ad2"),
        ("http://m.example/?p=1", "http://m.example/?p=2"),
        ("http://m.example/show?from=1", "http://m.example/show?from=2"),
        ("http://m.example/Ab", "http://m.example/ab"),
        ("http://m.example/ad/5", "http://m.example/ad/05"),
        ("http://one.m.example/ad/5", "http://two.m.example/ad/5"),
        ("http://m.example:8080/ad/5", "http://m.example:9090/ad/5"),
        ("http://shop.com.cn/ad/5", "http://m.com.cn/ad/5"),
        ("http://m.example/ad?id=5&sku=1", "http://m.example/ad?id=5&sku=2"),
        ("http://m.example/a&b/5", "http://m.example/a/5"),
        ("http://old.example/http://m.example/5", "http://old.example/http://m.example/6"),
    ],
)
def test_two_pages_stay_two(one: str, other: str) -> None:
    assert derive_ad_id(one, "象牙", "") != derive_ad_id(other, "象牙", "")


@pytest.mark.parametrize(
    "nothing",
    [
        *("无", "-", "n/a", "查看", "点击查看", "暂无链接", "#", "javascript:;", "12345"),
        *("https://www.market.example/", "http://market.example", "https://m.example/index.php"),
        *("https://m.example/#/", "https://", "http://m.example/#top"),
        "https://s.market.example/search?q=象牙",
        "https://market.example/list?keyword=%CF%F3%D1%C0&page=2",
        "https://market.example/search/象牙",
    ],
)
def test_an_address_of_no_advertisement_does_not_stand_for_several(nothing: str) -> None:
    assert not names_one_page(find_address(nothing))
    ids = {derive_ad_id(nothing, title, "") for title in ("老象牙手镯1号", "老象牙手镯2号")}
    assert len(ids) == 2
    assert all(ad_id.startswith("t-") for ad_id in ids)


@pytest.mark.parametrize(
    "address",
    [
        "https://market.example/item/5",
        "https://market.example/ivory-bangle",
        "https://market.example/view.php?id=5&keyword=象牙",
        "https://www.baidu.com/link?url=aGVsbG8",
        "market.example/ad/1",
        "weixin://channels/feed/1",
        "https://so.market.example/goods/112233.html",
    ],
)
def test_an_address_of_one_page_is_an_identity(address: str) -> None:
    assert names_one_page(find_address(address))
    assert derive_ad_id(address, "一", "") == derive_ad_id(address, "二", "")


@given(st.text())
def test_any_text_has_a_canonical_form_that_stays(text: str) -> None:
    address = find_address(text)
    names_one_page(address)
    once = canonical_address(address)
    assert canonical_address(once) == once


@pytest.mark.parametrize("typed", ["612,345,678,901", "6123 4567 8901", "612 345 678 901"])
def test_a_long_number_in_groups_is_the_number(typed: str) -> None:
    assert clean_id(typed) == "612345678901"


@pytest.mark.parametrize(
    "typed", ["ID：612345678901", "id: 612345678901", "商品编号：612345678901", "货号:612345678901"]
)
def test_a_label_before_an_id_is_no_part_of_it(typed: str) -> None:
    assert clean_id(typed) == "612345678901"


@pytest.mark.parametrize("typed", ["id:abc", "idaho-5", "lot-5", "no5", "B07:03"])
def test_an_id_that_begins_like_a_label_is_left(typed: str) -> None:
    assert clean_id(typed) == typed


@pytest.mark.parametrize("typed", ["1,2", "12,345", "A 123 456", "1 2 3", "12 345", "1234 5678 90"])
def test_other_groups_are_left(typed: str) -> None:
    assert clean_id(typed) == typed


@pytest.mark.parametrize("typed", ["无", "-", "N/A", "NaN", "null", "TRUE", "####", "？"])
def test_a_word_in_place_of_an_id_names_nothing(typed: str) -> None:
    assert names_nothing(clean_id(typed))


@pytest.mark.parametrize("typed", ["0", "1", "无1", "nan2", "A-1", "甲"])
def test_a_short_id_names_something(typed: str) -> None:
    assert not names_nothing(clean_id(typed))


@pytest.mark.parametrize("typed", ["2016/12/31", "2016-12-31 00:00:00", "0:05:00"])
def test_a_date_of_a_spreadsheet_is_damage(typed: str) -> None:
    assert damage_of(clean_id(typed)) == Damage.DATE


@pytest.mark.parametrize(
    ("shared", "address"),
    [
        (
            "https://mp.weixin.qq.com/s?__biz=MzA=&mid=26&idx=1&sn=ab&chksm=1&scene=21#wechat_redirect",
            "https://mp.weixin.qq.com/s?__biz=MzA=&mid=26&idx=1&sn=ab&chksm=2&scene=0&subscene=90#rd",
        ),
        (
            "https://weidian.com/item.html?itemID=1234567&wfr=c&source=share",
            "https://weidian.com/item.html?itemID=1234567&vc_wfr=x",
        ),
        (
            "https://www.goofish.com/item?spm=a2.1&id=7001&categoryId=50",
            "https://h5.m.goofish.com/item?id=7001&forceFlush=1",
        ),
        ("https://m.example/i/1.html。", "https://m.example/i/1.html"),
    ],
)
def test_ways_to_share_a_page_are_one_address(shared: str, address: str) -> None:
    assert canonical_address(find_address(shared)) == canonical_address(find_address(address))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "https://mp.weixin.qq.com/s?mid=26&idx=1&scene=1",
            "https://mp.weixin.qq.com/s?mid=26&idx=2",
        ),
        ("https://m.example/list?categoryId=5", "https://m.example/list?categoryId=6"),
        ("https://m.example/show?scene=5", "https://m.example/show?scene=6"),
    ],
)
def test_what_names_the_page_is_kept(one: str, other: str) -> None:
    assert canonical_address(one) != canonical_address(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://m.tb.cn/h.5abcDE?tk=x1y2", "https://m.tb.cn/h.5abcDE"),
        (
            "https://item.taobao.com/item.htm?id=61234&skuId=1",
            "http://item.taobao.com/item.htm?id=61234",
        ),
        (
            "https://detail.tmall.com/item.htm?skuId=9&id=61234",
            "https://detail.tmall.com/item.htm?id=61234",
        ),
    ],
)
def test_a_shared_link_or_an_open_size_is_the_same_advertisement(one: str, other: str) -> None:
    assert canonical_address(one) == canonical_address(other)


def test_a_size_is_an_advertisement_of_its_own_elsewhere() -> None:
    sizes = [canonical_address(f"https://shop.example/p?id=5&skuId={n}") for n in (1, 2)]
    assert sizes[0] != sizes[1]


def test_an_address_pasted_behind_itself_for_another_device_is_cut_off() -> None:
    once = "https://shop.example/item/5"
    for second in (once, "https://m.shop.example/item/5", "http://www.shop.example/item/5"):
        assert find_address(f"{once}{second}") == once
    leads = f"{once}https://other.example/6"
    assert find_address(leads) == leads
