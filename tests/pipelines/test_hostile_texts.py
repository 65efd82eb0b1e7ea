"""Hostile texts of sellers in every field: each file and page shows them as text only."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import sync_playwright

from tests.helpers.crawling import scrapy
from wildcrawl.analysis.ids import clean_id
from wildcrawl.items import RECORD_COLUMNS

pytestmark = pytest.mark.xdist_group("hostile texts")

TEXTS = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r\n=1", "＝1", "＠x", "a\n=1", "'=1", "\ufeff=1"),
    *("\u200b=1", "\x00=1", "\u202e=1", "\u3000=1", " =1", "\ud83d=1", "=cmd|' /C calc'!A0"),
    "<script>window.ran = 1</script>",
    "<img src=http://127.0.0.1:9/x onerror='window.ran = 1'>",
    '"><svg onload="window.ran = 1">',
    "</style></title><script>window.ran = 1</script>",
    "&lt;script&gt;window.ran = 1&lt;/script&gt;",
    "javascript:window.ran = 1",
    "{{ 7 * 7 }}{% raw %}",
    "🐘\u200d象牙\ufffe\x1b[31m",
    "../../x",
    "象" * 40_000,
]
FREE = [name for name in RECORD_COLUMNS if name not in (
    "found_at", "images", "videos", "species", "product_type", "age_claim", "verdict",
)]  # fmt: skip
OPENS = re.compile(r"[\s\u200b\ufeff]*[=+\-@＝＋－＠](?![0-9.]+$)|[\t\r\n]")
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\ud800-\udfff]")


def record(number: int, field: str, text: str) -> str:
    row: dict[str, object] = {"site": "mall", "ad_id": str(number), "title": "老象牙手串"}
    row |= {"found_at": "2016-05-03", "species": ["ivory"], "verdict": "valid"}
    return json.dumps(row | {field: [text] if field in ("found_by", "image_urls") else text})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report and notices of records and surveys with every text in every field."""
    folder = tmp_path_factory.mktemp("hostile")
    texts = [(field, text) for text in TEXTS for field in FREE]
    lines = [record(number, *each) for number, each in enumerate(texts)]
    (folder / "r.jsonl").write_text("\n".join(lines), encoding="utf-8")
    names = [text.encode("utf-8", "ignore").decode() for text in TEXTS]
    tables: dict[str, list[list[object]]] = {
        "accounts": [["account", "year", "status", "platform", "note"]],
        "surveys": [["survey", "date", "note"]],
        "posts": [["survey", "account", "post", "species", "url", "title", "note"]],
    }
    for name in names:
        tables["accounts"].append([name, 2016, "active", name, name])
        tables["surveys"].append([name, "2016-05-03", name])
        tables["posts"].append([name, name, name, "ivory", name, name, name])
    (folder / "survey").mkdir()
    for table, rows in tables.items():
        path = folder / "survey" / f"{table}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    for command, code in {
        "crawl records -a file=r.jsonl": 0,
        # Without invisible characters, some names are those of earlier rows.
        "crawl survey -a file=survey": 1,
        "export --from 2016-04 --to 2016-05 -o report --format html,csv,xlsx": 0,
        "notices 2016-05 -o inner/notices": 0,
    }.items():
        done = scrapy(*command.split(), folder=folder)
        assert done.code == code, done.err
        assert "Traceback" not in done.err
    return folder


def test_no_cell_of_a_csv_file_is_a_formula_or_breaks_its_row(folder: Path) -> None:
    files = [*folder.glob("report/csv/*.csv"), *folder.glob("inner/notices/*.csv")]
    assert len(files) > len(TEXTS)
    for path in files:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, strict=True))
        assert len({len(row) for row in rows}) == 1, path
        cells = [cell for row in rows for cell in row]
        assert [cell for cell in cells if OPENS.match(cell) or UNSEEN.search(cell)] == [], path
    with (folder / "report" / "csv" / "advertisements.csv").open(encoding="utf-8-sig") as file:
        number = sum(1 for _ in csv.DictReader(file))
    # Blanks around it and invisible characters in it make no other id.
    ids = {clean_id(text) for text in TEXTS}
    assert number == len(TEXTS) * (len(FREE) - 1) + len(ids)


def test_no_cell_of_the_workbook_is_a_formula(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "report" / "report.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert [cell.value for cell in cells if OPENS.match(str(cell.value))] == []
    assert book["Social media surveys"].max_row > 10


def test_no_page_runs_or_asks_for_anything(folder: Path, browser: str) -> None:
    pages = [*folder.glob("report/**/*.html"), *folder.glob("inner/notices/*.html")]
    assert len(pages) > len(TEXTS) / 2
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        said: list[str] = []
        asked: list[str] = []
        page = opened.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("request", lambda request: asked.append(request.url))
        for path in pages:
            asked.clear()
            page.goto(path.as_uri())
            assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
            assert said == []
            assert page.evaluate("window.ran") is None
            assert page.locator("script, img, iframe, a[href^='javascript']").count() == 0
        opened.close()


def test_no_file_stands_outside_its_folder_or_for_two_sites(folder: Path) -> None:
    notices = list(folder.rglob("*.html"))
    assert all({"report", "notices"} & {part.name for part in path.parents} for path in notices)
    with (folder / "report" / "csv" / "site_share.csv").open(encoding="utf-8-sig") as file:
        sites = [row for row in csv.DictReader(file) if row["advertisements"] != "0"]
    assert len(list(folder.glob("inner/notices/*.html"))) == len(sites) > len(TEXTS) / 2
