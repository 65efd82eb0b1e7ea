"""Bundles as they are written: for people, for replay programs, and for sha256sum."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from struct import unpack_from
from zipfile import ZIP_STORED, ZipFile

import pytest
from parsel import Selector

from tests.helpers.captured import (
    AT,
    MADE,
    Photo,
    advertisement,
    capture,
    collection,
    filled,
    jpeg,
    written,
)
from wildcrawl.desk.messages import in_chinese
from wildcrawl.evidence import (
    Action,
    Capture,
    CaptureKind,
    CaptureReason,
    Evidence,
    View,
    open_evidence,
)
from wildcrawl.evidence.bundle import binder, verify_bundle, write_bundle
from wildcrawl.evidence.bundle.binding import Bound
from wildcrawl.evidence.bundle.collection import Bundle, PageWords, Subject
from wildcrawl.evidence.bundle.layout import COLLECTION
from wildcrawl.evidence.bundle.report_page import (
    ACTIONS,
    KINDS,
    REASONS,
    posted_of,
    report_page,
)
from wildcrawl.evidence.canonical import canonical
from wildcrawl.evidence.records import Exchange, Origin, read_records
from wildcrawl.items import Advertisement, Verdict
from wildcrawl.labels import VERDICTS
from wildcrawl.store import Store, open_store
from wildcrawl.store.corrections import Decision


@pytest.fixture
def store(sqlite_url: str) -> Store:
    return open_store(sqlite_url)


@pytest.fixture
def evidence(store: Store, tmp_path: Path) -> Evidence:
    return filled(store, tmp_path / "evidence")


def unpacked(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def report(path: Path) -> Selector:
    return Selector(unpacked(path)["report/index.html"].decode())


def test_it_has_what_the_format_demands(store: Store, evidence: Evidence, tmp_path: Path) -> None:
    bundle = written(store, evidence, ["101", "102"], tmp_path / "e.zip")
    files = unpacked(bundle.path)
    assert (bundle.pages, bundle.pictures, bundle.screenshots, bundle.missing) == (2, 4, 0, [])
    package = json.loads(files["datapackage.json"])
    assert package["wacz_version"] == "1.1.1"
    listed = {each["path"]: each for each in package["resources"]}
    others = {"datapackage.json", "datapackage-digest.json", "SHA256SUMS"}
    assert set(listed) == set(files) - others
    for name, each in listed.items():
        assert each["hash"] == f"sha256:{sha256(files[name]).hexdigest()}"
        assert each["bytes"] == len(files[name])
    digest = json.loads(files["datapackage-digest.json"])
    assert digest["hash"] == f"sha256:{sha256(files['datapackage.json']).hexdigest()}"
    with ZipFile(bundle.path) as file:
        assert file.getinfo("archive/data.warc.gz").compress_type == ZIP_STORED
    head, *pages = map(json.loads, files["pages/pages.jsonl"].decode().splitlines())
    assert head["format"] == "json-pages-1.0"
    assert [page["url"] for page in pages] == [
        "http://mall.example/item-101.html",
        "http://mall.example/item-102.html",
    ]


def test_readers_that_trust_the_directory_find_each_file(
    store: Store, evidence: Evidence, tmp_path: Path
) -> None:
    """ReplayWeb.page looks into an entry's own header only if the directory has an extra field."""
    path = written(store, evidence, ["101"], tmp_path / "e.zip").path
    data = path.read_bytes()
    with ZipFile(path) as file:
        for info in file.infolist():
            name, extra = unpack_from("<HH", data, info.header_offset + 26)
            assert name == len(info.filename.encode())
            assert extra == 0 or info.extra, info.filename
            assert unpack_from("<HHBL", info.extra) == (0x5455, 5, 1, int(MADE.timestamp()))


def test_each_line_of_the_index_leads_to_its_record(
    store: Store, evidence: Evidence, tmp_path: Path
) -> None:
    files = unpacked(written(store, evidence, ["101", "103"], tmp_path / "e.zip").path)
    lines = files["indexes/index.cdx"].decode().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 6
    for line in lines:
        fields = json.loads(line.split(" ", 2)[2])
        start = int(fields["offset"])
        data = files["archive/data.warc.gz"][start : start + int(fields["length"])]
        (record,) = read_records(data)
        assert (record.url, record.digest) == (fields["url"], fields["digest"])


def test_sha256sum_checks_its_manifest(store: Store, evidence: Evidence, tmp_path: Path) -> None:
    bundle = written(store, evidence, ["101"], tmp_path / "e.zip")
    files = unpacked(bundle.path)
    assert sha256(files["SHA256SUMS"]).hexdigest() == bundle.manifest
    assert sha256(bundle.path.read_bytes()).hexdigest() == bundle.sha256
    listed = [line[66:] for line in files["SHA256SUMS"].decode().splitlines()]
    assert set(listed) == set(files) - {"SHA256SUMS"}
    program = shutil.which("sha256sum")
    if program is None:
        pytest.skip("no sha256sum here")
    folder = tmp_path / "unpacked"
    with ZipFile(bundle.path) as file:
        file.extractall(folder)
    command = [program, "-c", "SHA256SUMS"]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert said.stdout.count(": OK") == len(listed)


def test_pictures_are_files_with_the_bytes_that_were_captured(
    store: Store, evidence: Evidence, tmp_path: Path
) -> None:
    files = unpacked(written(store, evidence, ["102"], tmp_path / "e.zip").path)
    pictures = {name: data for name, data in files.items() if name.startswith("pictures/")}
    assert pictures == {
        "pictures/001-mall-102-1.jpg": jpeg(41),
        "pictures/001-mall-102-2.jpg": jpeg(42),
    }


def test_the_same_input_gives_the_same_bytes(
    store: Store, evidence: Evidence, tmp_path: Path
) -> None:
    given = collection(store, evidence, ["101", "102"])
    one = written(store, evidence, ["101", "102"], tmp_path / "one.zip")
    bound = Bound(list(evidence.custody.links()))
    other = write_bundle(given, evidence.objects, tmp_path / "other.zip", lambda *_: bound)
    assert one.path.read_bytes() == other.path.read_bytes()
    assert one.sha256 == other.sha256


def test_names_are_valid_on_windows_and_unique(store: Store, tmp_path: Path) -> None:
    ids = ["a/b:c*?", "A/B:C*?", "con", "象牙", "x" * 200, "..\\.."]
    filled(store, tmp_path / "evidence", [advertisement(ad_id) for ad_id in ids])
    evidence = open_evidence(store, tmp_path / "evidence")
    files = unpacked(written(store, evidence, ids, tmp_path / "e.zip").path)
    assert sum(name.startswith("pictures/") for name in files) == 12
    assert len({name.lower() for name in files}) == len(files)
    for name in files:
        assert re.fullmatch(r"[A-Za-z0-9._/-]+", name)
        assert ".." not in name
        assert len(name) < 100
        assert not any(part.endswith((".", "-")) for part in name.split("/"))


def test_a_picture_of_another_advertisement_is_in_it_with_its_record(
    store: Store, tmp_path: Path
) -> None:
    evidence = open_evidence(store, tmp_path / "evidence")
    first, second = advertisement("1"), advertisement("2")
    store.record([first, second], "run1")
    photo = jpeg(90)
    capture(evidence, first, [Photo("http://img.example/a.jpg", photo)])
    capture(evidence, second, [Photo("http://img.example/b.jpg", photo)])
    bundle = written(store, evidence, ["2"], tmp_path / "e.zip")
    files = unpacked(bundle.path)
    assert bundle.missing == []
    assert files["pictures/001-mall-2-1.jpg"] == photo
    kinds = {record.kind for record in read_records(files["archive/data.warc.gz"])}
    assert {"response", "revisit"} <= kinds


def test_what_was_not_captured_is_counted_with_its_reason(store: Store, tmp_path: Path) -> None:
    evidence = open_evidence(store, tmp_path / "evidence")
    ad, without = advertisement("1"), advertisement("2")
    store.record([ad, without], "run1")
    capture(evidence, ad, [Photo("http://img.example/x.svg", skipped="an SVG is not fetched")])
    bundle = written(store, evidence, ["1", "2"], tmp_path / "e.zip")
    page = report(bundle.path)
    assert bundle.pictures == 0
    numbers = ["".join(each.css("strong::text").getall()) for each in page.css(".numbers li")]
    assert numbers == ["2", "1", "0", "0", "1", "1"]
    assert "an SVG is not fetched" in page.css(".skipped").xpath("string()").get("")
    assert "Nothing of this advertisement was captured" in page.css("#ad-2").get("")


def test_a_missing_and_a_damaged_record_are_named_and_left_out(
    store: Store, evidence: Evidence, tmp_path: Path
) -> None:
    page, first, _ = evidence.captures.of("mall", "101")
    evidence.objects.delete(page.record)
    (path,) = (tmp_path / "evidence").rglob(first.record)
    data = path.read_bytes()
    path.write_bytes(data[:40] + bytes([data[40] ^ 1]) + data[41:])
    bundle = written(store, evidence, ["101"], tmp_path / "e.zip")
    assert (bundle.pages, bundle.pictures) == (0, 1)
    (missing,) = [line for line in bundle.missing if "is missing" in line]
    (damaged,) = [line for line in bundle.missing if "is damaged" in line]
    assert missing.startswith("the page of http://mall.example/item-101.html, 2016-12-03")
    assert damaged.startswith("the picture of http://img.example/101/1.jpg, 2016-12-03")
    alert = report(bundle.path).css(".alert").xpath("string()").get("")
    assert "2 records are missing, damaged, or not as" in alert
    assert page.record in alert
    about = json.loads(unpacked(bundle.path)["report/collection.json"])
    assert about["missing"] == bundle.missing


def test_a_capture_that_the_log_does_not_have_is_named(
    store: Store, evidence: Evidence, tmp_path: Path
) -> None:
    page, *_ = evidence.captures.of("mall", "101")
    evidence.captures.remove([page])
    evidence.captures.add([replace(page, url="http://mall.example/another.html")])
    bundle = written(store, evidence, ["101"], tmp_path / "e.zip")
    (line,) = bundle.missing
    assert line.startswith("the page of http://mall.example/another.html, 2016-12-03 06:20:00")
    assert "the custody log does not have it as it is stored" in line
    assert len(verify_bundle(bundle.path).faults) == 1


def test_it_names_the_computers_that_captured_and_the_one_that_exported(
    store: Store, evidence: Evidence, tmp_path: Path
) -> None:
    ad = advertisement("earlier")
    store.record([ad], "run1")
    body = b"<html>another page</html>"
    seen = Exchange(ad.url, AT, 200, [("Content-Type", "text/html")], body)
    kept = evidence.keep(seen, body, Origin("run1", "mall", software="wildcrawl/0", host=""))
    page = Capture("mall", ad.ad_id, AT, "run1", CaptureKind.PAGE, ad.url, 200, "text/html", *kept)
    evidence.add([page], "anna")
    path = written(store, evidence, ["101", "earlier"], tmp_path / "e.zip").path
    said = json.loads(unpacked(path)[COLLECTION])
    assert said["captured_by"] == [
        {"host": "", "software": "wildcrawl/0", "settings": {}, "records": 1},
        {"host": "crawler-2", "software": "wildcrawl/0", "settings": {}, "records": 3},
    ]
    method = " ".join(report(path).css("#method dl").xpath("string()").get("").split())
    assert "with未记录 not noted · wildcrawl/0 · 1 份记录 records" in method
    assert "withcrawler-2 · wildcrawl/0 · 3 份记录 records" in method
    assert "exported ondesk-3" in method


def test_it_states_the_settings_and_the_declaration_of_the_capture(
    store: Store, evidence: Evidence, tmp_path: Path
) -> None:
    def captured(ad_id: str, agent: str, declaration: str) -> None:
        ad = advertisement(ad_id)
        store.record([ad], "run2")
        body = f"<html>{ad_id}</html>".encode()
        more = {"settings": canonical({"USER_AGENT": agent, "X": ""}), "declaration": declaration}
        origin = Origin("run2", "mall", [ad_id], "wildcrawl/1", "crawler-3", more)
        kept = evidence.keep(Exchange(ad.url, AT, 200, [], body), body, origin)
        about = "mall", ad_id, AT, "run2", CaptureKind.PAGE, ad.url, 200, "text/html"
        evidence.add([Capture(*about, *kept)], "anna")

    captured("200", "agent one", canonical({"fields": {"title": ["h3", "<b>"]}}))
    captured("201", "agent two", "no JSON")
    path = written(store, evidence, ["101", "200", "201"], tmp_path / "e.zip").path
    said = json.loads(unpacked(path)[COLLECTION])
    assert [each["settings"] for each in said["captured_by"]] == [
        {},
        {"USER_AGENT": "agent one", "X": ""},
        {"USER_AGENT": "agent two", "X": ""},
    ]
    declared = {"fields": {"title": ["h3", "<b>"]}}
    assert [each["declaration"] for each in said["declarations"]] == [{}, declared]
    stated = report(path).css("#method .stated")
    assert [" ".join(" ".join(each.xpath(".//text()").getall()).split()) for each in stated] == [
        "未记录 not noted",
        "USER_AGENT agent one X —",
        "USER_AGENT agent two X —",
        "未记录 not noted",
        "fields title: h3 | <b>",
        "WILDCRAWL_EVIDENCE pictures",
    ]
    assert not verify_bundle(path).faults


def test_what_sellers_wrote_is_escaped_and_no_address_is_a_link(
    store: Store, tmp_path: Path
) -> None:
    hostile = "</title><script>alert(1)</script><img src=x onerror=alert(2)>\" onload='x' {{7*7}}"
    ad = advertisement(
        "1", title=hostile, description=hostile, seller=hostile, url="javascript:alert(3)"
    )
    evidence = open_evidence(store, tmp_path / "evidence")
    store.record([ad], "run1")
    capture(evidence, advertisement("1"), [Photo(f"http://img.example/{hostile}", skipped=hostile)])
    bundle = written(store, evidence, ["1"], tmp_path / "e.zip")
    page = report(bundle.path)
    assert page.css("script") == []
    assert page.css("img") == []
    names = [name for node in page.xpath("//*") for name in node.root.attrib]
    assert "class" in names
    assert not any(name.startswith("on") for name in names)
    assert hostile in page.css("h2").xpath("string()").get("")
    targets = page.xpath("//@href | //@src").getall()
    assert all(target.startswith("../pictures/") for target in targets)
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content").get("")
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_it_shows_what_the_seller_wrote_and_the_words_of_the_desk(
    store: Store, evidence: Evidence, tmp_path: Path
) -> None:
    ad = advertisement("101", title="象牙 vx:abc", description="虎骨 ¥300")
    ad.original_title, ad.original_description = "象牙 vx：abc", "虎骨 ￥300"
    ad.verdict = "valid"
    given = replace(collection(store, evidence, ["101"]), subjects=[Subject(ad, [])])
    shown = report_page(given, [], [PageWords()], Bundle("id", tmp_path))
    for words in ("象牙 vx：abc", "虎骨 ￥300", "有效 <span"):
        assert words in shown
    assert "vx:abc" not in shown


def test_it_says_how_it_was_collected(store: Store, evidence: Evidence, tmp_path: Path) -> None:
    bundle = written(store, evidence, ["101"], tmp_path / "e.zip")
    about = json.loads(unpacked(bundle.path)["report/collection.json"])
    assert about["operator"] == "anna"
    assert about["host"] == "desk-3"
    assert about["software"] == "wildcrawl/0"
    assert about["settings"] == {"WILDCRAWL_EVIDENCE": "pictures"}
    assert about["selection"] == "mall:101"
    assert about["custody_links"] == 3
    *_, named, packed = evidence.custody.links()
    assert about["custody_head"] == named.hash == packed.previous
    text = report(bundle.path).css("#method").xpath("string()").get("")
    for words in ("desk-3", "wildcrawl/0", "Cookies and authorisation were left out", "SHA256SUMS"):
        assert words in text
    assert about["custody_head"] in text


def test_each_action_kind_and_reason_has_a_name_in_both_languages() -> None:
    assert set(ACTIONS) == {*Action}
    assert set(KINDS) == {*CaptureKind, *View} - {""}
    assert set(REASONS) == {*CaptureReason}


def test_reasons_are_in_both_languages(store: Store, tmp_path: Path) -> None:
    evidence = open_evidence(store, tmp_path / "evidence")
    skips = {"1.svg": "SVG, which is not read", "2": "a riddle"}
    photos = [Photo(f"http://img.example/{name}", skipped=why) for name, why in skips.items()]
    ad = advertisement("1")
    store.record([ad], "run1")
    evidence.objects.delete(capture(evidence, ad, photos)[0].record)
    given = replace(collection(store, evidence, ["1"]), in_chinese=in_chinese)
    bundle = write_bundle(given, evidence.objects, tmp_path / "e.zip", binder(evidence, "anna"))
    shown = report(bundle.path)
    skipped = [" ".join(each.xpath(".//text()").getall()) for each in shown.css(".skipped")]
    assert [" ".join(each.split()) for each in skipped] == [
        "记录缺失 record missing",
        "未保存 not captured : SVG 格式，不能读取 SVG, which is not read",
        "未保存 not captured : a riddle",
    ]
    (line,) = shown.css(".alert li").xpath("string()").getall()
    assert line.startswith("http://mall.example/item-1.html 的网页（2016-12-03 06:20:00 UTC）：")
    assert "中没有对象" in line
    assert "is missing in" in line


def test_it_says_who_did_what_with_its_captures(
    store: Store, evidence: Evidence, tmp_path: Path
) -> None:
    own, other = evidence.captures.of("mall", "101"), evidence.captures.of("mall", "102")
    for _ in range(2):
        evidence.note(Action.LOOKED, "li", own[:1])
    evidence.note(Action.JUDGED, "li", own)
    evidence.note(Action.LOOKED, "wang", other)
    evidence.custody.append(Action.LOOKED, "chen", ["no JSON", "[1]", "{}"])
    page = report(written(store, evidence, ["101"], tmp_path / "e.zip").path)
    rows = page.css("#method tbody tr")
    said = [[cell.xpath("string()").get("").split() for cell in row.css("td")] for row in rows]
    by = [(cells[0][0], " ".join(cells[1]), *cells[2]) for cells in said]
    assert ("查看", "li", "2") in by
    assert ("判定", "li", "1") in by
    assert by[0][0] == "保存"
    assert not {"wang", "chen"} & {who for _, who, _ in by}


def test_the_page_shows_what_the_seller_wrote_in_the_words_of_the_desk(
    store: Store, tmp_path: Path
) -> None:
    ad = advertisement(
        "1",
        title="象牙 vx:a",
        description="vx:a",
        original_title="象牙 vx：a",
        original_description="ｖx：a\n ￥9",
    )
    evidence = filled(store, tmp_path / "evidence", [ad])
    store.judge("mall", "1", Decision(Verdict.VALID, "anna", "", AT))
    path = written(store, evidence, ["1"], tmp_path / "e.zip").path
    page = report(path)
    assert page.css("#ad-1 h2::text").getall()[-1].strip() == "象牙 vx：a"
    assert page.css("dd.text::text").get() == "ｖx：a\n ￥9"
    assert "象牙 vx：a" in unpacked(path)["pages/pages.jsonl"].decode()
    shown = page.xpath("string(//dt[contains(., '人工判定')]/following-sibling::dd)").get("")
    assert VERDICTS[Verdict.VALID].chinese in shown


def test_price_and_seller_are_shown_as_the_page_has_them_too(store: Store, tmp_path: Path) -> None:
    ad = advertisement("1", description="<b>卖家：藏友A１７</b><i>￥４,９００</i>", price="¥4,900")
    other = advertisement("2", description="<i>4900元</i>", price="¥4,900", seller="")
    evidence = filled(store, tmp_path / "evidence", [ad, other])
    path = written(store, evidence, ["1", "2"], tmp_path / "e.zip").path
    page = report(path)

    def shown(number: int, words: str) -> str:
        place = f"//article[@id='ad-{number}']//dt[span='{words}']"
        return page.xpath(f"{place}/following-sibling::dd[1]").xpath("normalize-space()").get("")

    assert shown(1, "price") == "¥4,900网页原文 on the page: ￥４,９００"
    assert shown(1, "seller") == "藏友A17 (3017)网页原文 on the page: 卖家：藏友A１７"
    assert shown(2, "price").endswith("the captured page does not have it in these words")
    about = json.loads(unpacked(path)["report/collection.json"])
    found = [(each["price_on_page"], each["seller_on_page"]) for each in about["advertisements"]]
    assert found == [("￥４,９００", "卖家：藏友A１７"), ("", "")]


@pytest.mark.parametrize(
    ("posted_at", "shown"),
    [
        ("2016-10-01T07:04:00+08:00", "2016-10-01 07:04"),
        ("2016-10-01T16:30:00+00:00", "2016-10-02 00:30"),
        ("2016-10-01", "2016-10-01"),
        ("", ""),
    ],
)
def test_the_time_of_posting_reads_like_the_other_moments(posted_at: str, shown: str) -> None:
    assert posted_of(Advertisement("mall", "1", posted_at=posted_at)) == shown


def test_moments_are_shown_in_china(store: Store, evidence: Evidence, tmp_path: Path) -> None:
    page = report(written(store, evidence, ["101"], tmp_path / "e.zip").path)
    assert page.css("td.when::text").get() == "2016-12-03 14:20:00"


def test_an_earlier_file_survives_a_failure(
    store: Store, evidence: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "e.zip"
    path.write_bytes(b"earlier")

    def broken(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("wildcrawl.evidence.bundle.archive_file.Entry.write", broken)
    with pytest.raises(OSError, match=r"e.zip cannot be written: No space left"):
        written(store, evidence, ["101"], path)
    assert path.read_bytes() == b"earlier"
    assert [each.name for each in tmp_path.iterdir() if "e.zip" in each.name] == ["e.zip"]


def test_it_is_readable_by_its_owner_only(store: Store, evidence: Evidence, tmp_path: Path) -> None:
    path = written(store, evidence, ["101"], tmp_path / "e.zip").path
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_id_names_the_moment(store: Store, evidence: Evidence) -> None:
    assert re.fullmatch(r"20161220T010203Z-[0-9a-f]{12}", collection(store, evidence, ["101"]).id)
    assert collection(store, evidence, ["101"]).id != collection(store, evidence, ["102"]).id
    assert AT.tzinfo is not None
