"""Commands and their output."""

from __future__ import annotations

import csv
import html
import os
import pty
import re
import subprocess
import termios
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import urljoin

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from tests.helpers.crawling import ROOT, environment, running, scrapy
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.months import CHINA
from wildcrawl.store import open_store


def test_tag_explains_a_decision_and_a_price(tmp_path: Path) -> None:
    said = scrapy("tag", "老象牙白菜摆件", "--price", "3万5", folder=tmp_path).out
    for word in ("象牙", "likely", "ivory", "worked_carved", "old"):
        assert word in said
    assert (
        "price        amount: CNY 35000.00 = USD 5079.83 (RMB 6.89 = USD 1 on 2017-04-14)" in said
    )


def test_tag_says_what_rules_a_text_out(tmp_path: Path) -> None:
    said = scrapy("tag", "猛犸象牙手镯", folder=tmp_path).out
    assert "set_aside" in said
    assert "猛犸" in said
    assert "likely" not in said


def test_sites_shows_how_each_is_worked_and_fares(tmp_path: Path, marketplaces: str) -> None:
    def sites() -> str:
        return scrapy("sites", folder=tmp_path).out

    before = sites()
    assert re.search(r"^zhihu .* manual +\d{4}-\d\d +never +– ", before, re.MULTILINE)
    assert "demo_forum" not in before
    for site in ("demo_forum", "demo_market"):
        asked = ("crawl", site, "-a", "keywords=tiger")
        assert scrapy(*asked, folder=tmp_path, WILDCRAWL_DEMO_URL=marketplaces).code == 0
    (tmp_path / "r.csv").write_text("site,title\nfleamarket,老象牙手镯 一只\n", encoding="utf-8")
    assert scrapy("crawl", "records", "-a", "file=r.csv", folder=tmp_path).code == 0
    lines = sites().splitlines()
    assert re.match(
        r"site +label +way +since +last run +ads in \d{4}-\d\d +calls for +health", lines[0]
    )
    (forum,) = [line for line in lines if line.startswith("demo_forum")]
    assert re.search(
        r"老友收藏論壇 +html +2012-01 +\d{4}-\d\d-\d\d \d\d:\d\d +– +not known yet +ok", forum
    )
    assert any(re.match(r"fleamarket +records", line) for line in lines)


def test_a_worksheet_goes_out_and_comes_back(tmp_path: Path, marketplaces: str) -> None:
    settings = {"WILDCRAWL_DEMO_URL": marketplaces}
    made = scrapy("worksheet", "demo_fair", "-o", "w.xlsx", folder=tmp_path, **settings)
    assert made.code == 0, made.err
    assert "112 keywords" in made.out
    again = scrapy("worksheet", "demo_fair", "-o", "w.xlsx", folder=tmp_path, **settings)
    assert again.code == 2
    assert "w.xlsx exists already" in again.err
    book = openpyxl.load_workbook(tmp_path / "w.xlsx")
    sheet = book["Advertisements"]
    header = [str(cell.value).partition("\n")[0] for cell in sheet[1]]
    rows = [
        {"found_by": "象牙手镯", "ad_id": "B01-01", "title": "象牙手镯 老料", "price": "350元"},
        {"found_by": "犀角杯", "ad_id": "B01-02", "title": "犀角杯 清代", "age_claim": "ancient"},
    ]
    for line, row in enumerate(rows, start=2):
        for name, value in row.items():
            sheet.cell(line, header.index(name) + 1, value)
    book.save(tmp_path / "w.xlsx")
    read = scrapy("crawl", "demo_fair", "-a", "worksheet=w.xlsx", folder=tmp_path, **settings)
    assert read.code == 1, "a row was rejected"
    letter = get_column_letter(header.index("age_claim") + 1)
    assert f"Advertisements!{letter}3: 'ancient'" in read.err
    store = open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")
    (ad,) = store.advertisements()
    (run,) = store.runs("demo_fair")
    store.close()
    assert (ad.ad_id, ad.found_by, ad.price_cny) == ("B01-01", ["象牙手镯"], Decimal(350))
    assert run.keywords == ["象牙手镯"]


def test_verdicts_typed_into_an_exported_file_count(tmp_path: Path, marketplaces: str) -> None:
    """Screening in a spreadsheet only."""
    asked = ("crawl", "demo_forum", "-a", "keywords=tiger")
    assert scrapy(*asked, folder=tmp_path, WILDCRAWL_DEMO_URL=marketplaces).code == 0
    month = f"{datetime.now(CHINA):%Y-%m}"
    export = ("export", month, "-o", "report")
    assert scrapy(*export, "--include-pending", folder=tmp_path).code == 0
    path = tmp_path / "report" / "csv" / "advertisements.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 2
    for row, verdict in zip(rows, ["valid", "fake"], strict=False):
        row |= {"verdict": verdict, "screened_by": "li"}
    with (tmp_path / "screened.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    for _ in range(2):
        read = scrapy("crawl", "records", "-a", "file=screened.csv", folder=tmp_path)
        assert read.code == 0, read.err
        assert f"0 new, {len(rows)} seen" in read.err
    counted = scrapy(*export, folder=tmp_path)
    assert counted.code == 0, counted.err
    with path.open(encoding="utf-8-sig", newline="") as file:
        (valid,) = csv.DictReader(file)
    for name in ("site", "ad_id", "title", "found_by", "first_seen", "price_cny", "species"):
        assert valid[name] == rows[0][name]
    assert (valid["verdict"], valid["screened_by"]) == ("valid", "li")


def test_crawlall_prints_a_line_a_site_and_fails_if_one_did(
    tmp_path: Path, marketplaces: str
) -> None:
    settings = {"WILDCRAWL_DEMO_URL": marketplaces}
    keywords = ("-a", "keywords=虎骨")
    both = ("demo_market", "demo_forum", "--strict")
    good = scrapy("crawlall", *both, *keywords, folder=tmp_path, **settings)
    assert good.code == 0, good.err
    assert [line.partition(":")[0] for line in good.out.splitlines()] == [
        "demo_market",
        "demo_forum",
    ]
    assert all(line.endswith(": ok") for line in good.out.splitlines())
    down = {"WILDCRAWL_DEMO_URL": "http://127.0.0.1:9"}
    bad = scrapy("crawlall", "demo_market", *keywords, folder=tmp_path, **down)
    assert bad.code == 1, "also without --strict"
    assert "demo_market: 0 new" in bad.out
    assert "broken" in bad.out


def test_a_real_site_is_not_crawled_without_a_contact(tmp_path: Path) -> None:
    package = tmp_path / "mysites"
    package.mkdir()
    (package / "__init__.py").touch()
    generate = ("genspider", "lantern", "https://lantern.example")
    where = ("-s", "NEWSPIDER_MODULE=mysites", "-s", "SPIDER_MODULES=mysites")
    path = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "WILDCRAWL_CONTACT": ""}
    made = scrapy(*generate, *where, folder=tmp_path, **path)
    assert made.code == 0, made.out + made.err
    refused = scrapy("crawl", "lantern", *where, folder=tmp_path, **path)
    assert refused.code == 2
    assert "set WILDCRAWL_CONTACT" in refused.err


TEMPLATES = ("basic", "json", "browser", "manual", "board", "forum", "engine")


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_generated_spider_is_short_and_loads(tmp_path: Path, template: str) -> None:
    package = tmp_path / "mysites"
    package.mkdir()
    (package / "__init__.py").touch()
    where = ("-s", "NEWSPIDER_MODULE=mysites", "-s", "SPIDER_MODULES=mysites")
    path = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    generate = ("genspider", "-t", template, "lantern", "https://lantern.example")
    assert scrapy(*generate, *where, folder=tmp_path, **path).code == 0
    text = (package / "lantern.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 30
    assert "$" not in text
    for attribute in ("label_zh", "since", "evidence", "confidence"):
        assert f"    {attribute} = " in text
    listed = scrapy("list", *where, folder=tmp_path, **path)
    assert listed.out.split() == ["lantern"]


@pytest.mark.slow
def test_the_demo_finds_nothing_new_the_second_time(tmp_path: Path, browser: str) -> None:
    first, second = (scrapy("demo", folder=tmp_path, WILDCRAWL_BROWSER=browser) for _ in range(2))
    assert first.code == second.code == 0, first.err + second.err
    found = re.search(r"Found (\d+) of (\d+) planted", first.out)
    assert found
    assert int(found[1]) >= 0.95 * int(found[2])
    assert (
        re.findall(r"demo_\w+: (\d+) new, \d+ seen, (\d+) set aside", second.out)
        == [("0", "0")] * 5
    )
    report, desk, _, source = second.out.splitlines()[-4:]
    opened = re.fullmatch(r"  \S+ -m webbrowser -t (file://\S+)", report)
    assert opened
    assert Path(opened[1].removeprefix("file://")).is_file()
    assert (tmp_path / "demo" / "report" / "csv" / "advertisements.csv").is_file()
    assert (desk, source) == (f"{source} && scrapy desk", "  source demo/settings.sh")
    command = ["bash", "-c", f"{source} && exec scrapy desk -p 0"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().split()[4]
            entered = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            entered.open(address)
            page = entered.open(urljoin(address, "screen/")).read().decode()
        finally:
            process.terminate()
    store = open_store(f"sqlite:///{tmp_path / 'demo' / 'wildcrawl.db'}")
    assert any(html.escape(ad.title) in page for ad in store.advertisements() if ad.title)
    store.close()


def test_a_terminal_gets_a_progress_bar(tmp_path: Path, marketplaces: str) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (40, 150))
    command = ("crawl", "demo_forum", "-a", "keywords=tiger")
    shown = shown_on(ours, theirs, tmp_path, *command, WILDCRAWL_DEMO_URL=marketplaces)
    total = len(load_vocabulary().groups["tiger"].keywords)
    last = shown.replace("\r", "\n").strip().splitlines()
    bars = [line for line in last if f"{total}/{total}" in line]
    assert bars, shown
    for word in ("demo_forum: 100%", "pages=", "new=", "seen="):
        assert word in bars[-1]
    assert re.search(RATE, bars[-1])
    assert re.search(r"demo_forum: \d+ new, 0 seen, .*: ok", last[-1])
    assert "INFO" not in shown


@pytest.mark.parametrize(
    ("command", "store", "said"),
    [
        (("queue",), "sqlite:///demo.db", "Store: sqlite:///{}/demo.db (WILDCRAWL_STORE)\r\n"),
        (("queue",), "sqlite:///wildcrawl.db", ""),
        (("tag", "象牙"), "sqlite:///demo.db", ""),
    ],
    ids=["another store", "the usual store", "no store"],
)
def test_a_terminal_is_told_of_another_store_than_the_usual_one(
    tmp_path: Path, command: tuple[str, ...], store: str, said: str
) -> None:
    shown = shown_on(*pty.openpty(), tmp_path, *command, WILDCRAWL_STORE=store)
    assert shown == said.format(tmp_path)


@pytest.mark.parametrize("evidence", ["off", "pictures"])
def test_a_good_run_prints_at_most_ten_lines_and_its_verdict_last(
    tmp_path: Path, marketplaces: str, evidence: str
) -> None:
    ours, theirs = pty.openpty()
    settings = {
        "WILDCRAWL_DEMO_URL": marketplaces,
        "WILDCRAWL_PROGRESS": "0",
        "WILDCRAWL_EVIDENCE": evidence,
        "WILDCRAWL_EVIDENCE_DIR": str(tmp_path / "captured"),
    }
    command = ("crawl", "demo_forum", "-a", "keywords=tiger")
    shown = shown_on(ours, theirs, tmp_path, *command, **settings)
    assert "INFO: demo_forum: the run " in shown
    lines = shown.strip().splitlines()
    assert len(lines) <= 10, shown
    assert re.search(r"INFO: demo_forum: \d+ new, .*: ok", lines[-1])
    assert not re.search(RATE, shown)
    assert (tmp_path / "captured").exists() == (evidence == "pictures")


RATE = "keyword/s|s/keyword"
"""Unit of the speed of a crawl, which is inverted below one keyword a second."""


def shown_on(ours: int, theirs: int, folder: Path, *command: str, **settings: str) -> str:
    """What a command writes to a terminal that is not its output."""
    terminal = {"err": Path(os.ttyname(theirs))}
    with ThreadPoolExecutor() as reader:
        shown = reader.submit(read_all, ours)
        try:
            with running(*command, folder=folder, streams=terminal, **settings) as process:
                assert process.wait() == 0
        finally:
            os.close(theirs)
        return shown.result()


def read_all(terminal: int) -> str:
    """Everything that is written to a terminal until its other end is closed."""
    read = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            part = b""
        if not part:
            os.close(terminal)
            return read.decode()
        read += part
