"""Pictures as the marketplaces serve them: the bytes of an advertisement's picture."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

from PIL import Image

from wildcrawl.demo.pictures.changes import CHANGES, QUALITY, card, lettered
from wildcrawl.demo.pictures.faults import faulty
from wildcrawl.demo.pictures.photograph import look_of, photograph, without_material
from wildcrawl.demo.truth import Planted, advertisement

STOCK = "stock"
"""Name of the object on the stock photograph."""
_QUALITY = 85


@lru_cache(maxsize=2048)
def picture(planted: Planted, number: int) -> tuple[bytes, str]:
    """Body and content type of picture `number` (from 1) of an advertisement."""
    if planted.repost_of:
        planted = advertisement(planted.site, planted.repost_of)
    shown = planted.photo(number)
    if shown.stock:
        image = _stock()
    elif any(shown.of):
        image = _photograph_of(advertisement(*shown.of), shown.of_number)
    else:
        image = _photograph_of(planted, number)
    if shown.change:
        image = CHANGES[shown.change](image)
    if shown.code:
        image = card(image, shown.text)
    elif shown.text:
        image = lettered(image, shown.text)
    body = encoded(image, quality=QUALITY.get(shown.change, _QUALITY))
    return faulty(shown.fault, body) if shown.fault else (body, "image/jpeg")


def encoded(image: Image.Image, kind: str = "JPEG", quality: int = _QUALITY) -> bytes:
    """Bytes of an image as a JPEG or PNG."""
    written = BytesIO()
    image.save(written, kind, quality=quality)
    return written.getvalue()


def _photograph_of(planted: Planted, number: int) -> Image.Image:
    words = planted.title or planted.tags or planted.description
    material = planted.species[0] if planted.relevant else look_of(words)
    if not planted.relevant:
        words = without_material(words)
    return photograph(f"{planted.prefix}/{planted.ad_id}", number, material, words)


def _stock() -> Image.Image:
    return photograph(STOCK, 1, "", "锦盒")
