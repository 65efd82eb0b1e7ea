"""Written reports and letters: opened in the browser, and nothing else of the machine."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from exports.file_names import folder_name
from tests.helpers.desk_data import MONTH, client_of, desk_in
from wildcrawl.desk import Desk, ReadIn, create_app
from wildcrawl.desk.written_files import file_in

PAGE = "<p>report</p>"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk whose folder of reports holds a report, and files that are not to be shown."""
    reports, letters = tmp_path / "reports", tmp_path / "notices"
    report = reports / f"{MONTH}-provisional" / "index.html"
    letter = letters / MONTH / "fair.html"
    for page in (report, letter):
        page.parent.mkdir(parents=True)
        page.write_text(PAGE)
    (report.parent / "monthly.csv").write_text("month,all")
    (report.parent / "figure.svg").write_text("<svg onload='alert(1)'/>")
    (report.parent / "OFFICERS-ONLY-advertisements-with-contacts.csv").write_text("contacts")
    (report.parent / ".hidden.html").write_text("hidden")
    (report.parent / "run.py").write_text("code")
    (tmp_path / "store.html").write_text("outside")
    (reports / "link.html").symlink_to(tmp_path / "store.html")
    return replace(
        desk_in(tmp_path),
        written={"reports": reports, "notices": letters},
        write_report=lambda _month, _lang: ReadIn(str(report)),
        write_notices=lambda _month, _tell: ReadIn(str(letter.parent)),
    )


def test_what_was_written_is_a_link_away(desk: Desk) -> None:
    client = client_of(desk)
    address = f"/files/reports/{MONTH}-provisional/index.html"
    letter = f"/files/notices/{MONTH}/fair.html"
    for button, written in (("report", address), ("notices", letter)):
        page = client.post(f"/months/{MONTH}/{button}", follow_redirects=True).text
        assert f'href="{written}"' in page
    assert f'href="{address}"' in client.get(f"/?month={MONTH}").text
    assert f'href="{letter}"' in client.get(f"/letters?month={MONTH}").text
    assert address not in client.get("/?month=2026-10").text
    answer = client.get(address)
    assert (answer.text, answer.mimetype) == (PAGE, "text/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Disposition" not in answer.headers or answer.headers[
        "Content-Disposition"
    ].startswith("inline")
    for name in ("monthly.csv", "figure.svg"):
        downloaded = client.get(address.replace("index.html", name))
        assert downloaded.headers["Content-Disposition"].startswith("attachment"), name
    own = client.get("/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in own


def test_reports_are_named_by_period_state_and_language(desk: Desk) -> None:
    root = desk.written["reports"]
    for provisional, lang in ((False, "en"), (True, "zh")):
        folder = folder_name(root / MONTH, provisional=provisional, lang=lang)
        folder.mkdir()
        (folder / "index.html").write_text(PAGE)
    client, address = client_of(desk), f"/?month={MONTH}"
    chinese = client.get(address, headers={"Accept-Language": "zh"}).text
    for text, names in (
        (
            client.get(address).text,
            ("in English", "provisional, in English", "provisional, in Chinese"),
        ),
        (chinese, ("英文", "暂定，英文", "暂定，中文")),
    ):
        shown = re.findall(r"/files/reports/[^>]*>([^<]*)<", text)
        assert shown == [
            f"{MONTH}（{each}）" if text is chinese else f"{MONTH} ({each})" for each in names
        ]


def test_no_other_file_is_shown(desk: Desk, tmp_path: Path) -> None:
    client = client_of(desk)
    folder = f"{MONTH}-provisional"
    for path in (
        f"reports/{folder}/OFFICERS-ONLY-advertisements-with-contacts.csv",
        f"reports/{folder}/officers-only-ADVERTISEMENTS-with-contacts.csv",
        f"reports/{folder}/.hidden.html",
        f"reports/{folder}/run.py",
        f"reports/{folder}",
        "reports/link.html",
        "reports/../store.html",
        "reports/%2e%2e/store.html",
        "reports/..%2fstore.html",
        "reports//etc/passwd",
        "reports/nothing.html",
        "worksheets/store.html",
    ):
        assert client.get(f"/files/{path}").status_code in (308, 404), path
    for path in ("../store.html", str(tmp_path / "store.html"), "a\0b.html", "x" * 5000 + ".html"):
        assert file_in(tmp_path / "reports", path) is None, path
    stranger = create_app(desk).test_client()
    assert stranger.get(f"/files/reports/{folder}/index.html").status_code == 401
