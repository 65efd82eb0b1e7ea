"""Words of tables: headers and values in both languages, and headers that are unknown."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from exports.texts import LANGUAGES, texts_of
from tests.helpers.workbooks import book
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.analysis.vocabulary.goods import goods
from wildcrawl.items import RECORD_COLUMNS, Advertisement
from wildcrawl.tabular.records import Record, read_records
from wildcrawl.tabular.tables import RecordsError, Rejection
from wildcrawl.tabular.words import CLOSED, COLUMN_LABELS, ColumnWords, column_of, shown

GROUPS = load_vocabulary().groups


def read(path: Path) -> list[Advertisement]:
    rows = list(read_records(path, GROUPS, words=ColumnWords(GROUPS)))
    assert not [str(row) for row in rows if isinstance(row, Rejection)]
    return [row.advertisement for row in rows if isinstance(row, Record)]


def read_text(folder: Path, text: str, charset: str = "utf-8") -> list[Advertisement]:
    (folder / "records.csv").write_bytes(text.encode(charset))
    return read(folder / "records.csv")


CHINESE = (
    "网站,编号,链接,标题,价格,卖家,判断,物种,产品类型,新旧,发现时间\n"
    "mall,0012,https://m.example/1,老手镯,￥3500,张三,有效,象牙；犀角,原料,老,2016年5月3日\n"
)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("charset", ["utf-8-sig", "gb18030", "utf-16-le"])
def test_a_table_in_chinese_is_read(tmp_path: Path, charset: str, delimiter: str) -> None:
    (ad,) = read_text(tmp_path, CHINESE.replace(",", delimiter), charset)
    assert (ad.site, ad.ad_id, ad.url, ad.title) == (
        "mall",
        "0012",
        "https://m.example/1",
        "老手镯",
    )
    assert (ad.price, ad.seller, ad.verdict) == ("￥3500", "张三", "valid")
    assert (ad.species, ad.product_type, ad.age_claim) == (["ivory", "rhino_horn"], "raw", "old")


def test_json_lines_in_chinese_are_read(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text(
        '{"网站": "mall", "标题": "老手镯", "物种": ["象牙"], "判定": "虚假"}\n', "utf-8"
    )
    (ad,) = read(path)
    assert (ad.site, ad.title, ad.species, ad.verdict) == ("mall", "老手镯", ["ivory"], "fake")


def test_every_label_of_the_desk_names_its_column() -> None:
    assert [column_of(label) for label in COLUMN_LABELS.values()] == list(RECORD_COLUMNS)
    units = ("价格（元）", "价格 (RMB)：", "标题(必填)", "价格（万元）")
    assert [*map(column_of, units)] == ["price", "price", "title", "价格（万元）"]
    assert [column_of(f"{name}\n{label}") for name, label in COLUMN_LABELS.items()] == list(
        RECORD_COLUMNS
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_heading_of_the_reports_advertisements_names_its_column(lang: str) -> None:
    shown_columns = (
        "site",
        "ad_id",
        "url",
        "title",
        "species",
        "product_type",
        "age_claim",
        "price",
    )
    for column in (*shown_columns, "first_seen"):
        assert column_of(texts_of(lang).column(column, "advertisements")) == column


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_value_that_the_report_shows_is_read(lang: str) -> None:
    words = ColumnWords(GROUPS)
    texts = texts_of(lang)
    for column in ("product_type", "age_claim"):
        for word in CLOSED[column]:
            assert words.word(column, texts.value(word)) == word
    for name, group in GROUPS.items():
        assert words.word("species", group.label) == words.word("species", group.label_zh) == name


def test_every_choice_of_the_drop_downs_is_read() -> None:
    words = ColumnWords(GROUPS)
    for column, choices in CLOSED.items():
        for word, label in choices.items():
            for text in (word, word.upper(), label, shown(word, label), f" {label} "):
                assert words.word(column, text) == word
    assert words.word("species", "ivory 象牙; 虎、犀角") == "ivory;tiger;rhino_horn"


def test_words_of_doubt_are_no_verdict(tmp_path: Path) -> None:
    ads = read_text(tmp_path, "网站,标题,判定\nm,a,不确定\nm,b,无效\nm,c,\n")
    assert [ad.verdict for ad in ads] == ["pending", "irrelevant", ""]


def test_a_word_that_is_unknown_rejects_its_row(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("网站,标题,判定\nm,a,也许吧\n", "utf-8")
    (row,) = read_records(tmp_path / "r.csv", GROUPS, words=ColumnWords(GROUPS))
    assert isinstance(row, Rejection)
    assert "verdict: '也许吧' is not a valid verdict" in row.reason


@pytest.mark.parametrize(
    ("cell", "species"),
    [
        ("象牙/犀角", ["ivory", "rhino_horn"]),
        ("象牙，犀牛角製品", ["ivory", "rhino_horn"]),
        ("象牙 玳瑁", ["ivory", "sea_turtle"]),
        ("ivory, rhino horn", ["ivory", "rhino_horn"]),
        ("Ivory and Hawksbill", ["ivory", "sea_turtle"]),
        ("象牙（非洲）；象牙", ["ivory"]),
    ],
)
def test_species_are_listed_with_any_separator(
    tmp_path: Path, cell: str, species: list[str]
) -> None:
    (ad,) = read_text(tmp_path, f'网站,标题,物种\nm,a,"{cell}"\n')
    assert list(ad.species) == species


def test_a_species_that_is_unknown_rejects_its_row(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("网站,标题,物种\nm,a,象牙/熊胆\nm,b,羚羊\n", "utf-8")
    rows = list(read_records(tmp_path / "r.csv", GROUPS, words=ColumnWords(GROUPS)))
    assert ["is not a valid species group" in getattr(row, "reason", "") for row in rows] == [
        True
    ] * 2


HEADERS = (
    *("平台", "宝贝标题", "現價", "賣家", "商品链接", "上架时间", "關鍵字", "審核結果"),
    *("拍品描述", "發貨地"),
)


def test_headers_in_other_words_and_traditional_characters_are_read() -> None:
    assert [column_of(header) for header in HEADERS] == [
        *("site", "title", "price", "seller", "url", "posted_at", "found_by", "verdict"),
        *("description", "location"),
    ]
    assert [column_of(header) for header in ("商品", "宝贝颜色", "\ud800")] == [
        *("商品", "宝贝颜色", "\ud800"),
    ]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("网站,广告标提", "'广告标提' is not a known column; did you mean '广告标题' (title)?"),
        ("网站,标题,颜色", "'颜色' is not a known column; choose one of site, ad_id"),
        ("标题,链接", "the column 'site' is missing"),
        ("网站,标题,title", "column 'title' appears twice"),
    ],
)
def test_an_unknown_header_is_named_with_the_nearest(
    tmp_path: Path, header: str, message: str
) -> None:
    (tmp_path / "r.csv").write_text(f"{header}\n", "utf-8")
    with pytest.raises(RecordsError) as raised:
        read_records(tmp_path / "r.csv", GROUPS)
    assert message in str(raised.value)
    with pytest.raises(RecordsError) as raised:
        read_records(book(tmp_path / "r.xlsx", header.split(",")), GROUPS)
    assert message in str(raised.value)


# Marks that programs leave in text files


def test_a_nul_is_dropped_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    for text in (
        "site,title\nm,老\0象牙\0\n",
        "网站,标题\nm,老\0象牙\0\n",
        "site,title\0\nm,老象牙\0\n",
        "site,\0title\nm,\0老象牙\n",
    ):
        for charset in ("utf-8", "gb18030"):
            path.write_bytes(text.encode(charset))
            records = read_records(path, GROUPS)
            (row,) = records
            assert isinstance(row, Record)
            assert row.advertisement.title == "老象牙"
            (note,) = records.notes
            assert "2 NUL characters were dropped" in note


def test_a_nul_in_json_lines_is_dropped_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_bytes('{"site": "m", "title": "老\0象牙"}\n\0\0\n'.encode())
    records = read_records(path, GROUPS)
    (row,) = records
    assert isinstance(row, Record)
    assert row.advertisement.title == "老象牙"
    assert records.notes == ["3 NUL characters were dropped; check the program that wrote the file"]


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-16"])
@pytest.mark.parametrize("text", ["site,title\nm,一一一一\n", "网站,标题\n一一,一一一一一\n" * 2])
def test_utf_16_without_a_mark_is_still_known(tmp_path: Path, charset: str, text: str) -> None:
    (ad, *_) = read_text(tmp_path, text, charset)
    assert set(ad.title) == {"一"}


def test_a_line_that_names_the_separator_is_no_header(tmp_path: Path) -> None:
    (ad,) = read_text(tmp_path, "sep=;\nsite;title\nm;a,b\n")
    assert (ad.site, ad.title) == ("m", "a,b")


def test_lines_above_the_header_are_skipped_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    path.write_text("五月监测记录,,\n\n网站,标题,网址\nm,老象牙,\n", "utf-8")
    records = read_records(path, GROUPS)
    (record,) = records
    assert isinstance(record, Record)
    assert (record.advertisement.title, record.line) == ("老象牙", 4)
    assert records.notes == ["lines above the header were not read: '五月监测记录'"]


def test_a_header_cell_may_have_several_lines(tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["site\n网站", "title\n标题"], ["m", "老象牙"], ["m", ""]])
    ad, rejection = read_records(path, GROUPS)
    assert isinstance(ad, Record)
    assert isinstance(rejection, Rejection)
    assert (ad.line, rejection.line, ad.advertisement.title) == (4, 5, "老象牙")


def test_an_error_that_a_spreadsheet_saved_as_text_rejects_its_row(tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    path.write_text("site,title\nm,#NAME?\nm,#象牙\n", "utf-8")
    rejection, record = read_records(path, GROUPS)
    assert str(rejection) == "line 2: title holds the error #NAME?; write its value"
    assert isinstance(record, Record)


def test_species_are_read_by_the_names_that_reports_print() -> None:
    words = ColumnWords(GROUPS)
    for lang in LANGUAGES:
        for name, group in GROUPS.items():
            label = goods(group.label_zh if lang == "zh" else group.label)
            assert words.word("species", label) == name, label
