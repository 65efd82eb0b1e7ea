"""Records reader: CSV, XLSX and JSON-lines files, faults, rejected rows and ids."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from wildcrawl.analysis.ids import derive_ad_id
from wildcrawl.items import ADVERTISEMENT_COLUMNS, RECORD_COLUMNS, Advertisement
from wildcrawl.tabular.records import Record, RejectedFile, read_records
from wildcrawl.tabular.tables import RecordsError, Rejection, as_typed, harmless

SPECIES = ["ivory", "rhino_horn", "tiger"]
FULL = {
    "site": "旧货市场",
    "ad_id": "0042",
    "url": "https://market.example/ad/42",
    "title": "老象牙手镯，带包浆",
    "description": '祖传 "老货"\n五十八圈口; 不议价',
    "category": "古玩",
    "price": "￥1,200",
    "seller": "藏友",
    "seller_id": "12345678901234567890",
    "location": "上海",
    "posted_at": "3天前",
    "found_at": "2016-05-03",
    "found_by": "象牙;象牙手镯",
    "image_urls": "https://market.example/1.jpg;https://market.example/2.jpg",
    "images": "2",
    "videos": "0",
    "species": "ivory;tiger",
    "product_type": "worked_uncarved",
    "age_claim": "old",
    "verdict": "valid",
    "screened_by": "ana",
    "note": "见过",
}


def read(path: Path, charset: str | None = None) -> tuple[list[Advertisement], list[Rejection]]:
    ads, rejections = [], []
    for row in read_records(path, SPECIES, charset=charset):
        if isinstance(row, Record):
            ads.append(row.advertisement)
        else:
            rejections.append(row)
    return ads, rejections


def csv_text(rows: list[dict[str, str]], delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def written(tmp_path: Path, text: str, charset: str = "utf-8") -> Path:
    path = tmp_path / "records.csv"
    path.write_bytes(text.encode(charset))
    return path


def workbook(tmp_path: Path, *rows: list[object]) -> Path:
    path = tmp_path / "records.xlsx"
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def assert_full(ad: Advertisement) -> None:
    for name in RECORD_COLUMNS:
        if name not in ("found_at", "found_by", "image_urls", "images", "videos", "species"):
            assert getattr(ad, name) == FULL[name]
    assert ad.found_at == datetime(2016, 5, 2, 16, tzinfo=UTC)
    assert ad.found_by == ["象牙", "象牙手镯"]
    assert ad.image_urls == ["https://market.example/1.jpg", "https://market.example/2.jpg"]
    assert (ad.images, ad.videos) == (2, 0)
    assert ad.species == ["ivory", "tiger"]
    assert ad.by_person == ["species", "product_type", "age_claim"]


# Files that spreadsheets and programs write


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le"])
def test_csv_is_read_in_every_charset_and_dialect(
    tmp_path: Path, charset: str, delimiter: str
) -> None:
    path = written(tmp_path, csv_text([FULL], delimiter), charset)
    ads, rejections = read(path)
    assert rejections == []
    assert_full(*ads)


def test_columns_may_be_in_any_order_and_any_may_be_missing(tmp_path: Path) -> None:
    backwards = {name: FULL[name] for name in reversed(RECORD_COLUMNS)}
    assert_full(*read(written(tmp_path, csv_text([backwards])))[0])
    (ad,), _ = read(written(tmp_path, "title, Site \n象牙手镯,mall\n"))
    assert (ad.site, ad.title, ad.found_at, ad.images, ad.by_person) == (
        "mall",
        "象牙手镯",
        None,
        None,
        [],
    )


def test_closed_words_may_be_in_capitals(tmp_path: Path) -> None:
    words = {"species": "Ivory; TIGER;ivory", "product_type": "Raw", "age_claim": "NEW"}
    (ad,), rejections = read(written(tmp_path, csv_text([FULL | words | {"verdict": " Valid "}])))
    assert not rejections
    assert (ad.species, ad.product_type, ad.age_claim) == (["ivory", "tiger"], "raw", "new")
    assert ad.verdict == "valid"


def test_the_age_claim_none_counts_as_given_by_a_person(tmp_path: Path) -> None:
    rows = [FULL | {"age_claim": claim} for claim in ("None", "")]
    (claimed, empty), rejections = read(written(tmp_path, csv_text(rows)))
    assert not rejections
    assert (claimed.age_claim, claimed.by_person) == ("", ["species", "product_type", "age_claim"])
    assert (empty.age_claim, empty.by_person) == ("", ["species", "product_type"])


def test_json_lines_may_hold_lists_and_numbers(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    lists = {name: FULL[name].split(";") for name in ("found_by", "image_urls", "species")}
    numbers = {"images": 2, "videos": 0}
    lines = [json.dumps(FULL), "", json.dumps(FULL | lists | numbers, ensure_ascii=False)]
    path.write_text("\n".join(lines), encoding="utf-8")
    ads, rejections = read(path)
    assert rejections == []
    assert len(ads) == 2
    for ad in ads:
        assert_full(ad)


def test_json_numbers_remain_as_typed(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text('{"site": "m", "ad_id": 12345678901234567890, "price": 580.10}\n')
    (ad,), _ = read(path)
    assert (ad.ad_id, ad.price) == ("12345678901234567890", "580.10")


def test_a_workbook_gives_the_text_that_a_person_would_type(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        ["site", "ad_id", "price", "found_at", "posted_at", "images", None],
        ["m", 42, 580.5, datetime(2016, 5, 3, 14, 30), date(2016, 5, 1), 3.0],  # noqa: DTZ001
        [None, None],
        ["m", "0043", 1000000.0, date(2016, 5, 3)],
    )
    (first, second), rejections = read(path)
    assert rejections == []
    assert (first.ad_id, first.price, first.posted_at, first.images) == (
        "42",
        "580.5",
        "2016-05-01",
        3,
    )
    assert first.found_at == datetime(2016, 5, 3, 6, 30, tzinfo=UTC)
    assert (second.ad_id, second.price) == ("0043", "1000000")
    assert second.found_at == datetime(2016, 5, 2, 16, tzinfo=UTC)


@pytest.mark.parametrize("columns", [("site", "title", "url"), ("site", "title")])
def test_the_link_of_a_title_is_the_address_that_is_not_given(
    tmp_path: Path, columns: tuple[str, ...]
) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(columns)
    for number in (2, 3):
        sheet.append(["fair", "老象牙手镯"])
        sheet.cell(number, 2).hyperlink = f"https://m.example/ad/{number}"
    if len(columns) > 2:
        sheet["C3"] = "https://m.example/"
        sheet["C3"].hyperlink = "https://m.example/ad/4"
    book.save(tmp_path / "a.xlsx")
    ads, rejections = read(tmp_path / "a.xlsx")
    last = "4" if len(columns) > 2 else "3"
    assert [ad.url[-1] for ad in ads] == ["2", last]
    assert rejections == []


def test_an_id_is_read_as_its_format_shows_it(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["site", "ad_id"], ["fair", 7001], ["fair", date(2016, 3, 5)])
    book = load_workbook(path)
    book.worksheets[0]["B2"].number_format = "00000000"
    book.save(path)
    ads, rejections = read(path)
    assert [ad.ad_id for ad in ads] == ["00007001"]
    assert "'2016/03/05' is a date that a spreadsheet has made of an id" in str(rejections[0])


def test_a_number_that_the_spreadsheet_has_spoilt_is_rejected(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, ["site", "ad_id", "title"], ["m", 12345678901234567890, "a"], ["m", 1, "#REF!"]
    )
    ads, rejections = read(path)
    assert ads == []
    assert "lost its last digits; format the column as text" in str(rejections[0])
    assert str(rejections[1]) == "line 3: title holds the error #REF!; write its value"


def test_an_exported_advertisements_csv_can_be_read_back(tmp_path: Path) -> None:
    row = dict.fromkeys(ADVERTISEMENT_COLUMNS, "x") | FULL
    row["title"] = harmless("=象牙")
    ads, rejections = read(written(tmp_path, csv_text([row]), "utf-8-sig"))
    assert rejections == []
    assert ads[0].title == "=象牙"


@given(st.text())
def test_a_harmless_text_is_not_a_formula_and_is_restored(text: str) -> None:
    safe = harmless(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋"))
    assert as_typed(safe) == text


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", " ", "\u3000", "\x00", "\u202e", "\xa0"])
def test_a_formula_behind_invisible_characters_is_neutralised(unseen: str) -> None:
    for text in (f"{unseen}=1", f"'{unseen}=1"):
        assert harmless(text) == f"'{text}"
        assert as_typed(harmless(text)) == text


@pytest.mark.parametrize("text", ["=1+1", "'=1+1", "''=x", "-5", "@a", "\ta", "＝1", "'象牙'", "'"])
def test_texts_with_apostrophes_are_restored(text: str) -> None:
    assert as_typed(harmless(text)) == text


# Faults of a whole file: no row of it is read


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty; its first line must name the columns"),
        (
            "site,titel\nm,a\n",
            "'titel' is not a known column; did you mean 'title'? Choose one of site, ad_id",
        ),
        ("title,url\na,b\n", "the column 'site' is missing; add it"),
        ("site,title,title\nm,a,b\n", "column 'title' appears twice"),
    ],
)
def test_a_wrong_header_is_named_before_anything_is_read(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(RecordsError) as raised:
        read_records(written(tmp_path, text), SPECIES)
    assert message in str(raised.value)
    assert "records.csv" in str(raised.value)


def test_a_wrong_key_of_a_late_json_line_is_named_before_anything_is_read(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text('{"site": "m", "title": "a"}\n' * 500 + '{"site": "m", "prise": "1"}\n')
    with pytest.raises(RecordsError, match="'prise' is not a known column; did you mean 'price'"):
        read_records(path, SPECIES)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("records.doc", b"x", "'.doc' is not a supported file type; use one of .csv"),
        ("records.xlsx", b"site,title\nm,a\n", "is not an XLSX workbook"),
        ("records.jsonl", b'[{"site": "m"}]', "is a single JSON list; write one object per line"),
        ("records.jsonl", b" \n", "is empty"),
        (
            "records.csv",
            "site,title\nm,象牙手鐲老料重量約五十克私訊面議\n".encode("big5"),
            "neither UTF-8",
        ),
        ("records.csv", b"site,title\nm,caf\xe9 au lait\n", "neither UTF-8 nor UTF-16 nor GB18030"),
        (
            "records.csv",
            "site,title\nm,象牙手镯\nm,象\n".encode()[:-2],
            "UTF-8 with broken bytes, first in line 3",
        ),
    ],
)
def test_a_file_of_another_kind_or_charset_is_named(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(RecordsError) as raised:
        read_records(path, SPECIES)
    assert message in str(raised.value)
    assert str(path) in str(raised.value)


def test_a_charset_can_be_given(tmp_path: Path) -> None:
    path = written(tmp_path, "site,title\nm,象牙手鐲\n", "big5")
    assert read(path, "big5")[0][0].title == "象牙手鐲"
    with pytest.raises(RecordsError, match="cannot be read as utf-8 \\(line 2\\)"):
        read_records(path, SPECIES, charset="utf8")
    with pytest.raises(RecordsError, match="'klingon' is not a known charset"):
        read_records(path, SPECIES, charset="klingon")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="no such file"):
        read_records(tmp_path / "none.csv", SPECIES)


# Faults of a row: the others are read


@pytest.mark.parametrize(
    ("column", "value", "fix"),
    [
        ("site", "", "site is empty; name the site"),
        (
            "found_at",
            "3/5/2016",
            "found_at: '3/5/2016' is not a date from 1990 to 2099; write 2016-05-03",
        ),
        ("found_at", "3/5/2016", "write 2016-05-03 or 2016-03-05, since day and month may be"),
        ("found_at", "5月3日", "since it has no year; write it too, as in 2016-05-03"),
        ("found_at", "2016-02-30", "'2016-02-30' is not a date"),
        ("url", "file:///C:/pages/1.html", "is a file of a computer; write the address of"),
        ("url", r"C:\pages\1.html", "is a file of a computer"),
        ("url", "ftp://mall.example/1.html", "is a file of a computer"),
        ("images", "1000000000", "images: '1000000000' is more than 999999999; correct it"),
        ("url", '=HYPERLINK("file:///D:/1.html","查看")', "is a file of a computer"),
        ("images", "many", "images: 'many' is not a whole number from 0"),
        ("videos", "-1", "videos: '-1' is not a whole number from 0"),
        ("images", "2.5", "images: '2.5' is not a whole number from 0"),
        ("species", "ivory;elephant", "species: 'elephant' is not a valid species group"),
        ("verdict", "relevant", "is not a valid verdict; choose one of pending, valid"),
        ("species", "Rhino horn", "did you mean 'rhino_horn'?"),
        (
            "product_type",
            "carved",
            "product_type: 'carved' is not a valid product type; did you mean",
        ),
        (
            "age_claim",
            "antique",
            "age_claim: 'antique' is not a valid age claim; "
            "choose one of old, new, or leave it empty",
        ),
        ("verdict", "yes", "choose one of pending, valid, irrelevant, fake"),
    ],
)
def test_a_bad_cell_is_named_with_its_value_and_fix(
    tmp_path: Path, column: str, value: str, fix: str
) -> None:
    path = written(tmp_path, csv_text([FULL, FULL | {column: value}, FULL]))
    ads, (rejection,) = read(path)
    assert len(ads) == 2
    # The description takes two lines of the file, so the second row begins in its fourth.
    assert rejection.line == 4
    assert fix in rejection.reason


def test_all_faults_of_a_row_are_named_at_once(tmp_path: Path) -> None:
    row = FULL | {"found_at": "soon", "images": "x", "verdict": "ok"}
    _, (rejection,) = read(written(tmp_path, csv_text([row])))
    assert [part.split(":")[0] for part in rejection.reason.split("; ") if ": '" in part] == [
        "verdict",
        "images",
        "found_at",
    ]


def test_a_site_name_is_normalised(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    names = ["商城 <二>", "\ufeff商城\n<二>", "商\u200b城\x00 <二>\u202e", "商城 <二>\ud83d"]
    rows = [json.dumps({"site": name, "title": "象牙"}) for name in names]
    path.write_text("\n".join([*rows, '{"site": "\\u200b", "title": "象牙"}']), "utf-8")
    ads, rejections = read(path)
    assert [ad.site for ad in ads] == ["商城 <二>"] * 4
    assert [str(rejection) for rejection in rejections] == [
        "line 5: site is empty; name the site of the advertisement"
    ]


def test_a_row_that_names_no_advertisement_is_rejected(tmp_path: Path) -> None:
    _, (rejection,) = read(written(tmp_path, "site,ad_id,url,title,price\nm,, ,,5\n\n , ,,,\n"))
    assert str(rejection) == "line 2: ad_id, url, title are all empty; give one of them"


def test_a_date_in_the_future_is_rejected_if_the_latest_moment_is_given(tmp_path: Path) -> None:
    path = written(tmp_path, "site,title,found_at\nm,a,2061-05-03\nm,b,2016-05-03\n")
    latest = datetime(2016, 6, 1, tzinfo=UTC)
    rejection, record = read_records(path, SPECIES, latest=latest)
    assert isinstance(rejection, Rejection)
    assert "found_at: '2061-05-03' is in the future" in rejection.reason
    assert isinstance(record, Record)


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        (
            "m,a,b,c",
            "has 4 cells where the header has 3; put a cell that holds the separator in quotes",
        ),
        ("m,a", "has 2 cells where the header has 3"),
        ("m,####,1", "title holds ####, as a column that is too narrow shows it"),
        ('m,"a" b,c', "quotation marks do not match"),
        ('m,"a,c', "quotation marks do not match"),
    ],
)
def test_a_line_that_does_not_fit_is_rejected_alone(tmp_path: Path, line: str, fix: str) -> None:
    path = written(tmp_path, f"site,title,price\nm,first,1\n{line}\nm,second,2\nm,third,3\n")
    ads, (rejection,) = read(path)
    assert [ad.title for ad in ads] == ["first", "second", "third"]
    assert rejection.line == 3
    assert fix in rejection.reason


def test_the_index_of_a_data_frame_is_no_cell(tmp_path: Path) -> None:
    path = written(
        tmp_path, ",site,title,price\n0,m,first,1\n1,m,second,2\n象,m,third,3\n3,m,last,4\n"
    )
    ads, (rejection,) = read(path)
    assert [ad.title for ad in ads] == ["first", "second", "last"]
    assert "in a column without a name" in rejection.reason


@pytest.mark.parametrize("cells", [("1001", "1002"), ("380", "1200"), ("2", "3")])
def test_ids_and_prices_without_a_name_are_not_dropped(
    tmp_path: Path, cells: tuple[str, str]
) -> None:
    rows = "".join(f"{cell},m,title\n" for cell in cells)
    ads, rejections = read(written(tmp_path, f",site,title\n{rows}"))
    assert not ads
    assert ["in a column without a name" in each.reason for each in rejections] == [True, True]


def test_ids_after_the_first_number_are_not_dropped(tmp_path: Path) -> None:
    ads, rejections = read(written(tmp_path, ",site,title\n1,m,first\n7,m,second\n9,m,third\n"))
    assert [ad.title for ad in ads] == ["first"]
    assert [rejection.line for rejection in rejections] == [3, 4]


def test_a_quotation_mark_that_is_never_closed_loses_one_line_of_many(tmp_path: Path) -> None:
    lines = ["site,title", 'm,"象牙', *(f"m,{number}" for number in range(5000))]
    ads, rejections = read(written(tmp_path, "\n".join(lines)))
    assert len(ads) == 5000
    assert [rejection.line for rejection in rejections] == [2]


@pytest.mark.parametrize(
    "line", ["not json", "5", '{"site": "m", "title": {"a": 1}}', "[" * 100000]
)
def test_a_bad_json_line_is_rejected_alone(tmp_path: Path, line: str) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text('{"site": "m", "title": "a"}\n' + line + '\n{"site": "m", "title": "b"}\n')
    ads, (rejection,) = read(path)
    assert [ad.title for ad in ads] == ["a", "b"]
    assert (rejection.line, rejection.text) == (2, line)


# The rejected rows


def test_rejected_rows_are_written_beside_the_file_and_can_be_fixed_there(tmp_path: Path) -> None:
    bad = FULL | {"images": "many", "title": "=1+1"}
    path = written(tmp_path, csv_text([FULL, bad]) + "broken line\n")
    records = read_records(path, SPECIES)
    with RejectedFile(path, records.columns) as rejected:
        for row in records:
            if isinstance(row, Rejection):
                rejected.add(row)
    assert rejected.path == tmp_path / "records.csv.rejected.csv"
    assert rejected.count == 2
    text = rejected.path.read_text(encoding="utf-8-sig")
    first, second = csv.DictReader(io.StringIO(text))
    assert first["line"] == "4"
    assert "images: 'many'" in first["reason"]
    assert first["title"] == "'=1+1"
    assert second["site"] == "broken line"

    rejected.path.write_text(text.replace("many", "3", 1), encoding="utf-8-sig")
    (fixed,), _ = read(rejected.path)
    assert (fixed.title, fixed.images, fixed.description) == ("=1+1", 3, FULL["description"])


def test_without_rejected_rows_there_is_no_file(tmp_path: Path) -> None:
    path = written(tmp_path, csv_text([FULL]))
    stale = tmp_path / "records.csv.rejected.csv"
    stale.write_text("old")
    with RejectedFile(path, ["site"]):
        pass
    assert not stale.exists()


# Ids


def test_spellings_of_an_address_give_the_same_id() -> None:
    ids = {
        derive_ad_id(url, title, "")
        for url, title in [
            ("http://m.example/ad?b=2&a=1", "x"),
            ("http://m.example/ad?a=1&b=2", "y"),
            (" http://M.example/ad?a=1&b=2#top", ""),
        ]
    }
    assert len(ids) == 1


def test_pages_made_by_script_differ_by_their_fragment() -> None:
    assert derive_ad_id("http://m.example/#/ad/1", "", "") != derive_ad_id(
        "http://m.example/#/ad/2", "", ""
    )


def test_without_an_address_title_and_seller_make_the_id() -> None:
    first = derive_ad_id("", "象牙 手镯", "藏友")
    assert first == derive_ad_id("", " 象牙  手镯 ", "藏友")
    assert first != derive_ad_id("", "象牙 手镯", "别人")
    # Ids in existing stores must not change.
    assert first == "t-c536395a9b73fb03"


@pytest.mark.parametrize("url", ["http://[::1", "market.example/ad/1", "http://m.example:port/1"])
def test_an_invalid_address_still_gives_an_id(url: str) -> None:
    assert derive_ad_id(url, "", "") == derive_ad_id(url, "", "")
    assert derive_ad_id(url, "", "") != derive_ad_id(url + "2", "", "")


def test_without_address_and_title_there_is_no_id() -> None:
    with pytest.raises(ValueError, match="needs a url or a title"):
        derive_ad_id("", " ", "藏友")


@given(st.text(), st.text(), st.text())
def test_any_address_makes_an_id(url: str, title: str, seller: str) -> None:
    if url.strip() or title.strip():
        assert len(derive_ad_id(url, title, seller)) == 18


# Size and robustness


def write_many(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("site,ad_id,title,description,price\n")
        for number in range(rows):
            file.write(f"m,{number},象牙手镯 {number},{'包浆' * 50},￥1200\n")


def peak_memory(path: Path) -> int:
    tracemalloc.start()
    for row in read_records(path, SPECIES):
        assert isinstance(row, Record)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_many_rows_need_no_more_memory_than_few(tmp_path: Path) -> None:
    # Both are larger than the block in which the charset is detected.
    few, many = tmp_path / "few.csv", tmp_path / "many.csv"
    write_many(few, 4_000)
    write_many(many, 12_000)
    assert peak_memory(many) < 1.5 * peak_memory(few)


def test_twenty_thousand_rows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    write_many(path, 20_000)
    assert sum(isinstance(row, Record) for row in read_records(path, SPECIES)) == 20_000


@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=300), ending=st.sampled_from(["csv", "jsonl", "xlsx"]))
def test_any_bytes_are_rows_or_a_records_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, ending: str
) -> None:
    path = tmp_path_factory.mktemp("any") / f"records.{ending}"
    path.write_bytes(b"site,title\n" + content if ending == "csv" else content)
    with suppress(RecordsError):
        for row in read_records(path, SPECIES):
            assert isinstance(row, Record | Rejection)


@pytest.mark.parametrize(
    "row",
    ["合计,,12", "fair,,合计：12条", "Total,12,", "fair,小计,象牙手镯", "fair,,Grand total 3"],
)
def test_a_row_of_totals_is_no_advertisement(tmp_path: Path, row: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"site,ad_id,title\nfair,7,象牙手镯合计3件\n{row}\n", encoding="utf-8")
    records = read_records(path, SPECIES)
    rows = list(records)
    assert [row.advertisement.ad_id for row in rows if isinstance(row, Record)] == ["7"]
    assert len(rows) == 1
    assert records.notes == ["rows of totals were left out (lines 3)"]


def test_a_sum_that_is_an_error_is_no_rejected_row(tmp_path: Path) -> None:
    rows = "fair,1,象牙手镯,5\nfair,2,#REF!,5\n合计,,,#VALUE!\n"
    records = read_records(written(tmp_path, f"site,ad_id,title,price\n{rows}"), SPECIES)
    read_in, rejected = records
    assert isinstance(read_in, Record)
    assert isinstance(rejected, Rejection)
    assert (rejected.line, records.notes) == (3, ["rows of totals were left out (lines 4)"])


@pytest.mark.parametrize("below", ["", "1,,\n2,,\n"], ids=["nothing", "numbers alone"])
def test_a_file_without_rows_is_said(tmp_path: Path, below: str) -> None:
    records = read_records(written(tmp_path, f"序号,site,title\n{below}"), SPECIES)
    assert list(records) == []
    assert records.notes == ["it has no rows below its header"]


def test_a_name_that_a_json_line_gives_twice_rejects_it(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text('{"site": "a", "title": "象牙", "title": "虎骨"}\n{"site": "a", "title": "x"}')
    ads, (rejection,) = read(path)
    assert [ad.title for ad in ads] == ["x"]
    assert "'title' appears twice" in rejection.reason


def test_a_comma_after_each_json_object_is_named(tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    lines = [
        '{"site": "m", "title": "象牙 1"},',
        '{"site": "m", "title": "象牙 2"} ,',
        '{"a": 1},,',
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    rows = [row for row in read_records(file, SPECIES) if isinstance(row, Rejection)]
    assert [row.reason.split(" (")[0] for row in rows] == [
        *["ends with a comma; remove it from the end of each line"] * 2,
        "is not a JSON object",
    ]
