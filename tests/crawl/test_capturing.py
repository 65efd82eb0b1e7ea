"""Captures by whole crawls: what is kept, what is skipped and why, what is left to the next run."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.helpers.crawling import Result, scrapy
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
    photograph,
)
from wildcrawl.evidence import Capture, CaptureKind, Evidence, Reason, open_evidence
from wildcrawl.evidence.records import read_records
from wildcrawl.items import Advertisement, Run
from wildcrawl.store import open_store

ROBOTS = Answer("User-agent: *\nDisallow: /forbidden/\n")
MODULE = "SPIDER_MODULES=tests.helpers.polite_spiders"
KEYWORD = "keywords=豹骨"
BYTES = 100_000
TIMEOUT = 2.0


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
        for capture in evidence.captures.of_site(site):
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
    "/b/bomb.png": (picture(bomb(), "image/png"), "too many pixels"),
    "/b/long.jpg": (picture(photograph() + bytes(BYTES)), "too many bytes"),
    "/b/cut.jpg": (picture(cut_short()), "cut short"),
    "/b/page.jpg": (picture(HTML), "an HTML page"),
    "/b/heic.jpg": (picture(HEIC), "a HEIC"),
    "/b/script.svg": (picture(SVG, "image/svg+xml"), "an SVG"),
    "/b/gone.jpg": (Answer(status=404), "answered with status 404"),
    "/b/empty.jpg": (picture(b""), "an empty answer"),
    "/forbidden/1.jpg": (picture(photograph()), "robots.txt forbids it"),
    "/b/closed.jpg": (Answer(status=0), "closed"),
}
ELSEWHERE = {
    "data": ("data:image/png;base64,iVBORw0KGgo=", "a data: address"),
    "script": ("javascript:alert(1)", "a javascript: address"),
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
    if asked.path in GOOD:
        return GOOD[asked.path]
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
        card("many", *(f"/n/{number}.jpg" for number in range(300))),
        card("none"),
        card("decoy", "/d/1.jpg", title="牙刷"),
        card("link").replace("<a ", '<a data-picture="http://198.51.100.7/1.jpg" '),
        *(card(f"bad-{number}", path) for number, path in enumerate(BAD)),
        *(card(name, url.format(port=port)) for name, (url, _) in ELSEWHERE.items()),
    ]
    return Answer("".join(cards))


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OddSite, Path, Run]]:
    """Two crawls of the site with pictures of all kinds, by limits that keep it fast."""
    folder = tmp_path_factory.mktemp("captured")
    sites: list[OddSite] = []
    with odd_site(lambda asked: many_kinds(asked, sites[0].port), ROBOTS) as site:
        sites.append(site)
        options = [
            *("-s", f"WILDCRAWL_EVIDENCE_PICTURE_BYTES={BYTES}"),
            *("-s", "WILDCRAWL_EVIDENCE_PICTURES=7"),
            *("-s", f"DOWNLOAD_TIMEOUT={TIMEOUT}"),
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
    assert page.reason == Reason.FIRST_SIGHT
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


def test_an_image_only_post_is_captured_and_one_that_matched_nothing_is_not(
    crawled: tuple[OddSite, Path, Run],
) -> None:
    site, folder, _ = crawled
    found = captures(folder)
    assert {each.reason for each in found["images"]} == {Reason.IMAGE_ONLY}
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
    site, folder, run = crawled
    assert (run.health, run.reason) == ("ok", "")
    assert (run.requests, run.pages) == (2, 1)
    assert site.most_at_once == 1
    _, ads = last_run(folder)
    assert len(ads) == run.new == len(captures(folder))


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
