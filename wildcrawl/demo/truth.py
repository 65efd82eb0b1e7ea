"""Ground truth: the planted advertisements of the marketplaces with their correct tags."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import opencc
import yaml

SITES = ("demo_mall", "demo_market", "demo_shop", "demo_forum", "demo_fair")
"""Names of the sites' spiders; the path prefix is the part after `demo_`."""

_SIMPLIFIED = opencc.OpenCC("t2s")
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Photo:
    """What a picture shows, where it is not a photograph of the advertisement's own object.

    `of` is the advertisement (site, ad_id) whose picture `of_number` this one copies, after a
    `change` named in `pictures.changes`. `stock` is the photograph that many sellers share.
    `text` are the seller's words on it, on a card with a QR code if `code` is set. `fault` is
    named in `pictures.faults`.
    """

    number: int = 1
    of: tuple[str, str] = ("", "")
    of_number: int = 1
    change: str = ""
    stock: bool = False
    text: str = ""
    code: bool = False
    fault: str = ""


@dataclass(frozen=True)
class Reused:
    """A photograph that an advertisement took from another: keys (site, ad_id), and its change."""

    ad: tuple[str, str]
    number: int
    of: tuple[str, str]
    of_number: int
    change: str


@dataclass(frozen=True)
class Planted:
    """A planted advertisement: first its fields on the site, then the truth about it.

    `posted_at` is YYYY-MM-DD HH:MM in China's time. `pictures` is their number. `tags` are words
    that the site's search covers but no page shows. `species`, `product_type` and `age_claim` are
    empty if it is not relevant. `price_cny` is set for kind `amount` only. `trick` names what
    makes the advertisement hard, "" for an ordinary one.
    `repost_of` is the id of the advertisement that this one repeats, with the same pictures.
    `photos` are the pictures that show something else than the advertisement's own object.
    """

    site: str
    ad_id: str
    title: str = ""
    description: str = ""
    category: str = ""
    price: str = ""
    seller: str = ""
    seller_id: str = ""
    location: str = ""
    posted_at: str = ""
    pictures: int = 1
    tags: str = ""

    relevant: bool = False
    species: tuple[str, ...] = ()
    product_type: str = ""
    age_claim: str = ""
    price_kind: str = "absent"
    price_cny: Decimal | None = None
    trick: str = ""
    repost_of: str = ""
    photos: tuple[Photo, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Key of the advertisement: (site, ad_id)."""
        return (self.site, self.ad_id)

    @property
    def prefix(self) -> str:
        """The site's path prefix, without slashes: `mall` for `demo_mall`."""
        return self.site.removeprefix("demo_")

    def photo(self, number: int) -> Photo:
        """What picture `number` (from 1) shows."""
        return next((photo for photo in self.photos if photo.number == number), Photo(number))


@dataclass
class PlantedCounts:
    """Numbers of planted advertisements."""

    relevant: int = 0
    decoys: int = 0
    by_site: Counter[str] = field(default_factory=Counter)
    by_species: Counter[str] = field(default_factory=Counter)
    decoys_by_site: Counter[str] = field(default_factory=Counter)
    by_trick: Counter[str] = field(default_factory=Counter)


def fold(text: str) -> str:
    """`text` normalised as in the sites' search engines.

    They ignore width, case, script, punctuation and spaces.

    >>> fold("老 象·牙鐲 ＸＹ")
    '老象牙镯xy'
    """
    plain = unicodedata.normalize("NFKC", text)
    return str(_SIMPLIFIED.convert(_NO_WORD.sub("", plain))).lower()


def findable(planted: Planted, terms: Iterable[str]) -> set[str]:
    """The `terms` by which the site's search finds the advertisement.

    On the site without a search engine: the terms in its text.
    """
    texts = _searched(planted)
    return {term for term in terms if any(fold(term) in text for text in texts)}


def search(truth: Iterable[Planted], term: str) -> list[Planted]:
    """Results of a site's search engine, newest first; none for an empty term."""
    wanted = fold(term)
    if not wanted:
        return []
    results = [ad for ad in truth if any(wanted in text for text in _searched(ad))]
    return sorted(results, key=lambda ad: (ad.posted_at, ad.ad_id), reverse=True)


def load_truth(month: int = 1) -> tuple[Planted, ...]:
    """Planted advertisements of the demo's first or second month.

    In the second month some are new, some are removed, and some have another price or title.
    """
    if month not in (1, 2):
        raise ValueError(f"'{month}' is not a valid month of the marketplaces; choose 1 or 2")
    return _truth(month)


def advertisement(site: str, ad_id: str) -> Planted:
    """A planted advertisement by its key, in the month in which it appears first."""
    return _by_key()[site, ad_id]


def photograph_of(planted: Planted, number: int) -> str:
    """Name of the photograph that picture `number` (from 1) shows, the same for all its copies."""
    if planted.repost_of:
        planted = advertisement(planted.site, planted.repost_of)
    shown = planted.photo(number)
    if shown.stock:
        return "stock"
    if any(shown.of):
        return photograph_of(advertisement(*shown.of), shown.of_number)
    return f"{planted.site}:{planted.ad_id}#{number}"


def reused_photographs(truth: Iterable[Planted]) -> tuple[Reused, ...]:
    """Photographs taken from another advertisement that is in `truth` too, one an advertisement.

    A repost has all pictures of its first advertisement, unchanged; its first one counts.
    """
    planted = {ad.key: ad for ad in truth}
    copies = []
    for ad in planted.values():
        copied = next((photo for photo in ad.photos if photo.of in planted), None)
        if copied is not None:
            number, of_number = copied.number, copied.of_number
            copies.append(Reused(ad.key, number, copied.of, of_number, copied.change))
        elif (ad.site, ad.repost_of) in planted:
            copies.append(Reused(ad.key, 1, (ad.site, ad.repost_of), 1, ""))
    return tuple(copies)


def summary(truth: Iterable[Planted]) -> PlantedCounts:
    """Counts planted advertisements, each under its primary species only."""
    counted = PlantedCounts()
    for ad in truth:
        if ad.trick:
            counted.by_trick[ad.trick] += 1
        if ad.relevant:
            counted.relevant += 1
            counted.by_site[ad.site] += 1
            counted.by_species[ad.species[0]] += 1
        else:
            counted.decoys += 1
            counted.decoys_by_site[ad.site] += 1
    return counted


@cache
def _searched(planted: Planted) -> tuple[str, ...]:
    return tuple(fold(text) for text in (planted.title, planted.description, planted.tags))


@cache
def _truth(month: int) -> tuple[Planted, ...]:
    return tuple(
        planted
        for site in SITES
        for row in _rows(site)
        if (planted := _planted(site, row, month)) is not None
    )


@cache
def _by_key() -> dict[tuple[str, str], Planted]:
    return {ad.key: ad for ad in (*_truth(2), *_truth(1))}


@cache
def _photos() -> dict[tuple[str, str], tuple[Photo, ...]]:
    photos: dict[tuple[str, str], tuple[Photo, ...]] = {}
    for row in _rows("photos"):
        key, of = _key(row["ad"]), _key(row.get("of", ""))
        given = {
            name: row[name] for name in ("change", "stock", "text", "code", "fault") if name in row
        }
        photo = Photo(row["number"], of, row.get("photo", 1), **given)
        photos[key] = (*photos.get(key, ()), photo)
    return photos


def _key(text: str) -> tuple[str, str]:
    site, _, ad_id = text.partition(":")
    return site, ad_id


def _rows(name: str) -> Sequence[dict[str, Any]]:
    """Rows of a file of data: of a site, or `photos`."""
    source = files("wildcrawl.demo") / "data" / f"{name.removeprefix('demo_')}.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    rows: Sequence[dict[str, Any]] = yaml.load(source.read_text("utf-8"), Loader=loader)  # noqa: S506
    return rows


def _planted(site: str, row: dict[str, Any], month: int) -> Planted | None:
    if not row.get("from_month", 1) <= month <= row.get("to_month", 2):
        return None
    truth = row["truth"]
    planted = Planted(
        site=site,
        ad_id=str(row["id"]),
        title=row.get("title", ""),
        description=row.get("text", ""),
        category=row.get("category", ""),
        price=row.get("price", ""),
        seller=row.get("seller", ""),
        seller_id=row.get("seller_id", ""),
        location=row.get("location", ""),
        posted_at=row.get("posted", ""),
        pictures=row.get("pictures", 1),
        tags=row.get("tags", ""),
        relevant="species" in truth,
        species=tuple(truth.get("species", ())),
        product_type=truth.get("product", ""),
        age_claim=truth.get("age", ""),
        price_kind=truth["price"],
        price_cny=_money(truth.get("cny")),
        trick=truth.get("trick", ""),
        repost_of=str(truth.get("repost_of", "")),
        photos=_photos().get((site, str(row["id"])), ()),
    )
    return _changed(planted, row.get("later", {})) if month > 1 else planted


def _changed(planted: Planted, later: dict[str, Any]) -> Planted:
    changed = dict(later)
    if "cny" in changed:
        changed["price_cny"] = _money(changed.pop("cny"))
    return replace(planted, **changed)


def _money(number: int | str | None) -> Decimal | None:
    return None if number is None else Decimal(number)
