"""Notices to operators, and the removals that follow."""

from __future__ import annotations

import base64
import csv
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.helpers.crawling import scrapy
from tests.helpers.evidence_data import photograph
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.evidence import Capture, CaptureKind, Custody, open_evidence
from wildcrawl.evidence.records import Exchange, Origin
from wildcrawl.items import Advertisement, Verdict
from wildcrawl.review.notices import (
    Check,
    Notice,
    Notified,
    Removal,
    State,
    checks,
    keep_checks,
    log_notice,
    notified,
    notify,
    proofs_of,
    removals,
    still_to_check,
    write_notice,
)
from wildcrawl.review.notices.writer import HIDDEN, without_contacts
from wildcrawl.store import Store, open_store

MAY = datetime(2016, 5, 1, tzinfo=UTC)
DAY = timedelta(days=1)
GROUPS = load_vocabulary().groups


def valid(ad_id: str, site: str = "mall", **given: Any) -> Advertisement:
    """An advertisement that a person has judged valid."""
    values: dict[str, Any] = {
        "url": f"http://mall.example/{ad_id}",
        "title": "老象牙手串",
        "found_at": MAY,
        "species": ["ivory"],
        "verdict": "valid",
        "relevance": "likely",
    }
    return Advertisement(site, ad_id, **values | given)


def notice_of(
    ad_id: str, site: str = "mall", at: datetime = MAY, month: str = "2016-05"
) -> Notified:
    return Notified(site, ad_id, f"http://mall.example/{ad_id}", "老象牙手串", month, at)


def written(folder: Path, *ads: Advertisement, **given: Any) -> tuple[str, list[dict[str, str]]]:
    """The page and the rows of a notice of `ads`."""
    for ad in ads:
        ad.first_seen = ad.last_seen = ad.found_at
    values: dict[str, Any] = {
        "site": "mall",
        "label": "A mall",
        "label_zh": "商城",
        "month": "2016-05",
        "ads": ads,
        "groups": GROUPS,
        "contact": "monitoring@example.org",
        "at": MAY,
    }
    page = write_notice(Notice(**values | given), folder)
    with page.with_suffix(".csv").open(encoding="utf-8-sig", newline="") as file:
        return page.read_text(encoding="utf-8"), list(csv.DictReader(file))


def test_a_notice_has_the_url_of_each_advertisement(tmp_path: Path) -> None:
    page, rows = written(
        tmp_path,
        valid("1", found_at=datetime(2016, 5, 31, 16, 30, tzinfo=UTC), seller="藏友A17"),
        valid("2", title="", species=["tiger", "leopard"]),
    )
    assert rows == [
        {
            "url": "http://mall.example/1",
            "title": "老象牙手串",
            "species": "Ivory (elephant) 象牙",
            "seller": "藏友A17",
            "first_seen": "2016-06-01",
            "last_seen": "2016-06-01",
            "captured_at": "",
            "picture_sha256": "",
            "page_sha256": "",
        },
        {
            "url": "http://mall.example/2",
            "title": "",
            "species": "Tiger 虎; Leopard 豹",
            "seller": "",
            "first_seen": "2016-05-01",
            "last_seen": "2016-05-01",
            "captured_at": "",
            "picture_sha256": "",
            "page_sha256": "",
        },
    ]
    for row in rows:
        for cell in row.values():
            assert cell in page
    for words in ("A mall, May 2016", "商城", "2016年5月", "found 2 new", "mall.csv", "无标题"):
        assert words in page
    assert page.count("monitoring@example.org") == 2
    assert "A person has read each one. They are" in page


def test_a_notice_of_one_speaks_of_one_and_in_chinese_first(tmp_path: Path) -> None:
    page, _ = written(tmp_path, valid("1"))
    words = " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<body>") :]).split())
    assert "found 1 new advertisement on your site that offers products" in words
    assert "A person has read it. It is listed below" in words
    assert "监测到1条新的受保护野生动物制品广告" in words
    assert words.index("商城上的野生动物制品广告，2016年5月") < words.index("on A mall, May 2016")


def test_a_notice_holds_no_personal_data_but_the_public_name(tmp_path: Path) -> None:
    ad = valid(
        "1",
        title="象牙手串 微信 abc_12345 电话13800138000",
        seller="藏友 138 0013 8000",
        seller_id="uid-secret",
        location="上海市某路1号",
        description="加 QQ 123456789",
        note="the seller is known to us",
        screened_by="li",
    )
    page, rows = written(tmp_path, ad)
    both = page + str(rows)
    for secret in ("abc_12345", "13800138000", "8000", "uid-secret", "某路", "123456789", "known"):
        assert secret not in both
    assert rows[0]["seller"] == f"藏友 {HIDDEN}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("牙雕 VX:ivory_88", f"牙雕 {HIDDEN}"),
        ("加微信：ivory88 看图", f"加{HIDDEN} 看图"),
        ("qq号 12345678", HIDDEN),
        ("a.b@mail.example 牙", f"{HIDDEN} 牙"),
        ("+86 138-0013-8000", HIDDEN),
        ("手串 108颗 12.5毫米 4×6×1厘米 580元", "手串 108颗 12.5毫米 4×6×1厘米 580元"),
        ("象牙\u202e手串\n第二行", "象牙手串 第二行"),
        ("微\u200b信 abc12345 牙", f"{HIDDEN} 牙"),
    ],
)
def test_contacts_are_hidden_and_measures_stay(text: str, shown: str) -> None:
    assert without_contacts(text) == shown


@pytest.mark.timeout(10)
@pytest.mark.parametrize("piece", ["a", "象牙", "1", "1 ", "1.", "a@", "-", "+1", "微信 "])
def test_contacts_are_looked_for_in_a_megabyte_of_text_at_once(piece: str) -> None:
    assert without_contacts(piece * (1_000_000 // len(piece)))


def test_texts_of_sellers_are_escaped_in_a_notice(tmp_path: Path) -> None:
    hostile = '<script>alert(1)</script><img src="http://seller.example/x">'
    ad = valid("1", title=hostile, url="javascript:alert(2)", seller="=HYPERLINK(1)")
    page, rows = written(tmp_path, ad, label="<b>mall</b>")
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>" not in page
    assert not re.search(r"(href|src)=[\"']", page)
    assert "&lt;script&gt;" in page
    assert rows[0]["seller"] == "'=HYPERLINK(1)"


def capture_of(store: Store, folder: Path, kind: CaptureKind, body: bytes) -> Capture:
    """A capture of advertisement 1 of the mall, kept in `folder`."""
    evidence = open_evidence(store, folder)
    url = f"http://mall.example/{kind}"
    kept = evidence.keep(Exchange(url, MAY, 200, [], body), body, Origin("run", "mall", ["1"]))
    capture = Capture("mall", "1", MAY, "run", kind, url, 200, **kept._asdict())
    evidence.add([capture], "crawl")
    return capture


def test_a_captured_advertisement_has_a_thumbnail_and_hashes(store: Store, tmp_path: Path) -> None:
    page = capture_of(store, tmp_path / "evidence", CaptureKind.PAGE, b"<p>ivory")
    picture = capture_of(store, tmp_path / "evidence", CaptureKind.PICTURE, photograph(1))
    evidence = open_evidence(store, tmp_path / "evidence")
    ads = [valid("1"), valid("2")]
    proofs = proofs_of(evidence, ads)
    assert (set(proofs.of), proofs.problems) == ({("mall", "1")}, [])
    html, rows = written(tmp_path, *ads, proofs=proofs.of)
    (source,) = re.findall(r'<img src="data:image/jpeg;base64,([^"]+)"', html)
    thumbnail = Image.open(BytesIO(base64.b64decode(source)))
    assert thumbnail.size == (240, 180)
    assert (rows[0]["picture_sha256"], rows[0]["page_sha256"]) == (picture.payload, page.payload)
    assert rows[0]["captured_at"] == "2016-05-01 08:00:00"
    assert (rows[1]["picture_sha256"], rows[1]["captured_at"]) == ("", "")
    assert picture.payload in html
    assert page.payload in html
    log_notice(evidence, "li", "2016-05", proofs.captures)
    link = [*evidence.custody.links()][-1]
    assert (link.action, link.who) == ("exported", "li")
    assert picture.digest in link.entries[0]
    bare = proofs_of(evidence, ads, None)
    html, rows = written(tmp_path, *ads, proofs=bare.of)
    assert "<img" not in html
    assert rows[0]["picture_sha256"] == picture.payload


def test_a_picture_that_cannot_be_read_is_reported_and_its_hash_remains(
    store: Store, tmp_path: Path
) -> None:
    picture = capture_of(store, tmp_path / "evidence", CaptureKind.PICTURE, b"\xff\xd8\xff broken")
    proofs = proofs_of(open_evidence(store, tmp_path / "evidence"), [valid("1")])
    (problem,) = proofs.problems
    assert problem.startswith("mall: 1 has no thumbnail: ")
    html, rows = written(tmp_path, valid("1"), proofs=proofs.of)
    assert "<img" not in html
    assert rows[0]["picture_sha256"] == picture.payload


def test_sites_with_any_name_get_files_of_their_own(tmp_path: Path) -> None:
    names: tuple[str, ...]
    names = ("a/b", "a_b", "A_b", "../../up", "..", "商城", "商 城", "", "x" * 300, "a\\b")
    # The file name made from one name cannot be that of another site.
    names += ("a_b.c14cdd", "a_b-c14cdd")
    for name in names:
        written(tmp_path, valid("1"), site=name)
    assert len(list(tmp_path.glob("*.html"))) == len(names)
    assert all(path.parent == tmp_path for path in tmp_path.rglob("*.*"))


def test_a_failed_notice_leaves_the_previous_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = written(tmp_path, valid("1"))
    write = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        write(path, data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match=r"mall.csv cannot be written: No space left on device"):
        written(tmp_path, valid("1"), valid("2"))
    monkeypatch.undo()
    assert (tmp_path / "mall.html").read_text(encoding="utf-8") == before[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mall.csv", "mall.html"]


def test_an_advertisement_is_notified_once(store: Store) -> None:
    assert notify(store, [notice_of("1"), notice_of("2")]) == 2
    assert (
        notify(store, [notice_of("1", at=MAY + DAY, month="2016-06"), notice_of("3", "forum")]) == 1
    )
    assert notified(store, "mall") == [notice_of("1"), notice_of("2")]
    assert len(notified(store)) == 3


def test_removals_are_counted_by_site_from_what_was_proved(store: Store) -> None:
    notify(store, [notice_of(str(number)) for number in range(1, 8)])
    notify(store, [notice_of("1", "forum"), notice_of("2", "forum", month="2016-06")])
    found = [
        ("1", 7, State.REMOVED),  # just within a week
        ("2", 8, State.REMOVED),
        ("3", 31, State.REMOVED),
        ("4", 2, State.UP),
        ("4", 5, State.UNKNOWN),  # unknown state: counts as still up
        ("5", 3, State.UNKNOWN),
        ("6", 3, State.UP),
        ("6", 6, State.REMOVED),
        ("6", 40, State.REMOVED),  # removed on the sixth day
        ("7", 3, State.REMOVED),
        ("7", 9, State.UP),  # and up again
    ]
    keep_checks(store, [Check("mall", ad, MAY + days * DAY, state) for ad, days, state in found])
    assert removals(store) == [
        Removal("forum", 2, 0, 0, 0, 0, 2),
        Removal("mall", 7, 4, 2, 3, 2, 1),
    ]
    assert removals(store, ["2016-06"]) == [Removal("forum", 1, 0, 0, 0, 0, 1)]
    assert [ad.ad_id for ad in still_to_check(store, "mall")] == ["4", "5", "7"]


@pytest.mark.parametrize(
    ("notice", "found", "within"),
    [
        # Days are days in China, where 16:00 in UTC is midnight.
        ("2016-05-01T02:00", "2016-05-08T02:00", (1, 1)),
        ("2016-05-01T02:00", "2016-05-08T15:59:59", (1, 1)),
        ("2016-05-01T02:00", "2016-05-08T16:00", (0, 1)),
        ("2016-05-01T15:59:59", "2016-05-08T16:00", (0, 1)),
        ("2016-05-01T02:00", "2016-05-31T15:59:59", (0, 1)),
        ("2016-05-01T02:00", "2016-05-31T16:00", (0, 0)),
        ("2016-05-01T02:00", "2016-05-01T02:00", (1, 1)),
    ],
)
def test_the_seventh_and_the_thirtieth_day_are_within(
    tmp_path: Path, notice: str, found: str, within: tuple[int, int]
) -> None:
    at, gone = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (notice, found))
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    notify(store, [notice_of("1", at=at)])
    notify(
        store, [notice_of("1", at=gone, month="2016-06")]
    )  # notified again in the following month
    keep_checks(store, [Check("mall", "1", gone, State.REMOVED)])
    (row,) = removals(store)
    assert (row.removed_within_7_days, row.removed_within_30_days) == within
    assert (row.notified, row.removed) == (1, 1)
    assert removals(store, ["2016-06"]) == []
    store.close()


def test_the_command_writes_what_is_valid_and_new_in_the_month(
    store_url: str, tmp_path: Path
) -> None:
    store = open_store(store_url)
    first = datetime(2016, 4, 30, 16, tzinfo=UTC)  # the first moment of May in China
    store.record(
        [
            valid("1", found_at=first),
            valid("2", found_at=first - timedelta(seconds=1)),
            valid("3", verdict="fake"),
            valid("4", verdict=""),
            valid("5", verdict="", relevance="set_aside"),
            valid("6", site="../forum"),
        ],
        "run",
    )
    picture = capture_of(store, tmp_path / "evidence", CaptureKind.PICTURE, photograph(1))
    settings = {"WILDCRAWL_STORE": store_url, "WILDCRAWL_CONTACT": "monitoring@example.org"}
    done = scrapy("notices", "2016-05", folder=tmp_path, **settings)
    assert done.code == 0, done.err
    assert "mall: 1 advertisement in notices/2016-05/mall.html" in done.out
    assert "Without a verdict, and so in no notice: 1 of 2016-05" in done.out
    page = (tmp_path / "notices" / "2016-05" / "mall.html").read_text(encoding="utf-8")
    assert "monitoring@example.org" in page
    assert "http://mall.example/1<" in page
    assert page.count("<img") == 1
    assert picture.payload in page
    assert [link.action for link in Custody(store).links()] == ["captured", "exported"]
    assert "http://mall.example/2" not in page
    assert len(list((tmp_path / "notices").rglob("*.csv"))) == 2
    before = notified(store)
    assert [(ad.site, ad.ad_id, ad.month) for ad in before] == [
        ("../forum", "6", "2016-05"),
        ("mall", "1", "2016-05"),
    ]
    assert all(datetime.now(UTC) - ad.at < timedelta(minutes=5) for ad in before)
    again = scrapy("notices", "2016-05", "--no-pictures", folder=tmp_path, **settings)
    assert "mall.html, 1 of them notified before" in again.out
    assert "<img" not in (tmp_path / "notices" / "2016-05" / "mall.html").read_text("utf-8")
    assert notified(store) == before
    assert "do not send" not in again.out
    assert "nobody to ask" not in again.out
    store.judge("mall", "1", Verdict.FAKE, "li", "", datetime.now(UTC))
    again = scrapy("notices", "2016-05", folder=tmp_path, WILDCRAWL_STORE=store_url)
    assert (
        "notices/2016-05/mall.html is from an earlier run and lists nothing that is still valid"
        in again.out
    )
    assert "The notices name no contact; set WILDCRAWL_CONTACT" in again.out
    store.close()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "give one month"),
        (["May"], "'May' is not a month; write it as YYYY-MM"),
        (["2016-05"], "No advertisement that was new in 2016-05 has been judged valid"),
        (["2016-05"], "Nothing is recorded yet in sqlite:///{folder}/wildcrawl.db."),
    ],
)
def test_a_month_without_notices_is_one_sentence(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    done = scrapy("notices", *arguments, folder=tmp_path)
    assert words.format(folder=tmp_path) in done.out + done.err
    assert "Traceback" not in done.err


def test_checks_are_read_as_stored(store: Store) -> None:
    found = [
        Check("mall", "1", MAY, State.REMOVED, "the site answered with status 404"),
        Check("mall", "1", MAY + DAY, State.UNKNOWN, "登录"),
    ]
    keep_checks(store, found)
    keep_checks(store, found)
    assert checks(store, "mall") == found
    assert checks(store, "forum") == []


def test_what_is_known_of_one_site_is_not_that_of_another(store: Store) -> None:
    sites = ("mall", 'mall", "1', "mall 2", "商城")
    notify(store, [notice_of("1", site) for site in sites])
    keep_checks(store, [Check(site, "1", MAY, State.UP) for site in sites])
    for site in sites:
        assert [ad.site for ad in notified(store, site)] == [site]
        assert [check.site for check in checks(store, site)] == [site]
    assert len(notified(store)) == len(checks(store)) == len(sites)
