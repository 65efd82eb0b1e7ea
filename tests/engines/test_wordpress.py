"""A real WordPress with planted advertisements, by its API and by its pages in two themes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.conftest import crawl, installed
from tests.engines.planted import findable, planted, report, same, slug
from tests.engines.wordpress_site import UNSEEN, WAYS, Install, open_wordpress
from wildcrawl.analysis.dates import parse_moment
from wildcrawl.analysis.text import clean_text

PLAIN = re.compile(r"[¥￥]?[\d,]+元?")
pytestmark = [pytest.mark.engines, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def wordpress(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Install]:
    with open_wordpress(installed("wordpress"), tmp_path_factory.mktemp("wordpress")) as install:
        yield install


@pytest.mark.parametrize("way", list(WAYS))
def test_every_planted_advertisement_is_found_and_nothing_that_is_hidden(
    wordpress: Install, way: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    addresses = {f"wordpress_{name}": url for name, url in wordpress.addresses.items()}
    found = crawl(f"wordpress_{way}", tmp_path, addresses)
    ads = {wordpress.ids[slug(ad)]: ad for ad in planted()}
    wanted = {wordpress.ids[slug(ad)]: ad for ad in findable(planted()) if ad.relevant}
    decoys = {ad_id: ad for ad_id, ad in ads.items() if not ad.relevant}
    with capsys.disabled():
        print("\n" + report(f"WordPress, {way}", wanted, decoys, found))
    assert not [wanted[ad_id].title for ad_id in wanted.keys() - found.ads.keys()]
    assert not [decoys[ad_id].title for ad_id in decoys.keys() & found.likely.keys()]
    assert not found.ads.keys() & {wordpress.ids[name] for name in UNSEEN}
    assert found.ads.keys() <= ads.keys()
    for ad_id, ad in found.ads.items():
        truth = ads[ad_id]
        assert same(ad.title, truth.title)
        assert same(ad.description, truth.description)
        assert ad.seller == clean_text(truth.seller)
        assert ad.category == clean_text(truth.category or "Uncategorized")
        assert parse_moment(ad.posted_at) == parse_moment(truth.posted_at)
        assert ad.url == f"{wordpress.addresses[way]}/archives/{ad_id}/"
        if PLAIN.fullmatch(truth.price):
            assert (ad.price_kind, ad.price_cny) == (truth.price_kind, truth.price_cny)
