"""Rows of record files: each reaches its advertisement or is rejected by line; none is merged."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.helpers.crawling import scrapy
from tests.helpers.earlier_ids import earlier_id
from tests.helpers.record_files import import_file
from wildcrawl.analysis.site_names import SiteNames
from wildcrawl.base_spiders.file_import import place_of
from wildcrawl.desk.messages import in_chinese
from wildcrawl.items import Advertisement
from wildcrawl.store import open_store
from wildcrawl.store.incomplete_imports import incomplete_imports
from wildcrawl.tabular.records import read_records
from wildcrawl.tabular.tables import KEY, Rejection

TITLES = ["老象牙手镯1号", "老象牙手镯2号", "老象牙手镯3号", "老象牙手镯4号"]
ITEM = "https://item.taobao.com/item.htm?id="


def csv_of(header: str, *rows: str) -> str:
    return "\n".join([header, *rows]) + "\n"


def test_a_url_of_nothing_makes_four_advertisements_of_four_titles(tmp_path: Path) -> None:
    nothing = ["无", "-", "n/a", "查看", "http://market.example/", "https://m.example/s?q=象牙"]
    rows = [
        f"fair{number},{url},{title},{price}00"
        for number, url in enumerate(nothing)
        for price, title in enumerate(TITLES, 1)
    ]
    done = import_file(tmp_path, csv_of("site,url,title,price", *rows))
    assert (done.run.new, done.rejected) == (24, {})
    again = import_file(tmp_path, csv_of("site,url,title,price", *rows))
    assert (again.run.new, again.run.seen) == (0, 24)


def test_a_page_with_several_lots_is_one_advertisement_and_the_others_are_rejected(
    tmp_path: Path,
) -> None:
    rows = [f"fair,https://m.example/stall/7,{title},1000" for title in TITLES]
    done = import_file(tmp_path, csv_of("site,url,title,price", *rows))
    assert [ad.title for ad in done.ads.values()] == TITLES[:1]
    assert list(done.rejected) == [3, 4, 5]
    assert "stands for '老象牙手镯1号' at 1000" in done.rejected[3]
    assert "(read from line 2)" in done.rejected[3]
    assert (done.run.health, done.run.found) == ("thin", 1)
    assert "3 of 4 rows were rejected" in done.run.reason


def test_lots_told_apart_by_a_fragment_and_links_in_formulas_are_kept(tmp_path: Path) -> None:
    rows = [
        "fair,https://m.example/7.html#lot3,老象牙手镯甲",
        "fair,https://m.example/7.html#lot4,老象牙手镯乙",
        'fair,"=HYPERLINK(""https://m.example/ad/1"",""查看"")",老象牙手镯丙',
        'fair,"=HYPERLINK(""https://m.example/ad/2"",""查看"")",老象牙手镯丁',
    ]
    done = import_file(tmp_path, csv_of("site,url,title", *rows))
    assert (done.run.new, done.rejected, done.run.health) == (4, {}, "ok")
    assert "https://m.example/ad/1" in {ad.url for ad in done.ads.values()}


def test_two_files_with_numbered_rows_overwrite_nothing(tmp_path: Path) -> None:
    header = "site,ad_id,title,price"
    first = import_file(tmp_path, csv_of(header, "fair,1,老象牙手镯甲,1000", "fair,2,象牙牌乙,20"))
    assert (first.run.new, first.run.health) == (2, "ok")
    second = import_file(
        tmp_path,
        csv_of(header, "fair,1,犀角杯丙,9000", "fair,2,玳瑁扇丁,800", "fair,3,虎骨,5"),
        "b.csv",
    )
    assert [ad.title for ad in second.ads.values()] == ["老象牙手镯甲", "象牙牌乙", "虎骨"]
    assert list(second.rejected) == [2, 3]
    assert "'1' of fair belongs to '老象牙手镯甲' at 1000" in second.rejected[2]
    assert second.run.health == "thin"


def test_updates_of_what_is_stored_pass(tmp_path: Path) -> None:
    header = "site,ad_id,title,price,found_at,verdict"
    import_file(
        tmp_path, csv_of(header, "fair,1,老象牙手镯,1000,2016-05-03,", "fair,2,虎骨,5,2016-05-03,")
    )
    rows = [
        "fair,1,老象牙手镯,800,2016-06-03,",
        "fair,2,虎骨酒,5,2016-06-03,",
        "fair,1,,,2016-06-04,valid",
    ]
    done = import_file(tmp_path, csv_of(header, *rows))
    assert (done.run.new, done.rejected, done.run.health) == (0, {}, "ok")
    assert [(ad.title, ad.price, ad.verdict) for ad in done.ads.values()] == [
        ("老象牙手镯", "800", "valid"),
        ("虎骨酒", "5", "pending"),
    ]


def test_ids_that_a_spreadsheet_damaged_are_found_by_their_address(tmp_path: Path) -> None:
    header = "site,ad_id,url,title,verdict"
    ids = ["612345678901", "612345699999", "0012345", "12-31"]
    urls = [
        f"{ITEM}{ids[0]}",
        f"{ITEM}{ids[1]}",
        "https://m.example/d_0012345",
        "https://m.example/x",
    ]
    rows = [f"taobao,{ad_id},{url},老象牙手镯," for ad_id, url in zip(ids, urls, strict=True)]
    assert import_file(tmp_path, csv_of(header, *rows)).run.new == 4
    damaged = ["6.12346E+11", "6.12346E+11", "12345", "31-Dec"]
    rows = [
        f"taobao,{ad_id},{url},老象牙手镯,valid" for ad_id, url in zip(damaged, urls, strict=True)
    ]
    done = import_file(tmp_path, csv_of(header, *rows))
    assert (done.run.new, done.run.seen, done.rejected) == (0, 4, {})
    assert {ad_id: ad.verdict for ad_id, ad in done.ads.items()} == dict.fromkeys(ids, "valid")


def test_an_id_with_and_without_zeros_at_one_address_is_one_advertisement(tmp_path: Path) -> None:
    header, row = "site,ad_id,url,title", "fair,{},https://m.example/{},老象牙手镯".format
    done = import_file(tmp_path, csv_of(header, row("0012", "a"), row("12", "a"), row("13", "b")))
    assert (list(done.ads), done.run.found) == (["0012", "13"], 3)
    again = import_file(tmp_path, csv_of(header, row("0013", "b"), row("012", "a")))
    assert (again.run.new, list(again.ads)) == (0, ["0012", "13"])


def test_a_damaged_id_without_an_address_is_rejected_with_what_to_do(tmp_path: Path) -> None:
    rows = [
        "fair,6.12346E+11,,老象牙手镯",
        "fair,6.12346E+11,https://m.example/x,老象牙牌",
        "fair,5E10,,象牙章",
    ]
    done = import_file(tmp_path, csv_of("site,ad_id,url,title", *rows))
    assert list(done.ads) == ["5E10"]
    assert list(done.rejected) == [2, 3]
    assert "scientific form" in done.rejected[2]
    assert "format the column as text and export it again" in done.rejected[2]
    assert "no advertisement in the store has this address" in done.rejected[3]


def test_spellings_of_one_id_and_of_one_site_are_one_advertisement(tmp_path: Path) -> None:
    sites = ["taobao", "Taobao", "淘宝", "淘宝网"]
    ids = ["612345678901", "６１２３４５６７８９０１", "6123\u200b45678901", "612345678901.0"]
    rows = [f"{site},{ad_id},老象牙手镯" for site, ad_id in zip(sites, ids, strict=True)]
    rows.append("taobo,612345678901,老象牙手镯")
    done = import_file(tmp_path, csv_of("site,ad_id,title", *rows))
    assert (done.run.new, done.run.found) == (2, 5)
    assert "site 'taobo' is not a declared site" in done.run.reason
    assert "did you mean 'taobao'?" in done.run.reason
    assert done.run.health == "ok"


def stored(folder: Path, *ads: tuple[str, str, str]) -> None:
    store = open_store(f"sqlite:///{folder / 'store.db'}")
    found = datetime(2016, 5, 3, 4, tzinfo=UTC)
    store.record(
        [
            Advertisement(site, ad_id, url, title="老象牙手镯", price="5", found_at=found)
            for site, ad_id, url in ads
        ],
        "an earlier version",
    )
    store.close()


def test_writings_of_one_number_in_one_file_are_one_advertisement(tmp_path: Path) -> None:
    ids = ["7001", "#7001", "No. 7001", "7001号", "7OO1", '"7,001"']
    rows = [f"58,{ad_id},老象牙手镯" for ad_id in ids] + ["58,7OO1,犀角杯"]
    done = import_file(tmp_path, csv_of("site,ad_id,title", *rows))
    assert {ad_id: ad.title for ad_id, ad in done.ads.items()} == {
        "7001": "老象牙手镯",
        "7OO1": "犀角杯",
    }


def test_numbers_alike_of_other_sellers_or_prices_are_several_advertisements(
    tmp_path: Path,
) -> None:
    rows = ["58,0042,象牙手镯,张三,500", "58,42,象牙手镯,李四,90000", "58,7001,虎骨,,300"]
    rows += ["58,7OO1,虎骨,,280", "58,No.7001,虎骨,王五,300"]
    done = import_file(tmp_path, csv_of("site,ad_id,title,seller,price", *rows))
    assert {ad_id: ad.price for ad_id, ad in done.ads.items()} == {
        "0042": "500", "42": "90000", "7001": "300", "7OO1": "280",
    }  # fmt: skip


def test_one_seller_under_writings_of_one_number_is_one_advertisement(tmp_path: Path) -> None:
    day = "2016-05-03"
    rows = [
        *(f"58,04217,象牙手镯,张三A,500,{day}", f"58,4217,象牙手镯,张三Ａ,500元,{day}"),
        *(f"58,No.4217,象牙手镯,张三A,¥500,{day}", "58,#4217,象牙手镯,张三A,450,2016-05-20"),
        *(f"58,7001,虎骨,,300,{day}", f"58,No.7001,虎骨,王五,300,{day}"),
        *(f"58,07001,虎骨,李四,300,{day}", f"58,#7001,虎骨,李四,300,{day}"),
    ]
    done = import_file(tmp_path, csv_of("site,ad_id,title,seller,price,found_at", *rows))
    sellers = {ad_id: ad.seller for ad_id, ad in done.ads.items()}
    assert sellers == {"04217": "张三A", "7001": "王五", "07001": "李四"}


def test_a_header_again_with_a_remark_rejects_nothing_below_it(tmp_path: Path) -> None:
    rows = ["网站,编号,标题,（元，可不填）".replace("，", "；"), "58,1,象牙牌,500"]
    rows += ["网站,编号,标题,价格（元）", "58,2,象牙珠,80"]
    done = import_file(tmp_path, csv_of("site,ad_id,title,price", *rows))
    assert (list(done.ads), done.rejected) == (["1", "2"], {})


def test_rows_of_another_table_below_are_rejected(tmp_path: Path) -> None:
    rows = ["58,1,老象牙手镯", "网站,编号,标题", "58,2,象牙牌", "seller,city,", "张三,北京,"]
    rows += ["网站,标题,编号", "58,犀角杯,3"]
    done = import_file(tmp_path, csv_of("site,ad_id,title", *rows))
    assert list(done.ads) == ["1", "2"]
    assert list(done.rejected) == [5, 6, 7, 8]
    assert "'seller' is not known, and the row has neither a title nor a url" in done.rejected[5]
    assert "line 7 is the header of other columns" in done.rejected[8]
    assert all(in_chinese(done.rejected[line]) for line in (5, 8))


def test_what_an_earlier_version_recorded_is_not_new(tmp_path: Path) -> None:
    urls = [
        "https://m.example/ad/1?spm=5",
        "https://www.m.example/ad/2",
        "https://m.example/7#lot3",
    ]
    stored(
        tmp_path, *(("fair", earlier_id(url), url) for url in urls), ("淘宝", "612345678901", "")
    )
    rows = [f"fair,,{url},老象牙手镯" for url in urls]
    rows += ["fair,,http://m.m.example/ad/1?spm=9,老象牙手镯", "淘宝,612345678901,,老象牙手镯"]
    done = import_file(tmp_path, csv_of("site,ad_id,url,title", *rows))
    assert (done.run.new, done.run.seen, len(done.ads)) == (0, 4, 4)


def test_a_run_with_conflicts_says_so_at_the_command_line(tmp_path: Path) -> None:
    header, store = "site,ad_id,title,price", f"sqlite:///{tmp_path / 'store.db'}"
    import_file(tmp_path, csv_of(header, "fair,1,老象牙手镯甲,1000"))
    (tmp_path / "b.csv").write_text(
        csv_of(header, "fair,1,犀角杯丙,9000", "fair,3,虎骨,5"), "utf-8"
    )
    command = ("crawl", "records", "-a")
    result = scrapy(*command, "file=b.csv", folder=tmp_path, WILDCRAWL_STORE=store)
    assert result.code == 1, "whoever goes on with the counts must notice"
    assert "b.csv line 2: ad_id: '1' of fair belongs to" in result.err
    assert "records: 1 new, 0 seen" in result.err
    assert "thin (1 of 2 rows were rejected" in result.err
    assert "犀角杯丙" in (tmp_path / "b.csv.rejected.csv").read_text("utf-8-sig")
    with closing(open_store(store)) as opened:
        assert {site for site, _ in incomplete_imports(opened)} == {"fair"}
    again = scrapy(*command, "file=b.csv.rejected.csv", folder=tmp_path, WILDCRAWL_STORE=store)
    assert again.code == 1
    assert "no row of b.csv.rejected.csv could be imported" in again.err


def test_a_url_without_an_id_reaches_what_the_site_gave_an_id(tmp_path: Path) -> None:
    url = f"{ITEM}612345678901"
    import_file(tmp_path, csv_of("site,ad_id,url,title", f"taobao,612345678901,{url},老象牙手镯"))
    rows = [f"淘宝,{url}&spm=a1.b2,老象牙手镯 清代,valid", f"淘宝,{url},,valid"]
    done = import_file(tmp_path, csv_of("site,url,title,verdict", *rows))
    assert (done.run.new, done.rejected) == (0, {})
    assert {ad_id: ad.verdict for ad_id, ad in done.ads.items()} == {"612345678901": "valid"}


def test_a_url_without_an_id_is_not_the_page_s_other_lot(tmp_path: Path) -> None:
    url = f"{ITEM}612345678901"
    import_file(tmp_path, csv_of("site,ad_id,url,title", f"taobao,612345678901,{url},老象牙手镯"))
    done = import_file(tmp_path, csv_of("site,url,title,verdict", f"taobao,{url},犀角杯,valid"))
    assert done.ads["612345678901"].verdict == "pending"
    assert len(done.ads) == 2


def test_lots_of_one_page_are_rejected_in_the_second_reading_too(tmp_path: Path) -> None:
    rows = [f"fair,https://m.example/stall/7,{title},1000" for title in TITLES]
    for _ in range(2):
        done = import_file(tmp_path, csv_of("site,url,title,price", *rows))
        assert list(done.rejected) == [3, 4, 5]
        assert [ad.title for ad in done.ads.values()] == TITLES[:1]


def test_one_title_at_two_prices_is_not_merged(tmp_path: Path) -> None:
    rows = ["甲店,象牙手镯,1000,老王", "甲店,象牙手镯,3000,老王", "甲店,象牙手镯,￥1000元,老王"]
    done = import_file(tmp_path, csv_of("site,title,price,seller", *rows))
    assert list(done.rejected) == [3]
    assert "title and the seller of line 2, but another price" in done.rejected[3]
    assert [ad.price_amount for ad in done.ads.values()] == [1000]


def test_rows_that_only_repeat_others_are_counted_once_and_told(tmp_path: Path) -> None:
    rows = [
        "1,甲店,象牙手镯,1800",
        "2,甲店,象牙手镯,1800",
        "3,甲店,象牙手镯,",
        "4,甲店,象牙牌,1800",
    ]
    done = import_file(tmp_path, csv_of(",site,title,price", *rows))
    assert (done.run.new, done.run.health) == (2, "ok")
    told = "2 rows without ad_id and url, of the same title, seller and date as an earlier row: not"
    assert told in done.run.reason
    assert "2 行没有编号和网址" in in_chinese(done.run.reason)
    days = ["甲店,象牙手镯,2016-05-01", "甲店,象牙手镯,2016-06-01"]
    done = import_file(tmp_path, csv_of("site,title,found_at", *days))
    assert "not counted again" not in done.run.reason, "it was found on two days"


def test_rows_whose_links_are_lost_are_not_taken_for_one(tmp_path: Path) -> None:
    rows = ["甲店,查看,象牙手镯", "甲店,查看,象牙手镯", "甲店,无,象牙牌", "甲店,无,象牙牌"]
    done = import_file(tmp_path, csv_of("site,url,title", *rows))
    assert list(done.rejected) == [3]
    assert "url: '查看' is no address, and the row repeats line 2; write the" in done.rejected[3]
    assert "只重复第 2 行" in in_chinese(done.rejected[3])
    assert (done.run.new, done.run.health) == (2, "thin")


def test_one_title_at_another_price_on_another_day_is_a_new_price(tmp_path: Path) -> None:
    rows = ["甲店,象牙手镯,1000,2016-05-01", "甲店,象牙手镯,3000,2016-06-01"]
    done = import_file(tmp_path, csv_of("site,title,price,found_at", *rows))
    assert (done.rejected, [ad.price for ad in done.ads.values()]) == ({}, ["3000"])


def test_words_in_place_of_an_id_make_no_advertisement_of_several(tmp_path: Path) -> None:
    rows = [
        "甲店,无,https://m.example/i/1.html,象牙手镯",
        "甲店,无,https://m.example/i/2.html,象牙手镯",
        "甲店,n/a,,犀角杯",
        "甲店,n/a,,玳瑁扇",
    ]
    done = import_file(tmp_path, csv_of("site,ad_id,url,title", *rows))
    assert (done.run.new, done.rejected, done.run.health) == (4, {}, "ok")


def test_an_address_in_the_column_of_ids_is_compared_as_an_address(tmp_path: Path) -> None:
    first = "甲店,http://m.example/i/1.html?spm=1.2,象牙手镯,"
    import_file(tmp_path, csv_of("site,ad_id,title,verdict", first))
    second = "甲店,https://m.example/i/1.html,象牙手镯,valid"
    done = import_file(tmp_path, csv_of("site,ad_id,title,verdict", second))
    assert [(ad.url, ad.verdict) for ad in done.ads.values()] == [
        ("https://m.example/i/1.html", "valid")
    ]


def test_two_verdicts_on_one_advertisement_in_one_file_are_a_conflict(tmp_path: Path) -> None:
    rows = ["甲店,A100001,象牙手镯,valid", "甲店,A100001,象牙手镯,irrelevant"]
    done = import_file(tmp_path, csv_of("site,ad_id,title,verdict", *rows))
    assert list(done.rejected) == [3]
    assert "contradicts 'valid' in line 2" in done.rejected[3]
    assert [ad.verdict for ad in done.ads.values()] == ["valid"]


def test_a_later_dated_verdict_of_a_file_replaces_the_earlier(tmp_path: Path) -> None:
    rows = ["甲店,A100001,象牙,2016-05-01,valid", "甲店,A100001,象牙,2016-05-09,irrelevant"]
    done = import_file(tmp_path, csv_of("site,ad_id,title,found_at,verdict", *rows))
    assert (done.rejected, [ad.verdict for ad in done.ads.values()]) == ({}, ["irrelevant"])


def test_a_counted_id_on_two_pages_is_a_conflict(tmp_path: Path) -> None:
    rows = ["甲店,A1,https://m.example/1.html,", "甲店,A1,https://m.example/2.html,"]
    done = import_file(tmp_path, csv_of("site,ad_id,url,title", *rows))
    assert (list(done.rejected), len(done.ads)) == ([3], 1)


def test_leading_zeros_are_found_again_under_an_edited_title(tmp_path: Path) -> None:
    import_file(tmp_path, csv_of("site,ad_id,title", "s7788,0012345,老象牙牌"))
    row = "s7788,12345,老象牙牌 清代,valid"
    done = import_file(tmp_path, csv_of("site,ad_id,title,verdict", row))
    assert {ad_id: ad.verdict for ad_id, ad in done.ads.items()} == {"0012345": "valid"}


def test_one_price_in_several_writings_is_one_price(tmp_path: Path) -> None:
    prices = ["1000", "1000.00", '"1,000元"', "￥1000.0", "RMB 1000"]
    rows = [f"甲店,象牙手镯,{price}" for price in prices]
    done = import_file(tmp_path, csv_of("site,title,price", *rows))
    assert (done.rejected, len(done.ads)) == ({}, 1)


def test_first_seen_stands_for_a_missing_date(tmp_path: Path) -> None:
    rows = ["fair,a1,老象牙手镯甲,2016-05-03,", "fair,a2,老象牙手镯乙,2016-05-03,2016-06-04"]
    done = import_file(tmp_path, csv_of("site,ad_id,title,首次发现,发现时间", *rows))
    seen = [ad.first_seen for ad in done.ads.values()]
    assert seen == [datetime(2016, 5, 2, 16, tzinfo=UTC), datetime(2016, 6, 3, 16, tzinfo=UTC)]
    assert done.run.health == "ok"
    assert "found_at" not in done.run.reason


def test_a_first_seen_that_is_no_date_is_rejected(tmp_path: Path) -> None:
    row = "fair,a1,老象牙手镯甲,soon"
    done = import_file(tmp_path, csv_of("site,ad_id,title,first_seen", row))
    assert "first_seen: 'soon' is not a date" in done.rejected[2]


def test_rows_without_a_date_are_reported_by_number(tmp_path: Path) -> None:
    rows = ["fair,a1,老象牙手镯甲,", "fair,a2,老象牙手镯乙,2016-05-03", "fair,a3,老象牙手镯丙,"]
    done = import_file(tmp_path, csv_of("site,ad_id,title,found_at", *rows))
    assert "2 rows have no found_at; what is new among them counts in the month" in done.run.reason
    assert (done.run.health, done.run.new) == ("ok", 3)


@pytest.mark.parametrize(
    ("row", "places"),
    [
        ("Fair,2,2016-05-03,sold", {("fair", "2016-05")}),
        ("收藏网,2,2016-05-03,sold", {("收藏网", "2016-05")}),
        ("fair,2,,sold", {("fair", "2026-12")}),
        ("fair,2,2016-15-03,valid", set()),
        (",2,2016-05-03,valid", set()),
    ],
)
def test_a_rejected_row_is_of_the_site_and_month_that_it_names(
    tmp_path: Path, row: str, places: set[tuple[str, str]]
) -> None:
    path = tmp_path / "r.csv"
    path.write_text(f"site,ad_id,found_at,verdict\n{row}\n", "utf-8")
    (rejection,) = read_records(path, [])
    assert isinstance(rejection, Rejection)
    now = datetime(2026, 12, 5, tzinfo=UTC)
    assert place_of(rejection, SiteNames({"fair": ["Fair"]}), now) == places


def test_a_row_that_an_export_brings_back_is_of_no_place_of_records() -> None:
    rejection = Rejection(2, "unknown key", {KEY: "abc", "site": "fair", "found_at": "2016-05-03"})
    assert place_of(rejection, SiteNames({}), datetime(2026, 12, 5, tzinfo=UTC)) == set()


def test_a_file_of_which_every_row_was_rejected_leaves_its_month_incomplete(tmp_path: Path) -> None:
    done = import_file(tmp_path, csv_of("site,ad_id,found_at,verdict", "taobao,3,2016-05-03,sold"))
    assert (done.run.new, [*done.rejected]) == (0, [2])
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as opened:
        assert incomplete_imports(opened) == {("taobao", "2016-05")}


def test_what_stands_in_the_site_of_a_rejected_row_is_no_monitored_site(tmp_path: Path) -> None:
    header = "site,ad_id,title,found_at,verdict"
    import_file(tmp_path, csv_of(header, "fair,1,老象牙手镯,2016-04-03,"))
    cells = ["微信 u-1234 电话 1380000", "shpo", "fair"]
    rows = [f"{cell},{n},犀角杯,2016-05-03,maybe" for n, cell in enumerate(cells)]
    done = import_file(tmp_path, csv_of(header, "mall,9,虎骨,2016-05-03,", *rows), "b.csv")
    assert len(done.rejected) == 3
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as opened:
        may = {("mall", "2016-05"), ("fair", "2016-05"), ("", "2016-05")}
        assert incomplete_imports(opened) == may
    (said,) = [each for each in done.messages if "neither declared nor recorded" in each]
    assert "2 rejected rows name a site" in said
    assert "1380000" not in said
