"""A real django-oscar shop with planted advertisements."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.conftest import crawl, installed
from tests.engines.oscar_site import HIDDEN, Shop, on_sale, open_shop
from tests.engines.planted import findable, report, slug
from wildcrawl.analysis.text import clean_text

pytestmark = [pytest.mark.engines, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with open_shop(installed("oscar"), tmp_path_factory.mktemp("oscar")) as opened:
        yield opened


def test_every_planted_product_is_found_with_what_it_shows(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = crawl("oscar", tmp_path, {"oscar": shop.address})
    ads = {shop.ids[slug(ad)]: ad for ad in on_sale()}
    wanted = {shop.ids[slug(ad)]: ad for ad in findable(on_sale()) if ad.relevant}
    decoys = {ad_id: ad for ad_id, ad in ads.items() if not ad.relevant}
    with capsys.disabled():
        print("\n" + report("django-oscar", wanted, decoys, found))
    assert not [wanted[ad_id].title for ad_id in wanted.keys() - found.ads.keys()]
    assert not [decoys[ad_id].title for ad_id in decoys.keys() & found.likely.keys()]
    assert shop.ids[HIDDEN] not in found.ads
    assert found.ads.keys() <= ads.keys()
    for ad_id, ad in found.ads.items():
        truth = ads[ad_id]
        assert ad.title == clean_text(truth.title)
        assert ad.description == clean_text(truth.description)
        assert ad.category == clean_text(truth.category)
        assert ad.url == f"{shop.address}/catalogue/{slug(truth)}_{ad_id}/"
        assert ad.image_urls
        if truth.price_cny is not None:
            assert ad.price_cny == truth.price_cny
