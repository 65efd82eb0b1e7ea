"""Covering: a view of a picture for publication, without the contacts and codes read in it.

What no reader finds, such as faces, a person has to name: these parts are covered as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor

from PIL import Image, ImageDraw

from wildcrawl.analysis.contacts import read_contacts
from wildcrawl.pictures import codes, text
from wildcrawl.pictures.codes import code_reader_name
from wildcrawl.pictures.contacts import VERSION as CONTACTS_VERSION
from wildcrawl.pictures.decode import LIMITS, Limits, as_pixels, read_picture
from wildcrawl.pictures.text import SURE, Line
from wildcrawl.pictures.views import PictureView, encoded

LONGEST = text.LONGEST
"""Longer side in pixels of the view, at most: that in which text is read."""
Box = tuple[float, float, float, float]
"""A part of a picture: left, top, right and bottom."""
VERSION = 1
"""Number of the rules by which parts are covered; raised with each change of them."""
_GREY = (128, 128, 128)
_MARGIN = 0.2
"""Share of a part's height by which it is covered beyond its edges."""
_LEAST_MARGIN = 4
_ACCOUNT = re.compile(
    r"[A-Za-z0-9](?:[-_.]?[A-Za-z0-9]){4,}"
    r"|(?:(?<![A-Za-z0-9])[A-Za-z0-9](?![A-Za-z0-9])[ \-_.]?){5,}"
)
"""What may be a part of an account or a number, of which the reader missed the rest."""


Edges = tuple[int, int, int, int]
"""A covered part: left, top, right and bottom in pixels, with its margin."""


@dataclass(frozen=True)
class Parts:
    """The parts of a view to cover: lines of text that have or may have a contact, and codes."""

    lines: tuple[Edges, ...]
    codes: tuple[Edges, ...]


@dataclass(frozen=True)
class Covered:
    """A view for publication, and the numbers of parts covered in it.

    `lines` are lines of text with a contact, or with letters or digits that may be one; `codes`
    are those of any kind. `parts` are what was read.
    """

    view: PictureView
    lines: int
    codes: int
    parts: Parts


def missing_to_cover() -> list[str]:
    """What is not found here, since the extra `pictures` is not installed."""
    parts = {"text": text.reader_name(), "codes": codes.code_reader_name()}
    return [name for name, reader in parts.items() if not reader]


def reading_name() -> str:
    """Names of the readers, and of the rules, by which the parts to cover of a view are found."""
    rules = {"contacts": CONTACTS_VERSION, "covering": VERSION, "pixels": LONGEST}
    named = [f"{name} {number}" for name, number in rules.items()]
    return ", ".join([text.reader_name(), code_reader_name(), *named])


def covered_view(
    data: bytes,
    named: Sequence[Box] = (),
    limits: Limits = LIMITS,
    longest: int = LONGEST,
    known: Parts | None = None,
) -> Covered:
    """The picture at most `longest` pixels long, as a JPEG without metadata, its contacts covered.

    `named` are parts to cover as well, in percent of width and height. PictureError if it is not
    read. Without the extra `pictures` only `named` parts are covered; see `missing_to_cover`.
    `known` are the parts that were read in the same view before, which is not read again.
    """
    image = read_picture(data, longest, limits)
    parts = _parts_of(image) if known is None else known
    draw = ImageDraw.Draw(image)
    for part in (*parts.lines, *parts.codes):
        draw.rectangle(part, fill=_GREY)
    for left, top, right, bottom in named:
        across, down = image.width / 100, image.height / 100
        edges = (floor(left * across), floor(top * down), ceil(right * across), ceil(bottom * down))
        draw.rectangle(edges, fill=_GREY)
    return Covered(encoded(image), len(parts.lines), len(parts.codes), parts)


def _parts_of(image: Image.Image) -> Parts:
    """The parts to cover, as the readers find them."""
    pixels = as_pixels(image)
    lines = text.read_lines(pixels, sure=0.0) if text.reader_name() else []
    found = codes.code_boxes(pixels) if codes.code_reader_name() else []
    return Parts(
        tuple(_wider(line.box, image) for line in lines_with_contacts(lines)),
        tuple(_wider(box, image) for box in found),
    )


def lines_with_contacts(lines: Sequence[Line]) -> list[Line]:
    """The lines with a contact, or a part of one that goes on in the line below."""
    chosen = {
        place
        for place, line in enumerate(lines)
        if read_contacts(line.text)[0] or _may_be_account(line)
    }
    for place, (one, other) in enumerate(pairwise(lines)):
        if _goes_on(one, other):
            chosen |= {place, place + 1}
    return [line for place, line in enumerate(lines) if place in chosen]


def _may_be_account(line: Line) -> bool:
    """Whether a line has letters or digits of an account; patterns give unsure lines of letters."""
    found = _ACCOUNT.finditer(line.text)
    return any(line.confidence >= SURE or not each[0].isalpha() for each in found)


def _goes_on(one: Line, other: Line) -> bool:
    """Whether two lines have a contact together that none of them has alone."""
    apart = sum(len(read_contacts(line.text)[0]) for line in (one, other))
    joined = (f"{one.text}\n{other.text}", f"{one.text} {other.text}")
    return any(len(read_contacts(text, lines=True)[0]) > apart for text in joined)


def _wider(box: Box, image: Image.Image) -> Edges:
    left, top, right, bottom = box
    margin = max(_LEAST_MARGIN, _MARGIN * (bottom - top))
    return (
        max(0, floor(left - margin)),
        max(0, floor(top - margin)),
        min(image.width, ceil(right + margin)),
        min(image.height, ceil(bottom + margin)),
    )
