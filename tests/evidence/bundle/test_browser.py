"""The page of a bundle in a real browser: it opens by itself, from a folder, at every width."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser

from tests.helpers.captured import Photo, advertisement, capture, jpeg, written
from wildcrawl.evidence import open_evidence
from wildcrawl.store import open_store

pytestmark = pytest.mark.xdist_group("pages")

LONG = "老象牙" * 40 + "https://seller.example/" + "x" * 300


@pytest.fixture(scope="module")
def page_of_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked page of three advertisements, one with hostile and long texts."""
    folder = tmp_path_factory.mktemp("bundle")
    store = open_store(f"sqlite:///{folder / 'wildcrawl.db'}")
    evidence = open_evidence(store, folder / "evidence")
    hostile = '<script>document.title="run"</script><img src="http://seller.example/y">'
    ads = [
        advertisement("1"),
        advertisement("2", title=hostile + LONG, description=LONG, seller=hostile, price=LONG),
        advertisement("x" * 200, title=""),
    ]
    store.record(ads, "run1")
    for ad in ads[:2]:
        photos = [Photo(f"http://img.example/{ad.ad_id}/{LONG}{n}", jpeg(n, 640)) for n in (5, 9)]
        photos.append(Photo("http://img.example/a.heic", b"heic", "image/heic"))
        photos.append(Photo("http://img.example/b.svg", skipped=f"an SVG {LONG}"))
        capture(evidence, ad, photos)
    bundle = written(store, evidence, [ad.ad_id for ad in ads], folder / "e.zip")
    with ZipFile(bundle.path) as file:
        file.extractall(folder / "unpacked")
    return folder / "unpacked" / "report" / "index.html"


@pytest.mark.parametrize("width", [390, 1280])
def test_it_opens_with_its_pictures_and_nothing_else(
    width: int, page_of_bundle: Path, chromium: Browser
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    requested: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: requested.append(request.url))
    page.goto(page_of_bundle.as_uri())
    for image in page.query_selector_all("img"):
        image.scroll_into_view_if_needed()
    page.wait_for_function("[...document.images].every(image => image.naturalWidth)")
    assert page.evaluate("[...document.images].map(image => image.naturalWidth)") == [640] * 4
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.title().startswith("证据 Evidence 20161220T010203Z-")
    assert all(url.startswith("file:///") for url in requested)
    assert said == []
    page.close()


def test_its_words_are_legible_and_its_pictures_have_room(
    page_of_bundle: Path, chromium: Browser
) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 900})
    page.goto(page_of_bundle.as_uri())
    sizes = page.evaluate(
        "[...document.querySelectorAll('p, li, dt, dd, td')]"
        ".map(node => parseFloat(getComputedStyle(node).fontSize))"
    )
    assert min(sizes) >= 12
    boxes = [box for image in page.query_selector_all("img") if (box := image.bounding_box())]
    assert len(boxes) == 4
    assert all(100 <= box["width"] <= 358 for box in boxes)
    page.close()


def test_a4_has_its_tables_as_tables(page_of_bundle: Path, chromium: Browser) -> None:
    # 182 mm are between the margins, which is narrower than some telephones.
    page = chromium.new_page(viewport={"width": 688, "height": 1017})
    page.emulate_media(media="print")
    page.goto(page_of_bundle.as_uri())
    assert page.locator("thead").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 688
    page.close()
