"""What is planted in an installation: the advertisements and decoys of the bundled marketplaces."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.demo.truth import Planted, fold, load_truth
from wildcrawl.items import Advertisement, Relevance, Run
from wildcrawl.store import open_store


def planted() -> list[Planted]:
    """Those with a title: both programs ask for one."""
    return [each for each in load_truth() if each.title.strip()]


def slug(ad: Planted) -> str:
    """By what an advertisement is planted, in the installation."""
    return f"{ad.prefix}-{ad.ad_id}".lower()


def findable(ads: list[Planted]) -> list[Planted]:
    """Those with a keyword in their text as it is: both programs search for that."""
    terms = [keyword.term for keyword in load_vocabulary().keywords]
    return [ad for ad in ads if any(term in f"{ad.title} {ad.description}" for term in terms)]


@dataclass
class Crawled:
    """What a crawl left in its store."""

    run: Run
    ads: dict[str, Advertisement]

    @property
    def likely(self) -> dict[str, Advertisement]:
        """Those that wait for a person's verdict."""
        return {key: ad for key, ad in self.ads.items() if ad.relevance == Relevance.LIKELY}


def stored(folder: Path) -> Crawled:
    """The last run in `folder`, and the advertisements by their ids."""
    store = open_store(f"sqlite:///{folder / 'wildcrawl.db'}")
    try:
        return Crawled(store.runs()[-1], {ad.ad_id: ad for ad in store.advertisements()})
    finally:
        store.close()


def report(
    program: str, wanted: dict[str, Planted], decoys: dict[str, Planted], crawl: Crawled
) -> str:
    """What was planted and what was found, in one line."""
    found = [ad_id for ad_id in wanted if ad_id in crawl.ads]
    kept = [ad_id for ad_id in decoys if ad_id in crawl.likely]
    return (
        f"{program}: {len(found)} of {len(wanted)} planted advertisements found with "
        f"{crawl.run.pages} pages of results, {len(kept)} of {len(decoys)} decoys among them; "
        f"{crawl.run.health}"
    )


def same(shown: str, written: str) -> bool:
    """Whether a text is what was planted, but for typography: 60x40 is shown as 60×40."""
    return fold(written.replace("x", "")) in fold(shown.replace("×", "").replace("x", ""))
