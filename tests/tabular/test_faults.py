"""Faults of files: what they show of an advertisement's id, and what ends their reading."""

from __future__ import annotations

import io
import json
import pickle
import signal
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.helpers.desk_data import FAIR, KEYWORDS, VOCABULARY
from tests.helpers.workbooks import book, ods
from wildcrawl.tabular.books import limits, open_book
from wildcrawl.tabular.books.cells import typed
from wildcrawl.tabular.keyed import KeyedTable
from wildcrawl.tabular.records import Record, RejectedFile, read_records
from wildcrawl.tabular.surveys import read_surveys
from wildcrawl.tabular.tables import RecordsError, Rejection
from wildcrawl.tabular.worksheet import (
    Filled,
    WorksheetError,
    read_filled,
    read_worksheet,
    uploads,
    write_worksheet,
)

ITEM = "https://m.example/item/612345678901.htm"


def read(folder: Path, *rows: dict[str, Any]) -> list[Record | Rejection]:
    path = folder / "records.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return list(read_records(path, ["ivory"]))


def test_an_address_in_place_of_an_id_is_the_address(tmp_path: Path) -> None:
    alone, beside, home = read(
        tmp_path,
        {"site": "mall", "ad_id": ITEM},
        {"site": "mall", "ad_id": ITEM, "url": "https://m.example/"},
        {"site": "mall", "url": "https://m.example/"},
    )
    assert isinstance(alone, Record)
    assert isinstance(beside, Record)
    ids = {record.advertisement.ad_id for record in (alone, beside)}
    assert ids == {alone.advertisement.ad_id}
    assert alone.advertisement.ad_id.startswith("u-")
    assert (alone.advertisement.url, beside.advertisement.url) == (ITEM, ITEM)
    assert isinstance(home, Rejection)
    assert "url: 'https://m.example/' names no advertisement" in home.reason


def test_a_damaged_id_is_restored_from_the_address_or_rejected(tmp_path: Path) -> None:
    restored, lost = read(
        tmp_path,
        {"site": "mall", "ad_id": "6.12346E+11", "url": ITEM},
        {"site": "mall", "ad_id": "6.12346E+11", "title": "牙雕"},
    )
    assert isinstance(restored, Record)
    origin = restored.advertisement.origin
    assert origin is not None
    assert origin.restored == "612345678901"
    assert isinstance(lost, Rejection)
    assert "6.12346E+11" in lost.reason
    assert "format the column as text" in lost.reason


def test_a_list_in_place_of_a_text_rejects_its_row(tmp_path: Path) -> None:
    (rejected,) = read(tmp_path, {"site": "mall", "ad_id": "1", "title": ["a", "b"]})
    assert isinstance(rejected, Rejection)
    assert "title: 'a;b' is a list; give one text" in rejected.reason


def test_rejected_rows_that_cannot_be_written_leave_no_half_file(tmp_path: Path) -> None:
    records = tmp_path / "records.csv"
    (tmp_path / "records.csv.rejected.csv").mkdir()
    with RejectedFile(records, ["site", "title"]) as rejected:
        rejected.add(Rejection(2, "site is empty", {"title": "牙雕"}))
        rejected.add(Rejection(3, "site is empty", {"title": "犀角"}))
    assert rejected.count == 2
    assert rejected.fault.startswith(f"{rejected.path} cannot be written: Is a directory")
    assert "the rejected rows are only in this log" in rejected.fault


def test_a_row_that_cannot_be_split_passes_a_table_with_keys() -> None:
    broken = Rejection(3, "the line has 9 cells, the header 2", {}, "raw")
    rows = [(2, {"key": "", "site": "mall", "ad_id": "1"}), broken]
    table = SimpleNamespace(columns=["key", "site", "ad_id"], notes=[], rows=lambda: iter(rows))
    assert list(KeyedTable(table, None).rows()) == rows


def test_merged_cells_times_and_breaks_of_an_open_document(tmp_path: Path) -> None:
    def cell(text: str, more: str = "") -> str:
        return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"

    other = "<table:table-row>" + cell("x", 'table:number-rows-spanned="9"') + "</table:table-row>"
    time = 'office:value-type="time" office:time-value="{}"'
    rows = [
        cell("site") + cell("title") + cell("time"),
        cell("mall", 'table:number-rows-spanned="2"')
        + cell("a<text:tab/>b<text:line-break/>c<office:annotation>note</office:annotation>")
        + cell("8:05", time.format("PT08H05M00S")),
        "<table:covered-table-cell/>" + cell("d") + cell("30 h", time.format("PT30H00M00S")),
    ]
    sheet = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    body = (
        f'<table:table table:name="Notes">{other}</table:table>'
        f'<table:table table:name="Records">{sheet}</table:table>'
    )
    with open_book(ods(tmp_path / "a.ods", body)) as opened:
        found = [[typed(value) for value in values] for _, values in opened.rows("Records")]
    assert found == [
        ["site", "title", "time"],
        ["mall", "a\tb\nc", "08:05:00"],
        ["mall", "d", "30 h"],
    ]


class _Ended:
    """A reader's process that has ended."""

    def __init__(self, code: int, said: bytes) -> None:
        self.returncode, self.stderr = code, io.BytesIO(said)

    def wait(self) -> None:
        """It has."""


@pytest.mark.parametrize(
    ("code", "said", "message"),
    [
        (-signal.SIGXCPU, b"", "it takes more than 60 s"),
        (-signal.SIGSEGV, b"", "MiB of memory"),
        (1, b"Traceback\nMemoryError", "MiB of memory"),
        (1, b"Traceback\nKeyError: 'x'", "cannot be read (KeyError: 'x')"),
    ],
)
def test_a_reader_that_ended_without_a_word_is_explained(
    code: int, said: bytes, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SECONDS", 60)
    distant = object.__new__(limits.DistantBook)
    distant._path = Path("a.xlsx")
    why = distant._why_ended(_Ended(code, said))  # type: ignore[arg-type]
    assert message in why
    assert why.startswith("a.xlsx")


def test_an_answer_of_a_reader_runs_no_code(tmp_path: Path) -> None:
    class Hostile:
        def __reduce__(self) -> tuple[Any, tuple[str]]:
            return Path.touch, (tmp_path / "touched",)  # type: ignore[return-value]

    stream = io.BytesIO(pickle.dumps(("rows", Hostile())) + pickle.dumps(("rows", [])))
    assert limits._received(stream) == ("", None)
    assert not (tmp_path / "touched").exists()
    whole = io.BytesIO(pickle.dumps(("rows", [(1, ["a"])])))
    assert limits._received(whole) == ("rows", [(1, ["a"])])
    assert limits._received(whole) == ("", None)


@pytest.mark.parametrize("memory", [1, 1 << 40])
def test_a_fault_of_a_reader_is_its_answer(memory: int) -> None:
    def opened(path: Path) -> Any:
        raise RecordsError(f"{path} is faulty")

    out = io.BytesIO()
    limits.serve(Path("a.xlsx"), "", out, opened, memory)
    out.seek(0)
    kind, said = limits._received(out)
    assert kind == "error"
    assert ("is faulty" in said) == (memory > 1)
    assert limits._received(out) == ("end", None)


def test_an_empty_workbook_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="is empty; the first row must name the columns"):
        read_records(book(tmp_path / "a.xlsx", [""]), ["ivory"], sheet="Advertisements")


def test_a_missing_or_slow_worksheet_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    with pytest.raises(WorksheetError, match="no such file"):
        read_filled(path, FAIR)
    write_worksheet(path, FAIR, KEYWORDS, VOCABULARY.groups, Filled({}, [], []))

    def slow(command: list[str], **options: Any) -> None:
        raise subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr(subprocess, "run", slow)
    with pytest.raises(WorksheetError, match="takes more than 60 s to read; save only"):
        uploads.read_upload(path, FAIR)
    answer = SimpleNamespace(stdout='{"fault": "it has no sheet"}')
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: answer)
    with pytest.raises(WorksheetError, match="it has no sheet"):
        uploads.read_upload(path, FAIR)


def test_lines_of_surveys_that_cannot_be_split_or_counted_are_named(tmp_path: Path) -> None:
    accounts = "account,year,status\n甲店,2026,active\n乙店,2026,\n丙店,2026,active,x,y\n"
    posts = "survey,account,post,species,advertisements\n2026-1,甲店,1,ivory,0\n"
    posts += "2026-1,甲店,2,ivory,1000000\n"
    (tmp_path / "accounts.csv").write_text(accounts, encoding="utf-8")
    (tmp_path / "surveys.csv").write_text("survey,date\n2026-1,2026-05-12\n", encoding="utf-8")
    (tmp_path / "posts.csv").write_text(posts, encoding="utf-8")
    reading = read_surveys(tmp_path, ["ivory"])
    reasons = {kind: [row.reason for row in rows] for kind, rows in reading.rejections.items()}
    empty, split = reasons["accounts"]
    assert "is empty; choose one of active, suspended, quit" in empty
    assert "5 cells" in split
    uncounted, many = reasons["posts"]
    assert "'1000000' is not a number of advertisements from 1 to 100" in many
    assert "'0' is not a number of advertisements from 1 to 100; empty counts as 1" in uncounted
    assert reasons["surveys"] == []


def test_a_survey_of_more_accounts_than_are_listed_and_a_negative_post_are_named(
    tmp_path: Path,
) -> None:
    accounts = "account,year,status\n甲店,2026,active\n乙店,2026,active\n"
    surveys = "survey,date,accounts\n2026-1,2026-05-12,500\n2026-2,2026-06-12,2\n"
    posts = "survey,account,post,species\n2026-1,甲店,-7,ivory\n2026-1,甲店,8,ivory\n"
    for name, text in (("accounts", accounts), ("surveys", surveys), ("posts", posts)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    reading = read_surveys(tmp_path, ["ivory"])
    assert (reading.count("surveys"), reading.count("posts")) == (2, 2)
    many, below = reading.notes()
    assert "survey '2026-1' names 500 accounts, but 2 have a status in 2026" in many
    assert "post '-7' of '甲店' in survey '2026-1' has a number below 0" in below


def test_a_line_of_a_worksheet_that_cannot_be_split_is_a_mistake_of_its_own(
    tmp_path: Path,
) -> None:
    path = tmp_path / "worksheet.csv"
    write_worksheet(path, FAIR, KEYWORDS, VOCABULARY.groups)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    path.write_text("\n".join([*lines, 'fair,"象牙']), encoding="utf-8-sig")
    keywords = [keyword.term for keyword in KEYWORDS]
    sheet = read_worksheet(path, FAIR, keywords, VOCABULARY.groups)
    (mistake,) = sheet.rejections
    assert mistake.line == len(lines) + 1
    assert f"line {len(lines) + 1}: " in mistake.reason
    assert "its quotation marks do not match" in mistake.reason
