"""Captures by whole crawls: what is kept, what is skipped and why, what is left to the next run."""

from __future__ import annotations

import gzip
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image
from scrapy import Request
from scrapy.http import Response

from tests.helpers.crawling import Result, running, scrapy
from tests.helpers.crawls import CONTACT, last_run
from tests.helpers.odd_site import Answer, Asked, OddSite, odd_site
from tests.helpers.picture_files import (
    HEIC,
    HTML,
    SVG,
    animation,
    bomb,
    cut_short,
    deep,
    encoded,
    photograph,
)
from wildcrawl.base_spiders import ProfileBrowserSpider
from wildcrawl.crawl.received import SCREENSHOT
from wildcrawl.evidence import Capture, CaptureKind, CaptureReason, Evidence, View, open_evidence
from wildcrawl.evidence.records import read_records
from wildcrawl.items import Advertisement, Run
from wildcrawl.review.notices import Notified, notify
from wildcrawl.store import open_store

ROBOTS = Answer("User-agent: *\nDisallow: /forbidden/\n")
MODULE = "SPIDER_MODULES=tests.helpers.polite_spiders"
KEYWORD = "keywords=豹骨"
BYTES = 100_000
ENDLESS = 50_000_000
TIMEOUT = 2.0
AT = datetime.now(UTC) - timedelta(days=10)


def card(ad_id: str, *pictures: str, title: str = "老豹骨手镯", price: str = "100元") -> str:
    shown = "".join(f'<img src="{picture}">' for picture in pictures)
    text = f"{title} {ad_id}" if title else ""
    return (
        f'<li data-id="{ad_id}"><a href="/item/{ad_id}">{text}</a>'
        f'<b class="price">{price}</b>{shown}</li>'
    )


def picture(data: bytes, kind: str = "image/jpeg", **headers: str) -> Answer:
    return Answer(raw=data, headers={"Content-Type": kind, **headers})


def crawl(
    site: OddSite,
    folder: Path,
    *options: str,
    spider: str = "pictured_site",
    level: str = "pictures",
) -> tuple[Run, list[Advertisement], Result]:
    result = scrapy(
        *("crawl", spider, "-s", MODULE, "-a", KEYWORD, *options),
        folder=folder,
        WILDCRAWL_DEMO_URL=site.address,
        WILDCRAWL_CONTACT=CONTACT,
        WILDCRAWL_EVIDENCE=level,
    )
    assert "Traceback" not in result.err, result.err
    return *last_run(folder), result


@contextmanager
def kept(folder: Path) -> Iterator[Evidence]:
    store = open_store(f"sqlite:///{folder / 'wildcrawl.db'}")
    try:
        yield open_evidence(store, folder / "evidence")
    finally:
        store.close()


def captures(folder: Path, site: str = "pictured_site") -> dict[str, list[Capture]]:
    """The captures by advertisement, in order; those of pictures after that of the page."""
    found: dict[str, list[Capture]] = {}
    with kept(folder) as evidence:
        for capture in evidence.captures.all():
            if capture.site == site:
                found.setdefault(capture.ad_id, []).append(capture)
    return found


def skipped(found: list[Capture]) -> list[str]:
    return [each.skipped for each in found if each.skipped]


def pictures_kept(found: list[Capture]) -> list[Capture]:
    return [each for each in found if each.kind == CaptureKind.PICTURE and each.record]


GOOD = {
    "/p/1.jpg": picture(photograph(1)),
    "/p/2.jpg": picture(photograph(2)),
    "/p/anim.gif": picture(animation(), "image/gif"),
    "/p/cmyk.jpg": picture(photograph(3, "JPEG", "CMYK")),
    "/p/deep.png": picture(deep(), "image/png"),
    "/p/new.webp": picture(photograph(4, "WEBP"), "image/webp"),
    "/p/new.avif": picture(photograph(5, "AVIF"), "image/avif"),
}
BAD = {
    "/b/bomb.png": (picture(bomb(), "image/png"), "pixels"),
    "/b/long.jpg": (picture(photograph() + bytes(BYTES)), "too many bytes"),
    "/b/cut.jpg": (picture(cut_short()), "truncated JPEG"),
    "/b/page.jpg": (picture(HTML), "a page in place of a picture"),
    "/b/heic.jpg": (picture(HEIC), "HEIC, which is not read"),
    "/b/script.svg": (picture(SVG, "image/svg+xml"), "SVG, which is not read"),
    "/b/gone.jpg": (Answer(status=404), "answered with status 404"),
    "/b/empty.jpg": (picture(b""), "empty file"),
    "/forbidden/1.jpg": (picture(photograph()), "robots.txt forbids it"),
    "/b/closed.jpg": (Answer(status=0), "closed"),
    "/b/part.jpg": (Answer(status=206, raw=photograph()[:300]), "answered with status 206"),
    "/b/chain-0.jpg": (Answer(), "max redirections reached"),
    "/b/shorter.jpg": (Answer(raw=photograph(), length=5_000), "cut short"),
    "/b/longer.jpg": (Answer(raw=photograph(), length=300), "damaged from the start"),
    "/b/drip.jpg": (Answer(raw=photograph(), pause=0.1), "no answer in time"),
    "/b/declared.jpg": (Answer(raw=photograph(), length=200_000_000), "too many bytes"),
    "/b/endless.jpg": (Answer(raw=bytes(ENDLESS), length=-1), "too many bytes"),
}
LED_AWAY = {
    f"/a/{number}.jpg": Answer(status=302, headers={"Location": address})
    for number, address in enumerate(
        (
            *("javascript:alert(1)", "mailto:mall@mall.example", "ftp://127.0.0.1/1.jpg"),
            *("file:///etc/passwd", "data:image/png;base64,iVBORw0KGgo=", "http://[mall/1.jpg"),
        )
    )
}
"""Pictures that redirect to what is no address of a picture."""
PACKED = {
    "/g/named.jpg": picture(photograph(7), **{"Content-Encoding": "gzip"}),
    "/g/packed.jpg": picture(gzip.compress(photograph(8)), **{"Content-Encoding": "gzip"}),
}
ELSEWHERE = {
    "data": ("data:image/png;base64,iVBORw0KGgo=", "a data: address"),
    "script": ("javascript:alert(1)", "a javascript: address"),
    "file": ("file:///etc/passwd", "a file: address"),
    "ftp": ("ftp://127.0.0.1/1.jpg", "a ftp: address"),
    "mail": ("mailto:mall@mall.example", "a mailto: address"),
    "name": ("http://localhost:{port}/p/1.jpg", "not a public address"),
    "six": ("http://[::1]:{port}/p/1.jpg", "not a public address"),
    "mapped": ("http://[::ffff:127.0.0.1]:{port}/p/1.jpg", "not a public address"),
    "decimal": ("http://2130706433:{port}/p/1.jpg", "not a public address"),
    "hexadecimal": ("http://0x7f000001:{port}/p/1.jpg", "not a public address"),
    "short": ("http://127.1:{port}/p/1.jpg", "not a public address"),
    "user": ("http://mall@127.0.0.1:{port}/p/1.jpg", "ambiguous"),
}


def many_kinds(asked: Asked, port: int) -> Answer:
    """A site with advertisements whose pictures are of all kinds."""
    as_it_is = GOOD | PACKED | LED_AWAY
    if asked.path in as_it_is:
        return as_it_is[asked.path]
    if asked.path.startswith("/b/chain-"):
        number = int(asked.path.removeprefix("/b/chain-").removesuffix(".jpg"))
        if number < 20:
            return Answer(status=302, headers={"Location": f"/b/chain-{number + 1}.jpg"})
        return picture(photograph())
    if asked.path in BAD:
        return BAD[asked.path][0]
    if asked.path == "/b/away.jpg":
        return Answer(status=302, headers={"Location": f"http://localhost:{port}/p/1.jpg"})
    if asked.path == "/b/moved.jpg":
        return Answer(status=301, headers={"Location": "/p/1.jpg"})
    if asked.path == "/b/slow.jpg":
        time.sleep(TIMEOUT + 1)
        return picture(photograph())
    if asked.path.startswith("/n/"):
        return picture(photograph(6))
    cards = [
        card("good", *GOOD),
        card("same", "/p/1.jpg", "/p/2.jpg"),
        card("images", "/p/2.jpg", title=""),
        card("away", "/b/away.jpg", "/b/moved.jpg"),
        card("slow", "/b/slow.jpg"),
        card("led-away", *LED_AWAY),
        card("packed", *PACKED),
        card("many", *(f"/n/{number}.jpg" for number in range(300))),
        card("none"),
        card("decoy", "/d/1.jpg", title="牙刷"),
        card("raised", "/p/1.jpg", title="虎牙 一颗 大"),
        card("link").replace("<a ", '<a data-picture="http://198.51.100.7/1.jpg" '),
        *(card(f"bad-{number}", path) for number, path in enumerate(BAD)),
        *(card(name, url.format(port=port)) for name, (url, _) in ELSEWHERE.items()),
    ]
    return Answer("".join(cards))


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OddSite, Path, Run]]:
    """A crawl of the site with pictures of all kinds, by limits that keep it fast."""
    folder = tmp_path_factory.mktemp("captured")
    sites: list[OddSite] = []
    with odd_site(lambda asked: many_kinds(asked, sites[0].port), ROBOTS) as site:
        sites.append(site)
        options = [
            *("-s", f"WILDCRAWL_EVIDENCE_PICTURE_BYTES={BYTES}"),
            *("-s", "WILDCRAWL_EVIDENCE_PICTURES=7"),
            *("-s", f"DOWNLOAD_TIMEOUT={TIMEOUT}"),
            *("-s", "WILDCRAWL_SECOND_LOOK=5"),
        ]
        run, _, _ = crawl(site, folder, *options)
        yield site, folder, run


def test_a_capture_is_made_of_the_page_and_of_each_picture(
    crawled: tuple[OddSite, Path, Run],
) -> None:
    site, folder, run = crawled
    page, *pictures = captures(folder)["good"]
    assert (page.kind, page.status, page.media_type, page.run) == (
        *(CaptureKind.PAGE, 200, "text/html"),
        run.id,
    )
    assert page.reason == CaptureReason.FIRST_SIGHT
    assert {each.url: each.media_type for each in pictures} == {
        f"{site.address}{path}": answer.headers["Content-Type"] for path, answer in GOOD.items()
    }
    assert all(each.width and each.height and not each.skipped for each in pictures)
    with kept(folder) as evidence:
        for each in pictures:
            path = each.url.removeprefix(site.address)
            assert evidence.payload(each) == GOOD[path].raw
        assert "老豹骨手镯 good" in evidence.payload(page).decode()
        assert evidence.custody.check() == []


def test_the_page_of_what_the_second_reader_raises_is_captured_at_once(
    crawled: tuple[OddSite, Path, Run],
) -> None:
    _, folder, run = crawled
    (page,) = captures(folder)["raised"]
    assert (page.kind, page.run, page.reason) == (
        CaptureKind.PAGE,
        run.id,
        CaptureReason.FIRST_SIGHT,
    )
    with kept(folder) as evidence:
        assert "虎牙 一颗 大" in evidence.payload(page).decode()
        # Its picture is left to the next run.
        assert evidence.captures.last_state("pictured_site", "raised") is None


def test_an_image_only_post_is_captured_and_one_that_matched_nothing_is_not(
    crawled: tuple[OddSite, Path, Run],
) -> None:
    site, folder, _ = crawled
    found = captures(folder)
    assert {each.reason for each in found["images"]} == {CaptureReason.IMAGE_ONLY}
    assert "decoy" not in found
    assert site.paths("/d/") == []
    assert [each.kind for each in found["none"]] == [CaptureKind.PAGE]


def test_a_picture_that_was_fetched_before_costs_no_request(
    crawled: tuple[OddSite, Path, Run],
) -> None:
    site, folder, _ = crawled
    found = captures(folder)
    # One more for the redirect that leads to it.
    assert Counter(site.paths("/p/")) == dict.fromkeys(GOOD, 1) | {"/p/1.jpg": 2}
    records = {each.url: each.record for each in pictures_kept(found["good"])}
    for ad_id in ("same", "images"):
        assert all(each.record == records[each.url] for each in pictures_kept(found[ad_id]))


@pytest.mark.parametrize("number", range(len(BAD)))
def test_a_bad_picture_is_skipped_with_the_reason(
    crawled: tuple[OddSite, Path, Run], number: int
) -> None:
    _, folder, _ = crawled
    page, answer = captures(folder)[f"bad-{number}"]
    assert page.kind == CaptureKind.PAGE
    assert list(BAD.values())[number][1] in answer.skipped
    assert not answer.record


def test_no_more_of_a_picture_is_read_than_the_limits(crawled: tuple[OddSite, Path, Run]) -> None:
    site, _, run = crawled
    assert site.paths("/b/chain") == [f"/b/chain-{number}.jpg" for number in range(4)]
    # What sockets hold comes on top of what is read.
    assert site.sent["/b/endless.jpg"] < ENDLESS / 4
    assert site.sent["/b/drip.jpg"] < 100
    assert run.health == "ok"


def test_a_picture_is_kept_by_its_bytes_whatever_its_encoding_is_named(
    crawled: tuple[OddSite, Path, Run],
) -> None:
    _, folder, _ = crawled
    named, packed = pictures_kept(captures(folder)["packed"])
    with kept(folder) as evidence:
        assert evidence.payload(named) == photograph(7)
        assert evidence.payload(packed) == photograph(8)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_no_address_leads_into_the_own_network(
    crawled: tuple[OddSite, Path, Run], name: str
) -> None:
    site, folder, _ = crawled
    (reason,) = skipped(captures(folder)[name])
    assert ELSEWHERE[name][1] in reason
    assert {each.host for each in site.asked} == {"127.0.0.1"}


def test_a_redirect_is_followed_to_public_addresses_only(
    crawled: tuple[OddSite, Path, Run],
) -> None:
    site, folder, _ = crawled
    found = {each.url.rpartition("/")[2]: each for each in captures(folder)["away"]}
    assert "not a public address" in found["away.jpg"].skipped
    assert found["moved.jpg"].record
    assert site.paths("/b/away") == ["/b/away.jpg"]


def test_a_redirect_to_no_address_of_a_picture_is_skipped_for_good(
    crawled: tuple[OddSite, Path, Run],
) -> None:
    _, folder, _ = crawled
    assert skipped(captures(folder)["led-away"]) == (
        ["redirected to no http(s) address"] * len(LED_AWAY)
    )
    with kept(folder) as evidence:
        assert evidence.captures.last_state("pictured_site", "led-away") is not None


def test_a_host_that_the_page_only_links_to_is_not_asked(
    crawled: tuple[OddSite, Path, Run],
) -> None:
    _, folder, _ = crawled
    assert skipped(captures(folder)["link"]) == ["its host is not one that the page embeds"]


def test_no_more_pictures_are_fetched_than_the_limit(crawled: tuple[OddSite, Path, Run]) -> None:
    site, folder, _ = crawled
    found = captures(folder)["many"]
    assert len(site.paths("/n/")) == len(pictures_kept(found)) == 7
    assert skipped(found) == ["300 pictures, of which 7 are kept"]


def test_pictures_are_counted_apart_and_change_nothing_of_the_run(
    crawled: tuple[OddSite, Path, Run],
) -> None:
    _, folder, run = crawled
    assert run.health == "ok"
    assert "picture" not in run.reason
    assert (run.requests, run.pages) == (2, 1)
    _, ads = last_run(folder)
    assert len(ads) == run.new + run.set_aside == len(captures(folder))


def test_no_cookie_is_sent_for_a_picture_and_the_site_is_named_as_the_referer(
    crawled: tuple[OddSite, Path, Run],
) -> None:
    site, folder, _ = crawled
    assert {each.cookie for each in site.asked if each.path.startswith("/p/")} == {""}
    with kept(folder) as evidence:
        record = pictures_kept(captures(folder)["good"])[0].record
        request = next(
            each for each in read_records(evidence.objects.get(record)) if each.kind == "request"
        )
    assert ("Referer", f"{site.address}/") in request.http[1]


def test_what_is_captured_costs_no_request_and_a_change_only_its_page(tmp_path: Path) -> None:
    month = 1

    def answer(asked: Asked) -> Answer:
        if asked.path == "/p/shy.jpg" and month == 1:
            return Answer(status=500)
        if asked.path.startswith("/p/"):
            return picture(photograph(len(asked.path)))
        price = "100元" if month == 1 else "90元"
        cards = (card("shy", "/p/shy.jpg"), card("price", "/p/price.jpg", price=price))
        return Answer("".join(cards) + card("same", "/p/same.jpg"))

    with odd_site(answer) as site:
        crawl(site, tmp_path)
        assert sorted(site.paths("/p/")) == ["/p/price.jpg", "/p/same.jpg", "/p/shy.jpg"]
        (shy,) = skipped(captures(tmp_path)["shy"])
        assert shy == "answered with status 500"
        before = {key: pages(found) for key, found in captures(tmp_path).items()}
        month = 2
        site.asked.clear()
        run, _, _ = crawl(site, tmp_path)
        assert site.paths() == ["/robots.txt", *site.paths("/search"), "/p/shy.jpg"]
        found = captures(tmp_path)
        assert (run.seen, run.requests) == (3, 2)
        assert found["same"] == captures(tmp_path)["same"]
        assert [pages(found[key]) for key in ("same", "shy")] == [before["same"], before["shy"]]
        assert [each.reason for each in pages(found["price"])] == [
            CaptureReason.FIRST_SIGHT,
            CaptureReason.CHANGED,
        ]
        assert len(pictures_kept(found["shy"])) == len(pictures_kept(found["price"])) == 1
        site.asked.clear()
        crawl(site, tmp_path)
        assert site.paths("/p/") == []
        assert captures(tmp_path) == found


def pages(found: list[Capture]) -> list[Capture]:
    return [each for each in found if each.kind == CaptureKind.PAGE]


def two_pictures(asked: Asked) -> Answer:
    if asked.path.startswith("/p/"):
        return picture(photograph(1 if asked.path == "/p/1.jpg" else 2))
    return Answer(card("first", "/p/1.jpg", "/p/2.jpg") + card("second", "/p/1.jpg"))


def test_a_place_that_cannot_be_written_breaks_the_run_and_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "evidence").write_text("a file where the folder should be")
    with odd_site(two_pictures) as site:
        run, ads, _ = crawl(site, tmp_path)
        assert run.health == "broken"
        assert "2 captures could not be written and remain due (cannot " in run.reason
        assert str(tmp_path / "evidence") in run.reason
        assert sorted(ad.ad_id for ad in ads) == ["first", "second"]
        (tmp_path / "evidence").unlink()
        run, ads, _ = crawl(site, tmp_path)
    assert (run.health, run.seen) == ("ok", 2)
    found = captures(tmp_path)
    assert {key: len(pictures_kept(each)) for key, each in found.items()} == {
        "first": 2,
        "second": 1,
    }
    assert {each.reason for key in found for each in found[key]} == {CaptureReason.FIRST_SIGHT}


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT])
def test_what_a_stopped_crawl_leaves_is_captured_by_the_next(
    tmp_path: Path, stop: signal.Signals
) -> None:
    released = threading.Event()

    def answer(asked: Asked) -> Answer:
        if asked.path == "/p/2.jpg":
            released.wait(60)
        return two_pictures(asked)

    settings = {"WILDCRAWL_CONTACT": CONTACT, "WILDCRAWL_EVIDENCE": "pictures"}
    with odd_site(answer) as site:
        with running(
            *("crawl", "pictured_site", "-s", MODULE, "-a", KEYWORD),
            folder=tmp_path,
            streams={},
            WILDCRAWL_DEMO_URL=site.address,
            **settings,
        ) as command:
            while "/p/2.jpg" not in site.paths():
                os.kill(command.pid, 0)
                time.sleep(0.05)
            os.kill(command.pid, stop)
            if stop == signal.SIGINT:
                # The crawl ends once what it asked for has arrived.
                time.sleep(0.5)
                released.set()
            command.wait()
        released.set()
        stopped, ads = last_run(tmp_path)
        assert sorted(ad.ad_id for ad in ads) == ["first", "second"]
        assert bool(stopped.finished) == (stop == signal.SIGINT)
        run, _, _ = crawl(site, tmp_path)
    # A killed run has no verdict: what it found is new in the run that continues it.
    assert (run.health, run.new) == ("ok", 2 if stop == signal.SIGKILL else 0)
    found = captures(tmp_path)
    assert {key: len(pictures_kept(each)) for key, each in found.items()} == {
        "first": 2,
        "second": 1,
    }
    assert [len(pages(each)) for each in found.values()] == [1, 1]
    with kept(tmp_path) as evidence:
        assert evidence.custody.check() == []


@pytest.mark.parametrize(
    ("level", "asked", "captured"), [("off", 0, 0), ("pages", 0, 2), ("pictures", 2, 2)]
)
def test_no_more_is_captured_than_the_level_says(
    tmp_path: Path, level: str, asked: int, captured: int
) -> None:
    def answer(asked: Asked) -> Answer:
        return Answer(status=404) if asked.path.startswith("/p/") else two_pictures(asked)

    with odd_site(answer) as site:
        run, _, _ = crawl(site, tmp_path, level=level)
    assert run.health == "ok"
    assert len(site.paths("/p/")) == asked
    assert (tmp_path / "evidence").exists() == bool(captured)
    assert sum(len(pages(found)) for found in captures(tmp_path).values()) == captured
    note = "none of 3 pictures could be kept (most often: status)"
    assert (note in run.reason) == (level == "pictures")


def test_the_record_is_the_answer_as_it_was_sent_without_cookies(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Answer:
        headers = {"Set-Cookie": "sid=secret-of-the-analyst", "Content-Type": "text/html"}
        if asked.path.startswith("/item/"):
            page = '<div id="text">老豹骨手镯<img src="/p/1.jpg"></div>'.encode()
            return Answer(raw=gzip.compress(page), headers=headers | {"Content-Encoding": "gzip"})
        if asked.path.startswith("/p/"):
            return picture(photograph(1))
        return Answer(card("only"), headers=headers)

    with odd_site(answer) as site:
        run, _, _ = crawl(site, tmp_path, spider="pictured_details")
    assert run.health == "ok", run.reason
    assert site.most_at_once == 1
    assert [each.cookie for each in site.asked if each.path.startswith("/item/")] != [""]
    page, shown = captures(tmp_path, "pictured_details")["only"]
    assert (page.url, shown.url) == (f"{site.address}/item/only", f"{site.address}/p/1.jpg")
    with kept(tmp_path) as evidence:
        data = evidence.objects.get(page.record)
        response = next(each for each in read_records(data) if each.kind == "response")
        assert response.payload[:2] == b"\x1f\x8b"
        assert "老豹骨手镯" in evidence.payload(page).decode()
    assert all(b"secret-of" not in path.read_bytes() for path in files(tmp_path / "evidence"))
    unzipped = gzip.decompress(data)
    assert b"secret-of" not in unzipped
    assert b"ookie: " not in unzipped


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_page_that_shows_an_advertisement_to_be_removed_is_captured(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.path == "/item/gone":
            return Answer("<p>the advertisement was removed</p>", status=404)
        return Answer('<div id="text">老豹骨手镯</div>')

    with odd_site(answer) as site:
        store = open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")
        notify(
            store,
            [
                Notified(
                    "pictured_details", ad_id, f"{site.address}/item/{ad_id}", mark, "2016-05", AT
                )
                for ad_id, mark in (("gone", "老豹骨"), ("up", "老豹骨手镯"))
            ],
        )
        store.close()
        done = scrapy(
            *("recheck", "pictured_details", "-s", MODULE),
            folder=tmp_path,
            WILDCRAWL_DEMO_URL=site.address,
            WILDCRAWL_CONTACT=CONTACT,
            WILDCRAWL_EVIDENCE="pictures",
        )
    assert (done.code, "1 removed, 1 still up" in done.out) == (0, True), done.err
    found = captures(tmp_path, "pictured_details")
    assert list(found) == ["gone"]
    (page,) = found["gone"]
    assert (page.status, page.reason) == (404, CaptureReason.REMOVED)
    with kept(tmp_path) as evidence:
        assert b"was removed" in evidence.payload(page)


def test_a_page_read_in_a_browser_is_captured_as_rendered_with_a_screenshot(
    tmp_path: Path, browser: str
) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.path.startswith("/p/"):
            return picture(encoded(Image.new("RGB", (200, 100), RED), "PNG"), "image/png")
        script = "<script>document.querySelector('b').textContent = '77元'</script>"
        cards = card("only", "/p/1.jpg") + card("second")
        return Answer(f"<ul>{cards}</ul><p style='height: 900px'>below</p>{script}")

    with odd_site(answer) as site:
        run, _, _ = crawl(site, tmp_path, spider="pictured_browser")
    assert run.health == "ok", run.reason
    assert site.paths("/p/") == ["/p/1.jpg"]
    kept_of = captures(tmp_path, "pictured_browser")
    found = {(each.kind, each.view): each for each in kept_of["only"]}
    assert set(found) == {*((kind, View.PAGE) for kind in CaptureKind), CARD}
    with kept(tmp_path) as evidence:
        page = found[CaptureKind.PAGE, View.PAGE]
        assert "77元" in evidence.payload(page).decode()
        metadata = [
            each.fields
            for each in read_records(evidence.objects.get(page.record))
            if each.kind == "metadata"
        ]
        assert "a browser made" in metadata[0]["rendering"]
        shot = Image.open(BytesIO(evidence.payload(found[CaptureKind.SCREENSHOT, View.PAGE])))
        assert (shot.format, shot.width) == ("PNG", 1280)
        assert len(shot.convert("L").getcolors() or ()) > 3
        (second,) = [each for each in kept_of["second"] if (each.kind, each.view) == CARD]
        names = {each.record for each in kept_of["only"]}
        records = {name: list(read_records(evidence.objects.get(name))) for name in names}
        one, other = (evidence.payload(each) for each in (found[CARD], second))
    # Both cards show the same title, and the price that the script has changed in the first one.
    assert one != other
    first, last = (Image.open(BytesIO(data)) for data in (one, other))
    assert first.height + last.height < shot.height < 2000
    assert find_part(shot, first) < find_part(shot, last)
    assert [RED in pixels(image) for image in (shot, first, last)] == [True, True, False]
    for key in (CARD, (CaptureKind.SCREENSHOT, View.PAGE)):
        made = records[found[key].record]
        view = next(each.fields["view"] for each in made if each.kind == "metadata")
        assert view.endswith("drawn again with 1 of its 1 pictures, those that were captured")


CARD = (CaptureKind.SCREENSHOT, View.CARD)
RED = (200, 20, 30)


def pixels(image: Image.Image) -> set[object]:
    return {colour for _, colour in image.convert("RGB").getcolors(1 << 22) or ()}


def find_part(shot: Image.Image, part: Image.Image) -> int:
    """The row of `shot` at which it shows `part`, which ends at the page's right margin."""
    left = shot.width - 8 - part.width
    rows = range(shot.height - part.height + 1)
    boxes = {top: (left, top, left + part.width, top + part.height) for top in rows}
    return next(top for top, box in boxes.items() if shot.crop(box).tobytes() == part.tobytes())


def test_a_signed_in_site_takes_its_own_screenshot_for_no_challenge() -> None:
    shot = SimpleNamespace(result=b"PNG")
    seen = SimpleNamespace(result="")
    meta = {"playwright_page_methods": [seen, shot], SCREENSHOT: shot}
    request = Request("https://mall.example/search", meta=meta)
    response = Response("https://mall.example/search", request=request)
    spider = ProfileBrowserSpider.__new__(ProfileBrowserSpider)
    assert spider.challenge(response) == ""
    seen.result = ".geetest_panel"
    assert "geetest_panel" in spider.challenge(response)
