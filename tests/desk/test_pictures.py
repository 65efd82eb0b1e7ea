"""Pictures of cards: galleries, views, downloads, captured pages, the custody log."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image

from tests.helpers.desk_cards import HOSTILE, ad, judge, keep, kept
from tests.helpers.desk_data import desk_in, let_in
from tests.helpers.evidence_data import keep_capture, photograph
from tests.helpers.page_words import words_of
from wildcrawl.desk import close_app, create_app
from wildcrawl.desk.card_evidence import CardEvidence
from wildcrawl.evidence import CaptureReason, Captures, Custody, LogEntry, open_evidence, sha256
from wildcrawl.items import Verdict
from wildcrawl.pictures.decode import Limits
from wildcrawl.review.looking.links import REPOST, SAME_PICTURE, Link, save_links
from wildcrawl.review.looking.seen import Seen, save
from wildcrawl.review.queue import read_queue
from wildcrawl.store import Store, open_store
from wildcrawl.store.corrections import Decision

PAGE = "<title>老象牙手镯</title><script>alert(1)</script><p>祖上传下来的".encode()


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    app = create_app(desk_in(tmp_path))
    yield let_in(app)
    close_app(app)


def custody(folder: Path) -> list[LogEntry]:
    with closing(open_store(f"sqlite:///{folder / 'store.db'}")) as store:
        assert Custody(store).check() == []
        return list(Custody(store).links())


def test_a_card_shows_the_first_picture_large_and_all_as_thumbnails(
    client: FlaskClient, tmp_path: Path
) -> None:
    keep(tmp_path, ad("1"))
    keep_capture(tmp_path, "page", PAGE)
    first, second = (keep_capture(tmp_path, "picture", photograph(n), minutes=n) for n in (1, 2))
    page = client.get("/screen/").text
    assert page.count("<figure>") == 1
    assert page.count("<figure hidden>") == 1
    assert page.index(f'src="/screen/evidence/{first.payload}/card" alt="Picture 1 of 2"') > 0
    for capture in (first, second):
        assert f'src="/screen/evidence/{capture.payload}/thumbnail"' in page
        assert f"<code>{capture.payload}</code>" in page
    assert "2026-11-03T12:01" in page
    assert 'src="http' not in page
    leafed = client.get("/screen/ad?site=fair&ad_id=1&picture=2").text
    shown = leafed.partition("<figure>")[2]
    assert shown.index(second.payload) < shown.index("</figure>")


def test_cards_and_the_custody_log_are_the_same_on_both_stores(
    store_url: str, tmp_path: Path
) -> None:
    with closing(open_store(store_url)) as store:
        store.record([ad("1")], "run")
    capture = keep_capture(tmp_path, "picture", photograph(1), store_url=store_url)
    app = create_app(replace(desk_in(tmp_path), store=lambda: closing(open_store(store_url))))
    client = let_in(app)
    assert f"/screen/evidence/{capture.payload}/card" in client.get("/screen/").text
    assert client.get(f"/screen/evidence/{capture.payload}/card").mimetype == "image/jpeg"
    assert judge(client, "1", "valid")[0] == 200
    close_app(app)
    with closing(open_store(store_url)) as store:
        assert Custody(store).check() == []
        assert [link.action for link in Custody(store).links()] == ["looked", "judged"]


def test_views_are_small_and_without_metadata_and_an_original_is_only_a_download(
    client: FlaskClient, tmp_path: Path
) -> None:
    keep(tmp_path, ad("1"))
    written = BytesIO()
    image = Image.open(BytesIO(photograph(1, (2400, 1800))))
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    image.save(written, "JPEG", exif=exif)
    original = written.getvalue()
    assert b"secret place" in original
    capture = keep_capture(tmp_path, "picture", original)
    for name, size in (("view", (1600, 1200)), ("card", (1000, 750)), ("thumbnail", (240, 180))):
        answer = client.get(f"/screen/evidence/{capture.payload}/{name}")
        assert answer.mimetype == "image/jpeg"
        assert Image.open(BytesIO(answer.data)).size == size
        assert b"secret place" not in answer.data
    answer = client.get(f"/screen/evidence/{capture.payload}/original")
    assert answer.data == original
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="{capture.payload}.jpg"'
    )
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "img-src 'self'" in answer.headers["Content-Security-Policy"]


def test_pages_are_shown_as_text_and_their_records_are_downloads(
    client: FlaskClient, tmp_path: Path
) -> None:
    keep(tmp_path, ad("1"))
    capture = keep_capture(tmp_path, "page", PAGE)
    page = client.get("/screen/").text
    assert f"/screen/evidence/{capture.record}/text" in page
    text = client.get(f"/screen/evidence/{capture.record}/text")
    assert "祖上传下来的" in text.text
    assert "alert(1)" not in text.text
    answer = client.get(f"/screen/evidence/{capture.record}/record.warc.gz")
    assert answer.data.startswith(b"\x1f\x8b")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert client.get(f"/screen/evidence/{capture.payload}/view").status_code == 404, "no picture"


def test_skipped_pictures_are_listed_with_the_reason(client: FlaskClient, tmp_path: Path) -> None:
    keep(tmp_path, ad("1"))
    keep_capture(tmp_path, "picture", b"", skipped="file of 12,000,000 bytes", url=HOSTILE)
    page = client.get("/screen/").text
    assert "No picture is kept" in page
    assert "1 picture could not be kept" in page
    assert "file of 12,000,000 bytes" in page
    assert "<script>alert" not in page


def test_a_removed_advertisement_shows_its_last_captured_pictures(
    client: FlaskClient, tmp_path: Path
) -> None:
    keep(tmp_path, ad("1"))
    keep_capture(tmp_path, "page", PAGE)
    capture = keep_capture(tmp_path, "picture", photograph(1), minutes=1)
    keep_capture(
        tmp_path, "page", b"<p>gone", minutes=90, run="recheck", reason="removed", status=404
    )
    page = client.get("/screen/").text
    moment = '<time datetime="2026-11-03T13:30:00+08:00">2026-11-03 13:30</time>'
    assert f"gone from the site on {moment}; the last" in page
    assert page.count("All times are in China (UTC+8).") == 1
    assert f"/screen/evidence/{capture.payload}/card" in page


def test_what_was_read_in_a_picture_is_on_the_card_as_text(
    client: FlaskClient, tmp_path: Path
) -> None:
    keep(tmp_path, ad("1"))
    first, second = (keep_capture(tmp_path, "picture", photograph(n), minutes=n) for n in (1, 2))
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        save(
            store, Seen(first.payload, text=f"老象牙 {HOSTILE}", codes=1, contacts=["a", "b"]), None
        )
        save(store, Seen(second.payload, unread="truncated JPEG"), None)
    page = client.get("/screen/").text
    assert "老象牙 &#34;&gt;&lt;script&gt;" in page
    assert "<script>alert" not in page
    words = words_of(page)
    assert "1 code, 2 contacts in it" in words
    assert "Its text was not read: truncated JPEG" in words


def test_the_same_photograph_and_text_elsewhere_are_listed_with_their_verdicts(
    client: FlaskClient, tmp_path: Path
) -> None:
    keep(tmp_path, ad("1"), ad("22", "清代象牙手镯"), ad("333", "犀角杯"))
    capture = keep_capture(tmp_path, "picture", photograph(1))
    judge(client, "22", "valid", by="Wang")
    key = ("fair", "1")
    how = "mirrored picture, 2 of 64 bits"
    links = [
        Link(SAME_PICTURE, key, ("fair", "22"), how, capture.payload, "f" * 64),
        Link(SAME_PICTURE, key, ("fair", "gone"), "whole picture", capture.payload, "f" * 64),
        Link(
            SAME_PICTURE, key, ("fair", "333"), "part of it", capture.payload, "e" * 64, sure=False
        ),
        Link(REPOST, key, ("fair", "333"), "title", removed="2026-11-01T04:00:00+00:00"),
    ]
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        save_links(store, links)
    page = client.get("/screen/ad?site=fair&ad_id=1").text
    assert 'href="/screen/ad?site=fair&amp;ad_id=22">清代象牙手镯</a>' in page
    assert 'href="/screen/ad?site=fair&amp;ad_id=333">犀角杯</a>' in page
    words = words_of(page)
    assert (
        "Same photograph valid (Wang) 清代象牙手镯 Antiques fair; mirrored picture, nearly "
        "unchanged" in words
    )
    assert "Pictures alike, to compare pending 犀角杯 Antiques fair; part of it" in words
    assert "Nearly the same text pending 犀角杯 Antiques fair; title; removed 2026-11-01" in words


def test_damaged_and_erased_pictures_are_reported_and_the_card_remains(
    client: FlaskClient, tmp_path: Path
) -> None:
    keep(tmp_path, ad("1"))
    broken = keep_capture(tmp_path, "picture", b"\xff\xd8\xff not a picture")
    lost = keep_capture(tmp_path, "picture", photograph(2), minutes=1)
    (object_of_lost,) = (tmp_path / "evidence").rglob(lost.record)
    object_of_lost.unlink()
    assert client.get("/screen/").status_code == 200
    for capture in (broken, lost):
        answer = client.get(f"/screen/evidence/{capture.payload}/view")
        assert answer.status_code == 404
        assert answer.mimetype == "text/html"
        assert "This evidence cannot be shown" in answer.text
    for address in ("0" * 64 + "/view", "0" * 64 + "/original", "../x/view", "0" * 64 + "/other"):
        assert client.get(f"/screen/evidence/{address}").status_code == 404


def test_a_picture_beyond_the_limits_is_not_decoded(tmp_path: Path) -> None:
    keep(tmp_path, ad("1"))
    capture = keep_capture(tmp_path, "picture", photograph(1))
    client = let_in(create_app(replace(desk_in(tmp_path), limits=Limits(pixels=1000))))
    answer = client.get(f"/screen/evidence/{capture.payload}/view")
    assert answer.status_code == 404
    assert "640 x 480 pixels, more than 1,000" in answer.text


def test_an_erased_picture_is_not_shown_from_memory(client: FlaskClient, tmp_path: Path) -> None:
    keep(tmp_path, ad("1"))
    capture = keep_capture(tmp_path, "picture", photograph(1))
    assert f"{capture.payload}/card" in client.get("/screen/").text
    assert client.get(f"/screen/evidence/{capture.payload}/view").status_code == 200
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection, connection:
        connection.execute("DELETE FROM kept")
    assert client.get(f"/screen/evidence/{capture.payload}/view").status_code == 404


def test_a_card_read_ahead_asks_for_no_captures_and_has_the_verdicts_given_meanwhile(
    tmp_path: Path, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_store(store_url)) as store:
        store.record([ad("1"), ad("22")], "run")
        there, here = ("fair", "1"), ("fair", "22")
        for _, ad_id in (there, here):
            shown = photograph(1)
            sha = keep_capture(tmp_path, "picture", shown, ad_id=ad_id, store_url=store_url).payload
        save_links(store, [Link(SAME_PICTURE, here, there, "whole", sha, sha)])
    desk = replace(desk_in(tmp_path), store=lambda: closing(open_store(store_url)))
    app = create_app(replace(desk, queue=read_queue))
    ahead: CardEvidence = app.extensions["wildcrawl evidence"]
    ahead._prepare([here, there])
    client = let_in(app)
    assert client.get("/screen/ad?site=fair&ad_id=1").status_code == 200

    def never(*_: object) -> None:
        raise AssertionError("the captures were read again")

    monkeypatch.setattr(Captures, "of_all", never)
    monkeypatch.setattr(Captures, "by_payload", never)
    _, page = judge(client, "1", "valid")
    words = words_of(page)
    assert "Same photograph valid (Li)" in words
    assert client.get(f"/screen/evidence/{sha}/thumbnail").status_code == 200
    monkeypatch.undo()
    with closing(open_store(store_url)) as store:
        evidence = open_evidence(store, tmp_path / "evidence")
        evidence.forget([there, here], "test")
    assert client.get(f"/screen/evidence/{sha}/thumbnail").status_code == 404
    close_app(app)


def test_a_card_read_ahead_shows_what_was_kept_read_removed_and_judged_meanwhile(
    tmp_path: Path, store_url: str
) -> None:
    with closing(open_store(store_url)) as store:
        store.record([ad("1"), ad("22")], "run")
    first = keep_capture(tmp_path, "picture", photograph(1), store_url=store_url)
    app = create_app(replace(desk_in(tmp_path), store=lambda: closing(open_store(store_url))))
    ahead: CardEvidence = app.extensions["wildcrawl evidence"]
    client = let_in(app)

    def opened(change: Callable[[Store], object]) -> str:
        """The card, after a change since it was read ahead."""
        ahead._prepare([("fair", "1")])
        with closing(open_store(store_url)) as store:
            change(store)
        return client.get("/screen/ad?site=fair&ad_id=1").text

    assert "老料牌子" not in opened(lambda _: None)
    read = Seen(first.payload, "JPEG", 640, 480, text="老料牌子", seen_by="x")
    assert "老料牌子" in opened(lambda store: save(store, read, None))
    second = photograph(2)

    def keep_second(_: object) -> None:
        keep_capture(tmp_path, "picture", second, minutes=1, store_url=store_url)

    assert f"{sha256(second)}/card" in opened(keep_second)
    link = Link(SAME_PICTURE, ("fair", "1"), ("fair", "22"), "whole", first.payload, "b")
    assert "ad_id=22" in opened(lambda store: save_links(store, [link]))

    def remove(_: object) -> None:
        why = CaptureReason.REMOVED
        keep_capture(tmp_path, "page", PAGE, minutes=2, store_url=store_url, reason=why)

    assert "gone from the site" in opened(remove)
    at = datetime.now(UTC)
    shown = opened(lambda store: store.judge("fair", "1", Decision(Verdict.VALID, "Wang", "", at)))
    assert "valid (Wang)" in shown
    forgotten = opened(
        lambda store: open_evidence(store, tmp_path / "evidence").forget([("fair", "1")], "Li")
    )
    assert first.payload not in forgotten
    close_app(app)


def test_who_looked_and_judged_is_in_the_custody_log(tmp_path: Path) -> None:
    keep(tmp_path, ad("1"), ad("22"))
    captures = [
        keep_capture(tmp_path, "page", PAGE),
        keep_capture(tmp_path, "picture", photograph(1), minutes=1),
    ]
    app = create_app(desk_in(tmp_path))
    client = let_in(app)
    client.set_cookie("by", "Li", path="/screen")
    for _ in range(3):
        client.get("/screen/ad?site=fair&ad_id=1")
    client.get("/screen/ad?site=fair&ad_id=22")
    assert custody(tmp_path) == [], "written in batches"
    judge(client, "1", "valid")
    close_app(app)
    looked, judged = custody(tmp_path)
    assert (looked.action, looked.who) == ("looked", "Li")
    (opened,) = map(json.loads, looked.entries)
    assert opened["captures"] == [captures[1].digest, captures[0].digest]
    assert opened["opened"].endswith("+00:00")
    assert (judged.action, judged.who) == ("judged", "Li")
    (verdict,) = map(json.loads, judged.entries)
    assert verdict.pop("judged").endswith("+00:00")
    assert verdict == {"captures": opened["captures"], "site": "fair", "verdict": "valid"}
    client.post("/screen/undo", data={"site": "fair", "ad_id": "1"}, follow_redirects=True)
    close_app(app)
    assert [link.action for link in custody(tmp_path)][2:] == ["judged", "looked"]
    assert '"verdict":"pending"' in custody(tmp_path)[2].entries[0]
    assert "fair\n1" not in str(custody(tmp_path)), "nothing names a seller or an advertisement"


@pytest.mark.parametrize("by_group", [False, True])
def test_a_verdict_names_what_its_own_person_was_shown(tmp_path: Path, *, by_group: bool) -> None:
    keep(tmp_path, ad("1"))
    first = keep_capture(tmp_path, "picture", photograph(1))
    app = create_app(desk_in(tmp_path))
    client = let_in(app)

    def open_as(name: str) -> None:
        client.set_cookie("by", name, path="/screen")
        client.get("/screen/ad?site=fair&ad_id=1")

    open_as("Li")
    later = keep_capture(tmp_path, "picture", photograph(2), minutes=1)
    open_as("Wang")
    client.set_cookie("by", "Li", path="/screen")
    if by_group:
        page = client.get("/screen/group?site=fair&ad_id=1").text
        chosen = [unescape(each) for each in re.findall(r'name="ad" value="([^"]*)"', page)]
        form = {"site": "fair", "ad_id": "1", "by": "Li", "verdict": "valid", "ad": chosen}
        assert client.post("/screen/group", data=form).status_code == 302
    else:
        judge(client, "1", "valid")
    close_app(app)
    verdict = json.loads(custody(tmp_path)[-1].entries[0])
    shown = [later, first] if by_group else [first]
    assert set(verdict["captures"]) == {each.digest for each in shown}


def test_advertisements_without_evidence_add_nothing_to_the_log(
    client: FlaskClient, tmp_path: Path
) -> None:
    keep(tmp_path, ad("1"))
    client.get("/screen/")
    judge(client, "1", "valid")
    assert custody(tmp_path) == []
    assert not (tmp_path / "evidence").exists()


def test_downloads_are_in_the_custody_log_and_other_websites_cannot_add_any(
    client: FlaskClient, tmp_path: Path
) -> None:
    keep(tmp_path, ad("1"))
    page = keep_capture(tmp_path, "page", PAGE)
    picture = keep_capture(tmp_path, "picture", photograph(1), minutes=1)
    addresses = (f"{picture.payload}/original", f"{page.record}/record.warc.gz")
    for address in addresses:
        answer = client.get(f"/screen/evidence/{address}", headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
    assert custody(tmp_path) == []
    for address in addresses:
        answer = client.get(
            f"/screen/evidence/{address}", headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert answer.status_code == 200
    assert [link.action for link in custody(tmp_path)] == ["exported", "exported"]
    assert picture.digest in custody(tmp_path)[0].entries[0]


def test_a_log_that_cannot_be_written_is_reported_and_verdicts_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, ad("1"), ad("22"))
    keep_capture(tmp_path, "picture", photograph(1))
    app = create_app(desk_in(tmp_path))
    client = let_in(app)
    client.get("/screen/ad?site=fair&ad_id=1")

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Custody, "append_each", full)
    assert judge(client, "1", "valid")[0] == 200
    close_app(app)
    assert "in the custody log yet: no space left on device" in client.get("/screen/").text
    assert kept(tmp_path, "1").verdict == "valid"
    monkeypatch.undo()
    close_app(app)
    assert [link.action for link in custody(tmp_path)] == ["looked", "judged"]
    assert "custody log yet" not in client.get("/screen/").text
