"""Files of a report: formats for spreadsheets, crashes, concurrent exports, errors."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from exports import ExportError, export
from exports.report_index import page_language
from exports.tables import TABLES
from exports.writers import write_csv
from tests.helpers.crawling import ROOT
from tests.helpers.exports_data import ad, amount, context, frame, read
from wildcrawl.items import ADVERTISEMENT_COLUMNS

NAMES = [
    "monthly", "species_share", "site_share", "site_species", "yearly", "extremes", "age_claims",
    "product_types", "prices", "price_kinds", "coverage",
    "comparable", "comparable_searches", "comparisons", "expected", "sampled", "waiting",
    "agreement", "ruled_out",
    "social_surveys", "social_summary", "social_accounts", "removals", "notified", "reposts",
    "advertisements",
]  # fmt: skip
NAMED = ["csv", "datapackage.json", "index.html"]
"""What the folder of a report has."""


def advertisements(folder: Path, *rows: dict[str, Any]) -> list[dict[str, str]]:
    header, *lines = read(export(frame(*rows), context(), folder).csv["advertisements"])
    assert header == [*ADVERTISEMENT_COLUMNS, "key"]
    return [dict(zip(header, line, strict=True)) for line in lines]


def test_every_table_is_a_file(tmp_path: Path) -> None:
    done = export(frame(ad()), context(), tmp_path / "new" / "report")
    assert list(done.csv) == NAMES
    assert len(TABLES) == len(NAMES)
    assert sorted(path.name for path in (tmp_path / "new/report/csv").iterdir()) == sorted(
        f"{name}.csv" for name in NAMES
    )
    assert done.index == tmp_path / "new/report/index.html"


def test_a_csv_file_opens_right_in_a_spreadsheet(tmp_path: Path) -> None:
    done = export(frame(ad(title='说"真品", 保老\n第二行')), context(), tmp_path)
    for path in done.csv.values():
        data = path.read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.count(b"\xef\xbb\xbf") == 1
        assert data.endswith(b"\r\n")
    assert read(done.csv["advertisements"])[1][3] == '说"真品", 保老\n第二行'


def test_advertisements_have_all_they_are_recorded_with_in_chinas_time(tmp_path: Path) -> None:
    row = amount(
        "4900.5",
        "711.25",
        first_seen="2016-04-30T16:00:00",
        ad_id="007",
        found_by="象牙;果冻",
        images=3,
        terms="象牙",
        last_seen=datetime(2016, 5, 31, 15, 59, 59, 999_999, tzinfo=UTC),
    )
    (line,) = advertisements(tmp_path, row)
    assert line["first_seen"] == "2016-05-01T00:00:00+08:00"
    assert line["last_seen"] == "2016-05-31T23:59:59+08:00"
    assert (line["price_cny"], line["price_usd"]) == ("4900.50", "711.25")
    assert (line["ad_id"], line["images"], line["videos"]) == ("007", "3", "")
    assert (line["found_by"], line["terms"]) == ("象牙;果冻", "象牙")


def test_advertisements_are_ordered_by_first_seen_site_and_id(tmp_path: Path) -> None:
    lines = advertisements(
        tmp_path,
        ad("2016-05-03T00:00:00", site="a", ad_id="1"),
        ad("2016-05-02T00:00:00", site="b", ad_id="1"),
        ad("2016-05-02T00:00:00", site="a", ad_id="2"),
        ad("2016-05-02T00:00:00", site="a", ad_id="10"),
        ad("2016-05-02T00:00:00", site="a", ad_id="0", verdict="fake"),
    )
    assert [(line["site"], line["ad_id"]) for line in lines] == [
        ("a", "10"), ("a", "2"), ("b", "1"), ("a", "1"),
    ]  # fmt: skip


def test_all_parts_of_a_long_file_have_one_header(tmp_path: Path) -> None:
    parts = [frame(ad(ad_id=str(number))).select("site", "ad_id") for number in range(3)]
    write_csv(tmp_path / "long.csv", parts)
    assert read(tmp_path / "long.csv") == [
        ["site", "ad_id"], ["mall", "0"], ["mall", "1"], ["mall", "2"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrote", "printed"),
    [
        ("=1+2", "'=1+2"),
        ("+86 139", "'+86 139"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\n=1"),
        ("\x00=1", "'=1"),
        ("\u202e=1", "'=1"),
        ("＝1＋2", "'＝1＋2"),
        ("\u200b=1", "'\u200b=1"),
        ("\ufeff＝1", "'\ufeff＝1"),
        ("  -1", "'  -1"),
        ("\u3000@x", "'\u3000@x"),
        ("' =1", "'' =1"),
        ("\n象牙", "'\n象牙"),
        ("a=1", "a=1"),
        ("'=1", "''=1"),
        ("'", "'"),
        ("a\x1b[31m\x07b\x9bc", "a[31mbc"),
        ("“”", "“”"),
    ],
)
def test_texts_of_sellers_are_never_formulas(tmp_path: Path, wrote: str, printed: str) -> None:
    (line,) = advertisements(tmp_path, ad(title=wrote, seller=wrote, site=wrote or "x"))
    assert (line["title"], line["seller"], line["site"]) == (printed,) * 3


def test_negative_numbers_stay_numbers(tmp_path: Path) -> None:
    row = ad() | {"images": -1}
    (line,) = advertisements(tmp_path, row)
    assert line["images"] == "-1"


def test_a_second_export_replaces_the_first(tmp_path: Path) -> None:
    export(frame(ad(), ad(ad_id="2")), context(), tmp_path)
    done = export(frame(ad()), context(), tmp_path)
    assert read(done.csv["monthly"])[1][:2] == ["2016-05", "1"]
    assert sorted(path.name for path in tmp_path.iterdir()) == NAMED


def test_an_aborted_export_leaves_the_previous_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = export(frame(ad()), context(), tmp_path)
    before = {path: path.read_bytes() for path in [done.index, *done.csv.values()]}
    write = Path.write_text

    def full(path: Path, *given: Any, **named: Any) -> int:
        write(path, *given, **named)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(ExportError, match=r"No space left on device.*is unchanged"):
        export(frame(ad(), ad(ad_id="2")), context(), tmp_path)
    assert {path: path.read_bytes() for path in before} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == NAMED


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("mine")
    with pytest.raises(ExportError, match=r"cannot be written to .*report"):
        export(frame(ad()), context(), tmp_path / "report")
    assert (tmp_path / "report").read_text() == "mine"
    (tmp_path / "named-provisional").write_text("mine")
    with pytest.raises(ExportError, match="named-provisional"):
        export(frame(ad(verdict="")), context(), tmp_path / "named", name_folder=True)


def test_files_of_other_formats_are_unchanged(tmp_path: Path) -> None:
    first = export(frame(ad()), context("2016-04", "2016-05"), tmp_path, formats=["html", "csv"])
    before = {path: path.read_bytes() for path in (first.index, *first.csv.values())}
    export(frame(ad()), context(), tmp_path, formats=["xlsx"])
    assert {path: path.read_bytes() for path in before} == before
    assert sorted(first.months) == ["2016-04", "2016-05"]
    assert all(path.is_file() for path in first.months.values())
    export(frame(ad()), context(), tmp_path)
    assert not list(tmp_path.glob("months/*"))


# Yields parts of a report until it is killed or told to finish.
_EXPORT = """
import sys, time
from pathlib import Path
from exports import export
from exports.charts import vega
from tests.exports.conftest import EMPTY
from tests.helpers.exports_data import ad, context, frame

vega.vega_svg = lambda chart, width: EMPTY
folder, site, wait = sys.argv[1:]

def parts():
    for number in range(3):
        yield frame(*(ad(ad_id=f"{number}-{n}", site=site) for n in range(50)))
        print("read", flush=True)
        if wait == "yes":
            sys.stdin.readline()

export(parts(), context(), Path(folder))
"""


def exporting(folder: Path, site: str, wait: str = "no") -> subprocess.Popen[str]:
    """An export in a separate process, which waits for a line before each further part."""
    return subprocess.Popen(
        [sys.executable, "-c", _EXPORT, str(folder), site, wait],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_files_of_a_killed_export_are_removed_by_the_next_one(tmp_path: Path) -> None:
    done = export(frame(ad()), context(), tmp_path)
    before = {path: path.read_bytes() for path in (done.index, *done.csv.values())}
    with (
        exporting(tmp_path, "killed", "yes") as killed,
        exporting(tmp_path, "other", "yes") as on,
    ):
        for each in (killed, on):
            assert each.stdout is not None
            assert each.stdout.readline() == "read\n"
        assert len(list(tmp_path.glob(".export-*"))) == 2
        killed.kill()
        killed.wait()
        assert {path: path.read_bytes() for path in before} == before
        export(frame(ad(), ad(ad_id="2")), context(), tmp_path)
        assert len(list(tmp_path.glob(".export-*"))) == 1, "the staging folder must remain"
        on.communicate("\n" * 9)
        assert on.returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == NAMED
    assert read(tmp_path / "csv" / "site_share.csv")[1][:2] == ["other", "150"]


def test_of_several_exports_at_once_one_whole_report_remains(tmp_path: Path) -> None:
    export(frame(ad()), context("2016-04", "2016-05"), tmp_path)
    names = ["one", "two"]
    running = [exporting(tmp_path, name) for name in names]
    for each in running:
        each.communicate()
        assert each.returncode == 0
    (site,) = {read(path)[1][0] for path in [tmp_path / "csv" / "site_share.csv"]}
    assert site in names
    lines = read(tmp_path / "csv" / "advertisements.csv")[1:]
    assert {line[0] for line in lines} == {site}
    assert site in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == [*NAMED, "months"]


def test_a_report_that_replaces_one_in_another_language_says_so(tmp_path: Path) -> None:
    """Of the same language, or beside another page, there is nothing to say."""
    (tmp_path / "index.html").write_text('<html lang="zh">', encoding="utf-8")
    replaced = "in another language that was in this folder is replaced"
    for lang, said in (
        ("en", ""),
        ("en", ""),
        ("zh", "另一种语言"),
        ("en", replaced),
    ):
        warnings = export(frame(ad()), context(), tmp_path, lang=lang).warnings
        assert [said in line for line in warnings] == ([True] if said else [])


def test_reports_in_folders_named_after_their_period_are_kept_by_language(tmp_path: Path) -> None:
    """A finished and a provisional one of each language."""
    for verdict in ("valid", ""):
        for lang in ("en", "zh"):
            given = frame(ad(verdict=verdict))
            done = export(given, context(), tmp_path / "2016-05", lang=lang, name_folder=True)
            assert page_language(done.index) == lang
            assert not done.warnings
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "2016-05",
        "2016-05-provisional",
        "2016-05-provisional-zh",
        "2016-05-zh",
    ]
