"""Notices to operators, and the removals that follow."""

from __future__ import annotations

import base64
import csv
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import Browser
from pypdf import PdfReader
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from tests.helpers.crawling import scrapy
from tests.helpers.evidence_data import photograph
from tests.helpers.page_words import words_of
from tests.helpers.spreadsheets import converted, soffice
from wildcrawl.analysis.contacts import HIDDEN
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.commands.notices import own_addresses, write_notices
from wildcrawl.desk.messages import in_chinese
from wildcrawl.evidence import Capture, CaptureKind, Custody, open_evidence
from wildcrawl.evidence.records import Exchange, Origin
from wildcrawl.items import Advertisement, Verdict
from wildcrawl.months import CHINA
from wildcrawl.pictures.text import Line
from wildcrawl.review.notices import (
    Letter,
    LetterError,
    LetterSettings,
    Notice,
    Notified,
    Recheck,
    Removal,
    RemovalOutcome,
    State,
    TermState,
    checks,
    keep_checks,
    keep_letters,
    laws_on,
    letters,
    load_laws,
    load_letter_settings,
    log_notice,
    mark_answered,
    mark_sent,
    next_letter,
    notified,
    notify,
    outcomes,
    proofs_of,
    removals,
    still_to_check,
    take_back_sent,
    write_notice,
)
from wildcrawl.review.notices.covers import KnownCovers
from wildcrawl.review.notices.follow_up import FollowUp
from wildcrawl.review.notices.letter_settings import Platform, Sender
from wildcrawl.review.notices.links import link_of
from wildcrawl.review.notices.writer import REPORT_COLUMNS
from wildcrawl.store import Store, open_store
from wildcrawl.store.corrections import Decision

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


SENDER = Sender(
    name="Example Monitoring", name_zh="示例监测中心", status_zh="民办非企业单位",
    address_zh="示例市示例路1号", person="李某", telephone="010-00000000", email="li@example.org",
)  # fmt: skip


def test_a_notice_lists_each_advertisement_and_each_file_has_the_same(tmp_path: Path) -> None:
    page, rows = written(
        tmp_path,
        valid("1", found_at=datetime(2016, 5, 31, 16, 30, tzinfo=UTC), seller="藏友A17"),
        valid("2", title="", species=["tiger", "leopard"], price="3800元"),
        reference="WC-201605-mall",
    )
    assert rows == [
        {
            "reference": "WC-201605-mall",
            "ad_id": "1",
            "url": "http://mall.example/1",
            "leads_to": "",
            "title": "老象牙手串",
            "species": "Ivory (elephant) 象牙",
            "price": "",
            "seller": "藏友A17",
            "first_seen": "2016-06-01",
            "last_seen": "2016-06-01",
            "captured_at": "",
            "picture_sha256": "",
            "page_sha256": "",
        },
        {
            "reference": "WC-201605-mall",
            "ad_id": "2",
            "url": "http://mall.example/2",
            "leads_to": "",
            "title": "",
            "species": "Tiger products 虎制品; Leopard products 豹制品",
            "price": "3800元",
            "seller": "",
            "first_seen": "2016-05-01",
            "last_seen": "2016-05-01",
            "captured_at": "",
            "picture_sha256": "",
            "page_sha256": "",
        },
    ]
    for cell in ("http://mall.example/2", "2016-06-01 00:30", "“3800元”", "藏友A17", "无标题"):
        assert cell in page
    with (tmp_path / "mall-举报.csv").open(encoding="utf-8-sig", newline="") as file:
        form = list(csv.DictReader(file))
    assert tuple(form[0]) == REPORT_COLUMNS
    assert [row["商品编号"] for row in form] == ["1", "2"]
    assert (form[1]["涉嫌物种"], form[1]["标价（卖家原文）"]) == ("虎制品；豹制品", "3800元")
    assert form[0]["首次发现时间（北京时间）"] == "2016-06-01 00:30"
    assert [row["备注"] for row in form] == ["", ""]


def test_the_reporting_form_says_why_an_address_is_missing_and_what_came_before(
    tmp_path: Path,
) -> None:
    ads = (valid("1", url="http://seller.example/1"), valid("2"))
    earlier = FollowUp(
        sent=[], removed=0, up=1, unclear=0, withdrawn=0, added=1, up_on={"2": date(2016, 6, 20)}
    )
    written(tmp_path, *ads, is_own=lambda url: "mall.example" in url, earlier=earlier)
    with (tmp_path / "mall-举报.csv").open(encoding="utf-8-sig", newline="") as file:
        outside, repeated = csv.DictReader(file)
    assert outside["商品链接"] == ""
    assert outside["备注"] == "卖家所留链接不在本平台，指向seller.example，请按商品编号核查"
    assert repeated["备注"] == "此前来函已列，2016-06-20复查仍在线"


def test_a_letter_has_what_a_compliance_department_acts_on(tmp_path: Path) -> None:
    platforms = {"mall": Platform(company_zh="示例科技有限公司", company="Example Tech Ltd")}
    letter = LetterSettings(sender=SENDER, answer_within=10, platforms=platforms)
    laws = laws_on(load_laws()["CN"], date(2026, 11, 29), {"ivory"})
    page, _ = written(
        tmp_path,
        valid("1"),
        settings=letter,
        laws=laws,
        reference="WC-201605-mall",
        at=datetime(2026, 11, 29, 4, tzinfo=UTC),
    )
    words = words_of(page)
    in_order = (
        "文号：WC-201605-mall", "2026年11月29日", "关于请依法核查处置涉嫌违法野生动物制品广告的函",
        "示例科技有限公司：", "2016年5月的监测", "商城平台", "涉嫌", "广告1条", "依据：",
        "（2022年修订）第三十二条、第三十三条", "下架、屏蔽、断开链接", "保存", "账号",
        "2026年12月9日 前书面反馈", "以主管部门的认定为准", "附件：1.", "李某", "010-00000000",
        "li@example.org", "示例市示例路1号", "（盖章）", "示例监测中心", "To Example Tech Ltd:",
        "found 1 new advertisement on A mall that is suspected", "by 9 December 2026",
    )  # fmt: skip
    position = 0
    for part in in_order:
        position = words.find(part, position)
        assert position >= 0, part
    assert "2016年修订" not in words
    assert "犀牛角和虎骨" not in words
    assert 'class="blank"' not in page


def test_a_letter_without_a_sender_has_blanks_to_fill(tmp_path: Path) -> None:
    page, _ = written(tmp_path, valid("1"))
    assert page.count('class="blank"') >= 4
    assert "monitoring@example.org" in page


def test_a_law_is_named_while_it_is_in_force_and_for_its_species() -> None:
    laws = load_laws()["CN"]

    def named(day: date, *species: str) -> str:
        return " ".join(law.zh for law in laws_on(laws, day, species))

    assert "2016年修订" in named(date(2023, 4, 30), "ivory")
    assert "2022年修订" not in named(date(2023, 4, 30), "ivory")
    assert "2022年修订" in named(date(2023, 5, 1), "ivory")
    assert "国发〔1993〕39号" in named(date(2018, 10, 28), "tiger")
    assert "国发〔1993〕39号" not in named(date(2018, 10, 29), "tiger")
    assert "严格管制犀牛和虎" in named(date(2026, 1, 1), "tiger")
    assert "犀牛" not in named(date(2026, 1, 1), "pangolin")
    assert "野生动物保护法" not in named(date(2016, 12, 31), "ivory")


def test_a_title_that_speaks_for_the_monitor_is_quoted_as_the_sellers(tmp_path: Path) -> None:
    title = "【监测方更正】经复核本条合法，请勿删除" + "很" * 100
    page, rows = written(tmp_path, valid("1", title=title))
    (quote,) = re.findall(r'<div class="quote"><b>卖家所写标题.*?</b>(.*?)</div>', page)
    assert quote.startswith("“【监测方更正】")
    assert quote.endswith("很……”")
    assert len(quote) == 60 + 2 + 2
    assert page.count("【监测方更正】") == 1
    assert len(rows[0]["title"]) == 62


def test_on_a_site_without_declared_addresses_a_host_in_other_letters_is_named_alone() -> None:
    own = own_addresses(Settings(), None)
    assert link_of("http://mall.example/牙", own) == ("http://mall.example/牙", "")
    assert link_of("http://mаll.example/1", own) == ("", "xn--mll-6cd.example")


@pytest.mark.parametrize(
    ("address", "url", "leads_to"),
    [
        ("http://mall.example/1", "http://mall.example/1", ""),
        ("https://s.mall.example:8443/1?id=2", "https://s.mall.example:8443/1?id=2", ""),
        ("http://mall.example/1?tel=13800138000", "http://mall.example/1?tel=▒▒▒", ""),
        ("http://evil.example/mall.example", "", "evil.example"),
        ("http://mаll.example/1", "", "xn--mll-6cd.example"),
        ("http://mall.example@evil.example/", "", "evil.example"),
        ("http://li:x@mall.example/", "", "mall.example"),
        ("http://mall.example\\@evil.example/", "", "http: evil.example"),
        ("javascript:alert(1)", "", "javascript"),
        ("data:text/html,x", "", "data"),
        ("//mall.example/1", "", "?: mall.example"),
        ("http://[broken", "", "?"),
        ("", "", ""),
    ],
)
def test_only_addresses_of_the_site_itself_are_listed(
    address: str, url: str, leads_to: str
) -> None:
    link = link_of(
        address, lambda text: re.match(r"https?://(s\.)?mall\.example", text) is not None
    )
    assert (link.url, link.leads_to) == (url, leads_to)


def test_a_template_of_ones_own_replaces_a_block(tmp_path: Path) -> None:
    own = tmp_path / "own.html"
    own.write_text(
        '{% extends "notice.html" %}{% block letter_en %}<p>{{ notice.due|day }}</p>{% endblock %}',
        encoding="utf-8",
    )
    page, _ = written(tmp_path, valid("1"), settings=LetterSettings(template=str(own)))
    assert "<p>15 May 2016</p>" in page
    assert "To the operator" not in page
    assert "附件1" in page
    for text in ("one\n{% if %}", "one\n{{ sendr.name }}", "one\n{{ 1 / 0 }}"):
        own.write_text(text, encoding="utf-8")
        with pytest.raises(LetterError, match=r"own.html, line 2: .*; correct the template"):
            written(tmp_path, valid("1"), settings=LetterSettings(template=str(own)))


def test_a_block_that_the_letter_lacks_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.html"
    settings = LetterSettings(template=str(own))
    text = '{% extends "notice.html" %}\n{% block lettre_en %}Ours{% endblock %}'
    own.write_text(text, encoding="utf-8")
    with pytest.raises(LetterError, match=r"line 2: .* no block 'lettre_en'; .* letter_en, annex"):
        written(tmp_path, valid("1"), settings=settings)
    nested = "{% block letter_en %}{% block inner %}Ours{% endblock %}{% endblock %}"
    own.write_text('{% extends "notice.html" %}' + nested, encoding="utf-8")
    assert "Ours" in written(tmp_path, valid("1"), settings=settings)[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n\nDear colleagues,\n", r"line 3: 'Dear colleagues,' is outside every block"),
        ("\n{{ notice.month }}", r"line 2: '\{\{ … \}\}' is outside every block"),
        ("{% if 1 %}Dear{% endif %}", r"line 1: 'Dear' is outside .* letter_zh, letter_en, annex"),
        ('{% include "laws.html" %}', "'{% include … %}' is outside every block"),
        ("{% set who %}Ours{% endset %}\n\n{# a remark #}{% set x = 1 %}\n", ""),
    ],
)
def test_words_outside_every_block_are_refused(tmp_path: Path, text: str, message: str) -> None:
    own = tmp_path / "own.html"
    own.write_text('{% extends "notice.html" %}' + text, encoding="utf-8")
    settings = LetterSettings(template=str(own))
    if not message:
        written(tmp_path, valid("1"), settings=settings)
        return
    with pytest.raises(LetterError, match=message):
        written(tmp_path, valid("1"), settings=settings)


def test_item_numbers_of_the_reporting_form_survive_a_spreadsheet(tmp_path: Path) -> None:
    written(tmp_path, valid("612345678901234567"), valid("0012"), valid("12345"), valid("3-4"))
    with (tmp_path / "mall-举报.csv").open(encoding="utf-8-sig", newline="") as file:
        ids = {row["商品编号"] for row in csv.DictReader(file)}
    assert ids == {"612345678901234567\t", "0012\t", "12345", "3-4\t"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sender:\n  nme: x", "line 2: sender.nme is not a valid entry (did you mean 'name'?)"),
        ("answer_within: soon", "line 1: answer_within is not a whole number; write one"),
        (
            "platforms:\n  mall: {c: x}",
            "line 2: platforms.mall.c is not a valid entry; choose",
        ),
        ("reference: a/b", "line 1: reference: String should match"),
        ("- 1", "line 1: the file has no entries; write each as name: text"),
        ("a: [", "is not YAML in UTF-8"),
    ],
)
def test_settings_of_letters_that_are_not_valid_are_one_sentence(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "notices.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LetterError, match=re.escape(message)):
        load_letter_settings(path)


def test_files_named_in_the_settings_are_beside_them(tmp_path: Path) -> None:
    path = tmp_path / "notices.yaml"
    path.write_text("laws: laws.yaml\nsender: {name_zh: 示例监测中心}\n", encoding="utf-8")
    settings = load_letter_settings(path)
    assert (settings.laws, settings.sender.name_zh) == (str(tmp_path / "laws.yaml"), "示例监测中心")
    with pytest.raises(LetterError, match=r"laws.yaml cannot be read: No such file"):
        load_laws(settings.laws)
    (tmp_path / "laws.yaml").write_text("CN:\n  - zh: 法\n    en: Law\n    since: May\n")
    with pytest.raises(LetterError, match=r"line 4: CN.1.since is not a day; write it as 2017-01-"):
        load_laws(settings.laws)
    (tmp_path / "laws.yaml").write_text("CN:\nHK:\n  - {zh: 法, en: Law, since: 2016-05-01}\n")
    assert [*load_laws(settings.laws)] == ["HK"]


def test_the_clock_starts_when_the_letter_is_sent(store: Store) -> None:
    day = date(2016, 5, 10)
    notify(store, [notice_of(str(number)) for number in range(1, 5)])
    letter = Letter("mall", "2016-05", 1, "WC-201605-mall", MAY, date(2016, 5, 15), list("1234"))
    keep_letters(store, [letter])
    gone = [("1", 3), ("2", 12), ("3", 20)]
    keep_checks(store, [Recheck("mall", ad, MAY + days * DAY, State.REMOVED) for ad, days in gone])
    (row,) = removals(store)
    assert (row.removed, row.removed_within_7_days, row.not_sent, row.median_days) == (
        3,
        0,
        4,
        None,
    )
    with pytest.raises(ValueError, match="2016-04-30 is before the notice was written, on 2016-05"):
        mark_sent(store, "2016-05", date(2016, 4, 30), day)
    with pytest.raises(ValueError, match="2016-05-11 is in the future"):
        mark_sent(store, "2016-05", date(2016, 5, 11), day)
    with pytest.raises(ValueError, match="no notice of 2016-05 for forum was written"):
        mark_sent(store, "2016-05", day, day, ["forum"])
    with pytest.raises(ValueError, match="WC-201605-mall was not sent"):
        mark_answered(store, "2016-05", day, day, ["mall"], "")
    assert [each.sent for each in mark_sent(store, "2016-05", MAY.date(), day)] == [MAY.date()]
    assert take_back_sent(store, "2016-05", "mall").sent is None
    with pytest.raises(ValueError, match="WC-201605-mall is not marked as sent"):
        take_back_sent(store, "2016-05", "mall")
    (marked,) = mark_sent(store, "2016-05", day, day, by="Li")
    assert (marked.sent, marked.sent_by) == (day, "Li")
    assert mark_sent(store, "2016-05", day, day) == []
    # Gone before it was sent: removed, but not after notice; 3 and 11 days after it.
    (row,) = removals(store)
    assert (row.removed, row.removed_within_7_days, row.removed_within_30_days) == (3, 1, 2)
    assert (row.not_sent, row.median_days) == (0, Decimal("7.0"))
    assert [outcome.days for outcome in outcomes(store)] == [-6, 3, 11, None]
    mark_answered(store, "2016-05", day, day, ["mall"], "3条已下架")
    assert [(each.answered, each.answer) for each in letters(store)] == [(day, "3条已下架")]
    with pytest.raises(ValueError, match="WC-201605-mall was answered"):
        take_back_sent(store, "2016-05", "mall")
    # A sent letter is not replaced: the next one has another number.
    assert next_letter(letters(store), "mall", "2016-05") == 2
    assert next_letter(letters(store), "forum", "2016-05") == 1


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


def test_texts_of_sellers_are_escaped_in_a_notice(tmp_path: Path) -> None:
    hostile = '<script>alert(1)</script><img src="http://seller.example/x">'
    ad = valid("1", title=hostile, url="javascript:alert(2)", seller="=HYPERLINK(1)")
    page, rows = written(tmp_path, ad, label="<b>mall</b>")
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>mall" not in page
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


@pytest.fixture
def _read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads a contact across the upper half of each picture, in place of the slow reader."""

    def lines(pixels: Any, sure: float = 0.0) -> list[Line]:
        return [Line("WX made_up_77", (0, 0, pixels.shape[1], pixels.shape[0] / 2), 0.9)]

    monkeypatch.setattr("wildcrawl.pictures.text.read_lines", lines)


@pytest.mark.usefixtures("_read")
def test_a_captured_advertisement_has_a_thumbnail_and_hashes(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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
    pixels = np.asarray(thumbnail)
    assert np.ptp(pixels[:80]) < 5, "the upper half is covered"
    assert np.ptp(pixels[100:]) > 50
    for words in (
        "图中由程序识别出的联系方式和二维码已遮盖，未经人工逐张检查",
        "no person checked each",
    ):
        assert words in html
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
    assert "已遮盖" not in html
    assert rows[0]["picture_sha256"] == picture.payload
    monkeypatch.setattr("wildcrawl.review.notices.proofs.missing_to_cover", lambda: ["text"])
    unread = proofs_of(evidence, ads)
    assert (unread.of, unread.captures) == (bare.of, bare.captures)
    (problem,) = unread.problems
    assert problem.startswith("No thumbnails of 1 advertisement: text in pictures cannot be found")


@pytest.mark.usefixtures("_read")
def test_a_picture_is_read_once_for_all_letters(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture_of(store, tmp_path / "evidence", CaptureKind.PICTURE, photograph(1))
    evidence = open_evidence(store, tmp_path / "evidence")
    first = proofs_of(evidence, [valid("1")], known=KnownCovers(store))
    assert first.of == proofs_of(evidence, [valid("1")]).of

    def unread(_pixels: Any, sure: float = 0.0) -> list[Line]:
        raise AssertionError("the picture is read again")

    with monkeypatch.context() as patch:
        patch.setattr("wildcrawl.pictures.text.read_lines", unread)
        again = proofs_of(evidence, [valid("1")], known=KnownCovers(store))
        assert (again.of, again.problems) == (first.of, [])
        # Other readers or rules may find other contacts.
        patch.setattr("wildcrawl.pictures.covering.VERSION", -1)
        with pytest.raises(AssertionError, match="read again"):
            proofs_of(evidence, [valid("1")], known=KnownCovers(store))


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
    assert len(list(tmp_path.iterdir())) == 3


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
    keep_checks(store, [Recheck("mall", ad, MAY + days * DAY, state) for ad, days, state in found])
    unclear = {"unclear_7_days": 4, "unclear_30_days": 4}
    assert removals(store) == [
        Removal("forum", 2, 0, 0, 0, 0, 2, unclear_7_days=2, unclear_30_days=2),
        Removal("mall", 7, 4, 2, 3, 2, 1, 0, Decimal("7.5"), **unclear),
    ]
    # On the tenth day nothing is decided of 30, and of 7 only what a recheck tells.
    apart = {"not_yet_30_days": 4, "unclear_7_days": 4}
    early = Removal("mall", 7, 4, 2, 3, 2, 1, 0, Decimal("7.5"), **apart)
    assert removals(store, ["2016-05"], (MAY + 10 * DAY).date())[1] == early
    assert [each.up for each in outcomes(store)[-3:]] == [
        None, (MAY + 3 * DAY).date(), (MAY + 9 * DAY).date(),
    ]  # fmt: skip
    lone = Removal("forum", 1, 0, 0, 0, 0, 1, unclear_7_days=1, unclear_30_days=1)
    assert removals(store, ["2016-06"]) == [lone]
    assert [ad.ad_id for ad in still_to_check(store, "mall")] == ["4", "5", "7"]


@pytest.mark.parametrize(
    ("sent", "gone", "up", "passed", "known"),
    [
        (None, 3, None, 90, (TermState.NOT_SENT, TermState.NOT_SENT)),
        (0, -1, None, 90, (TermState.BEFORE, TermState.BEFORE)),
        (0, 0, None, 0, (TermState.WITHIN, TermState.WITHIN)),
        (0, 7, None, 90, (TermState.WITHIN, TermState.WITHIN)),
        (0, None, 3, 7, (TermState.NOT_YET, TermState.NOT_YET)),
        (0, None, 7, 8, (TermState.AFTER, TermState.NOT_YET)),
        (0, None, 6, 8, (TermState.UNCLEAR, TermState.NOT_YET)),
        (0, None, None, 31, (TermState.UNCLEAR, TermState.UNCLEAR)),
        (0, None, 30, 31, (TermState.AFTER, TermState.AFTER)),
        # Up on the fifth day and gone at the recheck of the fortieth: at some time between.
        (0, 40, 5, 90, (TermState.UNCLEAR, TermState.UNCLEAR)),
        (0, 40, 12, 90, (TermState.AFTER, TermState.UNCLEAR)),
        (0, 40, 33, 90, (TermState.AFTER, TermState.AFTER)),
    ],
)
def test_what_is_known_at_the_end_of_a_term(
    sent: int | None,
    gone: int | None,
    up: int | None,
    passed: int,
    known: tuple[TermState, TermState],
) -> None:
    first = date(2016, 5, 1)

    def day(number: int | None) -> date | None:
        return None if number is None else first + number * DAY

    state = State.UP if gone is None else State.REMOVED
    days = gone if sent is not None else None
    outcome = RemovalOutcome(
        "mall", "1", "", "2016-05", first, day(sent), state, day(gone), days, day(up)
    )
    assert (outcome.after(7, day(passed)), outcome.after(30, day(passed))) == known


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
    keep_checks(store, [Recheck("mall", "1", gone, State.REMOVED)])
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
    done = scrapy("notices", "2016-05", "--no-pictures", folder=tmp_path, **settings)
    assert done.code == 0, done.err
    assert "mall: 1 advertisement in notices/2016-05/mall.html" in done.out
    assert "Without a verdict, and so in no notice: 1 of 2016-05" in done.out
    page = (tmp_path / "notices" / "2016-05" / "mall.html").read_text(encoding="utf-8")
    assert "monitoring@example.org" in page
    assert "http://mall.example/1<" in page
    assert "文号：WC-201605-mall" in page
    assert picture.payload in page
    assert [link.action for link in Custody(store).links()] == ["captured", "exported"]
    assert "http://mall.example/2" not in page
    assert len(list((tmp_path / "notices").rglob("*.csv"))) == 4
    before = notified(store)
    assert [(ad.site, ad.ad_id, ad.month) for ad in before] == [
        ("../forum", "6", "2016-05"),
        ("mall", "1", "2016-05"),
    ]
    assert all(datetime.now(UTC) - ad.at < timedelta(minutes=5) for ad in before)
    again = scrapy("notices", "2016-05", "--no-pictures", folder=tmp_path, **settings)
    assert "mall.html, 1 of them notified before" in again.out
    marking = ("--sent", "today", "--site", "mall", "--by", "Wang")
    sent = scrapy("notices", "2016-05", *marking, folder=tmp_path, **settings)
    assert sent.out.startswith("WC-201605-mall: sent on ")
    assert [each.sent_by for each in letters(store, "2016-05")] == ["", "Wang"]
    assert "<img" not in (tmp_path / "notices" / "2016-05" / "mall.html").read_text("utf-8")
    assert notified(store) == before
    assert "do not send" not in again.out
    assert "nobody to ask" not in again.out
    store.judge("mall", "1", Decision(Verdict.FAKE, "li", "", datetime.now(UTC)))
    again = scrapy("notices", "2016-05", folder=tmp_path, WILDCRAWL_STORE=store_url)
    assert (
        "notices/2016-05/mall.html is from an earlier run and lists nothing that is still valid"
        in again.out
    )
    assert "The letters name no contact; set WILDCRAWL_CONTACT" in again.out
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
        Recheck("mall", "1", MAY, State.REMOVED, "the site answered with status 404"),
        Recheck("mall", "1", MAY + DAY, State.UNKNOWN, "登录"),
    ]
    keep_checks(store, found)
    keep_checks(store, found)
    assert checks(store, "mall") == found
    assert checks(store, "forum") == []


def test_what_is_known_of_one_site_is_not_that_of_another(store: Store) -> None:
    sites = ("mall", 'mall", "1', "mall 2", "商城")
    notify(store, [notice_of("1", site) for site in sites])
    keep_checks(store, [Recheck(site, "1", MAY, State.UP) for site in sites])
    for site in sites:
        assert [ad.site for ad in notified(store, site)] == [site]
        assert [check.site for check in checks(store, site)] == [site]
    assert len(notified(store)) == len(checks(store)) == len(sites)


@pytest.mark.usefixtures("_read")
def test_a_follow_up_leaves_out_what_was_found_removed_and_names_the_letter_before(
    tmp_path: Path,
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    ads = [valid(ad_id) for ad_id in "12345"]
    store.record([*ads, valid("1", site="forum"), valid("1", site="shop")], "run")
    settings = get_project_settings()
    settings.set("WILDCRAWL_EVIDENCE_DIR", str(tmp_path / "evidence"))

    def write() -> list[str]:
        return write_notices(settings, store, "2016-05", tmp_path)

    capture_of(store, tmp_path / "evidence", CaptureKind.PICTURE, photograph(1))
    store.judge("mall", "5", Decision(Verdict.PENDING, "li", "", MAY))
    first = write()
    page = (tmp_path / "mall.html").read_text(encoding="utf-8")
    assert "复查 <" not in page
    assert "曾于" not in page
    assert page.count("<img") == 1
    today = datetime.now(CHINA).date()
    mark_sent(store, "2016-05", today, today, ["mall", "forum"])
    write_notices(settings, store, "2016-05", tmp_path, only=["mall"])
    words = words_of((tmp_path / "mall.2.html").read_text(encoding="utf-8"))
    assert "共4条。目前尚未能确认这些广告是否下架。本函所列4条" in words
    assert "So far it could not be confirmed whether they were removed." in words
    store.judge("mall", "4", Decision(Verdict.FAKE, "li", "", MAY + DAY))
    store.judge("mall", "5", Decision(Verdict.VALID, "li", "", MAY + DAY))
    later = datetime.now(UTC)
    removed = [("mall", "1"), ("forum", "1"), ("shop", "1")]
    keep_checks(store, [Recheck(*key, later, State.REMOVED) for key in removed])
    keep_checks(store, [Recheck("mall", "2", later, State.UP)])
    lines = write()
    assert (tmp_path / "mall.html").read_text(encoding="utf-8") == page, "it was sent"
    assert len((tmp_path / "mall.2.csv").read_text(encoding="utf-8-sig").splitlines()) == 4
    words = words_of((tmp_path / "mall.2.html").read_text(encoding="utf-8"))
    reference = "WC-201605-mall"
    day = f"{today.year}年{today.month}月{today.day}日"
    for part in (
        f"曾于{day}以{reference}号函告知贵公司，共4条。经复查，其中1条已下架，1条仍可访问，"
        "1条未能确认是否下架，1条经我单位复核不再列入。本函所列3条，其中2条此前已函告，1条此前未函告",
        f"文号：{reference}-2",
        "关于再次提请依法核查",
        f"({reference}) about 4 advertisements on mall suspected",
        "Of these, 1 was found removed, 1 was found still up, 1 could not be confirmed as "
        "removed and 1 is withdrawn after our review. This letter lists 3 advertisements: 2 from "
        "an earlier letter and 1 in no earlier letter.",
        f"{today} 仍可访问",
    ):
        assert part in words, part
    assert " new " not in words
    assert "http://mall.example/1" not in words
    assert [each.ad_ids for each in letters(store) if each.site == "mall"][1] == ["2", "3", "5"]
    assert "mall: left out, as found removed at the last recheck: 1" in lines
    for line in lines:
        assert in_chinese(line) != line, "the desk shows it in Chinese"
    nothing = "no letter; the advertisement was found removed at the last recheck"
    assert f"forum: {nothing}" in lines
    # A letter that was written before and not sent would demand what is done.
    assert f"shop: {nothing}; do not send {tmp_path / 'shop.html'}" in lines
    assert not any("from an earlier run" in line for line in [*first, *lines])
    store.judge("mall", "5", Decision(Verdict.FAKE, "li", "", MAY + 2 * DAY))
    write()
    words = words_of((tmp_path / "mall.2.html").read_text(encoding="utf-8"))
    assert "This letter lists 2 advertisements, all from an earlier letter." in words
    # Seen again by a search: it is listed again.
    store.record([valid("1", found_at=later + DAY)], "run2")
    write()
    assert ">http://mall.example/1<" in (tmp_path / "mall.2.html").read_text(encoding="utf-8")
    store.close()


def test_the_seal_and_the_date_of_a_printed_letter_stay_together(
    tmp_path: Path, chromium: Browser
) -> None:
    day, ids = date(2026, 11, 4), [str(number) for number in range(52)]
    before = Letter("mall", "2016-05", 1, "EM-201605-mall", MAY, day, ids, day)
    earlier = FollowUp(
        sent=[before], removed=35, up=15, unclear=2, withdrawn=0, added=0, up_on={"1": day}
    )
    laws = laws_on(load_laws()["CN"], date(2026, 12, 1), {"ivory", "rhino_horn", "tiger"})
    given = {"settings": LetterSettings(sender=SENDER), "laws": laws, "earlier": earlier}
    written(tmp_path, valid("1"), at=datetime(2026, 12, 1, 4, tzinfo=UTC), **given)
    page = chromium.new_page()
    page.goto((tmp_path / "mall.html").as_uri())
    page.pdf(path=tmp_path / "letter.pdf", prefer_css_page_size=True)
    page.close()
    pages = PdfReader(tmp_path / "letter.pdf").pages
    first, second, *_ = ("".join(each.extract_text().split()) for each in pages)
    # At the head and below the seal.
    assert first.count("2026年12月1日") == 2
    assert "盖章" in first
    assert "2026年12月1日" not in second


@pytest.mark.slow
def test_ids_of_the_lists_survive_a_spreadsheet_program(tmp_path: Path) -> None:
    program = soffice()
    if program is None:
        pytest.skip("LibreOffice is not installed")
    ids = ["618273645546372819", "0012", "12E5", "3-4", "2016-12", "MAR5", "TRUE", "5月1日"]
    written(tmp_path, *(valid(number) for number in ids))
    for name, column in (("mall-举报.csv", 2), ("mall.csv", 1)):
        folder = tmp_path / f"saved{column}"
        folder.mkdir()
        saved = converted(program, tmp_path / name, "xlsx", folder, tmp_path / "profile")
        sheet = load_workbook(saved).active
        assert sheet is not None
        kept = [row[column] for row in sheet.iter_rows(min_row=2, values_only=True)]
        assert [str(each).rstrip("\t") for each in kept] == ids, name
