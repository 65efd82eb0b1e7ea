"""Bad input: one clear sentence, exit code 2, and no traceback."""

from __future__ import annotations

import json
import random
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.helpers.crawling import ROOT, scrapy
from wildcrawl.evidence import Action, Custody, sha256
from wildcrawl.months import month_of
from wildcrawl.store import open_store

RECORDS = "site,ad_id,title,price\nfleamarket,1,老象牙手镯 实物拍摄,3万5\n"


def refused(folder: Path, *arguments: str, **settings: str) -> str:
    result = scrapy(*arguments, folder=folder, **settings)
    assert result.code == 2, result.err
    assert "Traceback" not in result.err
    assert not (folder / "wildcrawl.db").exists() or not stored(folder)
    return result.err


def stored(folder: Path) -> list[str]:
    store = open_store(f"sqlite:///{folder / 'wildcrawl.db'}")
    try:
        return [ad.ad_id for ad in store.advertisements()]
    finally:
        store.close()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["crawl", "demo_mal"], "'demo_mal' is not a site; did you mean demo_mall"),
        (["crawl"], "give one site"),
        (["crawl", "demo_mall", "-a", "keywords=ivroy"], "ivroy"),
        (
            ["crawl", "demo_mall", "-a", "keyword=ivory"],
            "no argument 'keyword'; choose one of keywords",
        ),
        (
            ["crawl", "demo_mall", "-a", "pages=many"],
            "'many' is not a whole number from 1",
        ),
        (["crawl", "demo_fair"], "scrapy worksheet demo_fair"),
        (["crawl", "demo_fair", "-a", "worksheet=gone.xlsx"], "gone.xlsx: no such file"),
        (["crawl", "records"], "name the file of records"),
        (["crawl", "records", "-a", "file=gone.csv"], "gone.csv: no such file"),
        (["crawl", "records", "-a", "file=."], ".: this is a folder; name a file in it"),
        (["notices", "2016-05", "--site", "nosuch"], "'nosuch' is not a site"),
        (["sites", "--accept", "nosuch"], "'nosuch' is not a site"),
        (["keywords", "yield", "nosuch"], "'nosuch' is not a site"),
        (["crawlall", "demo_mal"], "'demo_mal' is not a site"),
        (["worksheet", "records"], "'records' is not a monitored site"),
        (["export", "2016-13"], "'2016-13' is not a month; write it as YYYY-MM"),
        (["export", "May"], "'May' is not a month"),
        (["export", "--from", "2016-12", "--to", "2012-01"], "ends (2012-01) before it starts"),
        (["export"], "give one month"),
        (["tag"], "give a text"),
        (["sites", "demo_mall"], "takes no arguments but --accept SITE"),
        (["doctor", "store"], "takes no arguments"),
        (["demo", "-o", "/dev/null"], "/dev/null is a file; name a folder with -o"),
        (["crawl", "xxxxxxxx"], "'xxxxxxxx' is not a site; 'scrapy list' shows all"),
        (["crawl", "demo_fair", "-a", "worksheet=/dev/null"], "/dev/null: no such file"),
        (["sites", "--acept", "demo_mall"], "no option '--acept' (did you mean '--accept'?)"),
        (["demo", "--mnth=2"], "no option '--mnth' (did you mean '--month'?)"),
        (["backup", "--to"], "no option '--to'"),
        (["crawl", "demo_mall", "--agian"], "no option '--agian' (did you mean '--again'?)"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_wrong_word_is_named(tmp_path: Path, arguments: list[str], says: str) -> None:
    assert says in refused(tmp_path, *arguments)


def test_a_file_that_is_no_worksheet_of_the_site_is_refused_before_a_run(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("象牙", encoding="utf-8")
    worksheet = scrapy("worksheet", "demo_fair", "-o", "fair.xlsx", folder=tmp_path)
    assert worksheet.code == 0, worksheet.err
    for site, name, says in (
        ("demo_fair", "notes.txt", "notes.txt is not a worksheet"),
        ("demo_mall", "fair.xlsx", "'demo_fair', not of 'demo_mall'"),
    ):
        assert says in refused(tmp_path, "crawl", site, "-a", f"worksheet={name}")


def test_what_follows_two_dashes_is_no_option(tmp_path: Path) -> None:
    told = scrapy("tag", "--price", "5元", "--", "--象牙 -x", folder=tmp_path)
    assert told.code == 0, told.err
    assert "species: ivory" in told.out


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"WILDCRAWL_STORE": "postgres://here/db"}, "'postgres://here/db'"),
        ({"WILDCRAWL_STORE": "sqlite:///no/such/folder/a.db"}, "no/such/folder"),
        ({"WILDCRAWL_RATE": "six"}, "WILDCRAWL_RATE: 'six'"),
        ({"WILDCRAWL_RATE_DATE": "14 April"}, "WILDCRAWL_RATE_DATE: '14 April' is not a day"),
        ({"WILDCRAWL_RATE": "68.9"}, "a number from 1 to 20 such as 6.89"),
        ({"WILDCRAWL_RATE_DATE": "2999-01-01"}, "WILDCRAWL_RATE_DATE: 2999-01-01 is a day to come"),
        ({"WILDCRAWL_RATES": "gone.yaml"}, "gone.yaml cannot be read"),
        ({"WILDCRAWL_PLACEHOLDER_PRICES": "1; x"}, "WILDCRAWL_PLACEHOLDER_PRICES"),
        ({"WILDCRAWL_KEYWORDS": "gone.yaml"}, "gone.yaml"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
@pytest.mark.parametrize("command", ["crawl demo_mall", "export 2016-05"])
def test_a_wrong_setting_is_named(
    tmp_path: Path, command: str, settings: dict[str, str], says: str
) -> None:
    if command.startswith("export") and "WILDCRAWL_PLACEHOLDER_PRICES" in settings:
        pytest.skip("a report reads no prices anew")
    assert says in refused(tmp_path, *command.split(), **settings)


def test_an_unreachable_database_stops_a_crawl_before_its_first_request(
    tmp_path: Path, marketplaces: str
) -> None:
    url = "mongodb://analyst:secret@127.0.0.1:9/wildcrawl?serverSelectionTimeoutMS=300"
    said = refused(
        tmp_path, "crawl", "demo_mall", WILDCRAWL_STORE=url, WILDCRAWL_DEMO_URL=marketplaces
    )
    assert "127.0.0.1:9" in said
    assert "secret" not in said


def test_a_fault_in_the_vocabulary_is_named_by_line(tmp_path: Path) -> None:
    bundled = ROOT / "keywords.yaml"
    lines = bundled.read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if "kind: name" in line and "since" in line)
    lines[number] = lines[number].replace("kind: name", "kind: nmae")
    (tmp_path / "mine.yaml").write_text("\n".join(lines), encoding="utf-8")
    said = refused(tmp_path, "crawl", "demo_mall", WILDCRAWL_KEYWORDS="mine.yaml")
    assert f"mine.yaml line {number + 1}" in said
    assert "nmae" in said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("site,ad_id,titel\na,1,象牙\n", "titel"),
        ("ad_id,title\n1,象牙\n", "site"),
        ("", "records.csv"),
    ],
)
def test_a_records_file_with_a_wrong_header_is_refused_whole(
    tmp_path: Path, text: str, says: str
) -> None:
    (tmp_path / "records.csv").write_text(text, encoding="utf-8")
    assert says in refused(tmp_path, "crawl", "records", "-a", "file=records.csv")


def test_bad_rows_are_named_and_kept_and_the_others_go_through(tmp_path: Path) -> None:
    header = "site,ad_id,title,price,found_at,verdict,species\n"
    rows = [
        "fleamarket,1,老象牙手镯 实物拍摄,3万5,2016-05-03,,",
        "fleamarket,2,象牙摆件 包老,5000,03.05.2016,,",
        "fleamarket,3,象牙牌子 老料,5000,2016-05-03,perhaps,",
        ",4,象牙印章 老料,5000,2016-05-03,,",
        "fleamarket,5,象牙筷子 老料 一双,5000,2016-05-03,,ivroy",
        "fleamarket,6,犀角杯 清代,9000,2016-05-04T23:59,valid,",
    ]
    (tmp_path / "r.csv").write_text(header + "\n".join(rows) + "\n", encoding="utf-8")
    result = scrapy("crawl", "records", "-a", "file=r.csv", folder=tmp_path)
    assert result.code == 1, result.err
    assert stored(tmp_path) == ["1", "6"]
    for line, word in [(3, "03.05.2016"), (4, "perhaps"), (5, "site"), (6, "ivroy")]:
        assert f"line {line}" in result.err
        assert word in result.err
    rejected = (tmp_path / "r.csv.rejected.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rejected) == 5
    assert "verdicts: 1 taken, 0 already so" in result.err
    assert judged_in(tmp_path / "wildcrawl.db") == [sha256((tmp_path / "r.csv").read_bytes())]


def judged_in(path: Path) -> list[str]:
    """SHA-256 of the file of each link of verdicts in the custody log."""
    with closing(open_store(f"sqlite:///{path}")) as store:
        links = [link for link in Custody(store).links() if link.action == Action.JUDGED]
    return [json.loads(link.entries[0])["file"] for link in links]


def test_a_fixed_row_counts_in_its_own_month_whatever_was_read_before_it(tmp_path: Path) -> None:
    header = "site,ad_id,title,found_at\n"
    row = "fleamarket,1,老象牙手镯 实物拍摄,"
    (tmp_path / "r.csv").write_text(f"{header}{row}05/03/2016\n{row}2016-07-03\n", "utf-8")
    assert scrapy("crawl", "records", "-a", "file=r.csv", folder=tmp_path).code == 1
    assert first_seen(tmp_path) == ["2016-07"]
    rejected = tmp_path / "r.csv.rejected.csv"
    fixed = rejected.read_text("utf-8-sig").replace(",05/03/2016,", ",2016-05-03,")
    rejected.write_text(fixed, "utf-8")
    assert scrapy("crawl", "records", "-a", f"file={rejected.name}", folder=tmp_path).code == 0
    assert first_seen(tmp_path) == ["2016-05"]


def first_seen(folder: Path) -> list[str]:
    store = open_store(f"sqlite:///{folder / 'wildcrawl.db'}")
    try:
        return [month_of(ad.first_seen) for ad in store.advertisements() if ad.first_seen]
    finally:
        store.close()


def test_a_records_file_in_a_charset_that_cannot_be_determined_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_bytes(RECORDS.encode() + b"\xff\xfe\xfa,\x80\x81\n")
    assert "UTF-8" in refused(tmp_path, "crawl", "records", "-a", "file=r.csv")


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_spreadsheets_charset_is_found(tmp_path: Path, charset: str) -> None:
    (tmp_path / "r.csv").write_text(RECORDS, encoding=charset)
    result = scrapy("crawl", "records", "-a", "file=r.csv", folder=tmp_path)
    assert result.code == 0, result.err
    assert stored(tmp_path) == ["1"]


def test_rejected_rows_that_cannot_be_kept_hold_up_no_others(tmp_path: Path) -> None:
    (tmp_path / "r.csv.rejected.csv").mkdir()
    (tmp_path / "r.csv").write_text(f"{RECORDS},2,象牙,5\nfleamarket,3,象牙章 老料,5\n", "utf-8")
    result = scrapy("crawl", "records", "-a", "file=r.csv", folder=tmp_path)
    assert stored(tmp_path) == ["1", "3"]
    assert "line 3: site is empty" in result.err
    assert "r.csv.rejected.csv cannot be written: Is a directory" in result.err
    assert result.code == 1
    assert "Traceback" not in result.err


def test_a_file_of_which_no_row_is_taken_in_fails(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("site,ad_id,title\n,1,象牙\n,2,象牙\n", encoding="utf-8")
    result = scrapy("crawl", "records", "-a", "file=r.csv", folder=tmp_path)
    assert result.code == 1
    assert "no row of r.csv could be imported" in result.err
    assert (tmp_path / "r.csv.rejected.csv").exists()


def test_a_workbook_that_is_damaged_in_the_middle_is_named(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["site", "ad_id", "title"])
    for number in range(4_000):
        sheet.append(["mall", str(number), f"老象牙手串 {random.Random(number).random()}"])
    book.save(tmp_path / "r.xlsx")
    data = bytearray((tmp_path / "r.xlsx").read_bytes())
    data[len(data) // 2] ^= 0xFF
    (tmp_path / "r.xlsx").write_bytes(data)
    result = scrapy("crawl", "records", "-a", "file=r.xlsx", folder=tmp_path)
    assert result.code == 2, "its links are read first, so that no row of it is imported"
    assert "r.xlsx is not an XLSX workbook that can be read" in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["survey-template", "-o", "no/s.xlsx"], "no/s.xlsx cannot be written: No such file"),
        (["survey-template", "-o", "no/folder"], "No such file or directory: 'no/folder'"),
        (["survey-template", "-o", "s.ods"], "s.ods: a template is an .xlsx file, or a folder"),
        (
            ["crawl", "survey", "-a", "file=r.csv", "-a", "charset=hex"],
            "'hex' is not a known charset",
        ),
        (
            ["crawl", "records", "-a", "file=r.csv", "-a", "charset=base64"],
            "'base64' is not a known charset",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_file_that_cannot_be_had_is_named(
    tmp_path: Path, arguments: list[str], says: str
) -> None:
    (tmp_path / "r.csv").write_text(RECORDS, encoding="utf-8")
    assert says in refused(tmp_path, *arguments)
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".db"] == ["r.csv"]
