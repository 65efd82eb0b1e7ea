"""Figures: inline SVG with a text alternative, their colours, and the room that labels take."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

from markupsafe import Markup

UNKNOWN_FONT = "wildcrawl"
"""Name of a font that does not exist.

Vega then reserves the same width for texts on every machine, enough for the widest common fonts;
the page's style sheet sets the real fonts.
"""
INK, SOFT, FAINT = "#1c1e21", "#5b6168", "#dfe2e5"
# Okabe and Ito's palette, distinguishable by colour-blind readers; dashes distinguish in grey.
LINES = (("#0072B2", [1, 0]), ("#B64A00", [5, 3]))
# Dark and light alternate and all differ in lightness, so that layers differ in grey too.
STACK = ("#0072B2", "#EDA827", "#702A00", "#B8DDF4", "#005F45", "#92969B")
STACK_INK = ("#fff", "#1c1e21", "#fff", "#1c1e21", "#fff", "#1c1e21")
BAND = "#e6e9ec"
REST = "#9aa0a6"

WIDE, NARROW = 900, 350
"""Width of figures in pixels: for screens and paper, and for phones."""

NAMED = 8
"""Maximum number of sites or months named in a legend."""


@dataclass(frozen=True)
class Figure:
    """A drawn figure: SVG for wide pages and paper, SVG for phones, and its texts.

    `legend` explains signs of the figure, if it has any.
    """

    name: str
    title: str
    wide: Markup
    narrow: Markup
    legend: str = ""


@dataclass(frozen=True)
class Drawing:
    """SVG elements that need no chart library, and their extent in pixels."""

    width: float
    height: float
    body: Markup


def draw_plain(
    name: str, title: str, alternative: str, drawing: Callable[[int], Drawing], legend: str = ""
) -> Figure:
    """Both widths of a figure of plain SVG; `drawing` makes it for a width in pixels."""
    words = f"{alternative} {legend}".strip()
    wide, narrow = (
        _plain(drawing(width), f"{name}-{width}", title, words) for width in (WIDE, NARROW)
    )
    return Figure(name, title, wide, narrow, legend)


def _plain(drawing: Drawing, name: str, title: str, alternative: str) -> Markup:
    box = f"0 0 {drawing.width:g} {drawing.height:g}"
    head = head_of(name, box, drawing.width, title, alternative)
    return head + _TEXTS.format(UNKNOWN_FONT, drawing.body) + Markup("</svg>")


def head_of(name: str, box: str, width: float | str, title: str, alternative: str) -> Markup:
    """Opening of a figure's SVG: its size in pixels, and title and alternative for readers."""
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{0}-t {0}-d" '
        'viewBox="{1}" style="max-width:{2}px"><title id="{0}-t">{3}</title>'
        '<desc id="{0}-d">{4}</desc>'
    ).format(name, box, width, printable(title), printable(alternative))


def printable(text: str) -> str:
    """A text without characters that are not valid in XML.

    >>> printable("a" + chr(0) + "b" + chr(0xFFFE))
    'ab'
    """
    return _NOT_XML.sub("", text)


_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TEXTS = Markup('<g font-family="{}" font-size="13px">{}</g>')


def brief(label: str) -> str:
    """A label without its part in brackets, which the table keeps.

    >>> brief("Sea turtle (hawksbill)")
    'Sea turtle'
    """
    return re.sub(r"\s*[(（].*?[)）]$", "", label) or label


def wide(text: str) -> int:
    """Width of a text in letters; Chinese characters count as two."""
    return sum(1 if ord(character) < 0x2E80 else 2 for character in text)


_EM = {
    **dict.fromkeys("'.,:;|!iIjl", 0.36),
    **dict.fromkeys(" ()[]/\\-frt", 0.42),
    **dict.fromkeys("mwMW@%–—…+", 0.99),
}
"""Widths of letters in DejaVu Sans, the widest font in common use, in parts of the font's size."""


def span(text: str, size: float = 13) -> float:
    """Greatest width of a text in pixels, whatever the common font that shows it.

    >>> round(span("ill")), round(span("Www")), round(span("象牙"))
    (14, 39, 26)
    """
    return size * sum(map(_em, text))


def _em(letter: str) -> float:
    if letter in _EM:
        return _EM[letter]
    if ord(letter) >= 0x2E80:
        return 1.0
    return 0.78 if letter.isupper() else 0.64


def fit(name: str, room: int) -> str:
    """A name shortened to `room` letters: whole, without its brackets, or cut.

    >>> fit("Sea turtle (hawksbill)", 12), fit("Helmeted hornbill", 12), fit("玳瑁", 12)
    ('Sea turtle', 'Helmeted ho…', '玳瑁')
    """
    if wide(name) <= room:
        return name
    name, used = brief(name), 0
    for place, character in enumerate(name):
        used += wide(character)
        if used > room:
            return f"{name[: place - 1].rstrip()}…"
    return name


def lines(text: str, room: int) -> list[str]:
    """A text broken into lines of about the given number of letters.

    >>> lines("China pledges to end its ivory trade", 20), lines("中国宣布停止象牙贸易", 12)
    (['China pledges to end', 'its ivory trade'], ['中国宣布停止', '象牙贸易'])
    >>> lines("修订的《保护法》施行", 14)
    ['修订的《保护', '法》施行']
    """
    if wide(text) <= room:
        return [text]
    letters = room if text.isascii() else room // 2
    broken = textwrap.wrap(text, max(4, letters)) or [text]
    for place, line in enumerate(broken[1:], 1):
        # No line begins with a mark that closes or ends what is before it.
        if line[0] in _NO_LINE_BEGINS_WITH and len(broken[place - 1]) > 1:
            broken[place] = broken[place - 1][-1] + line
            broken[place - 1] = broken[place - 1][:-1]
    return broken


_NO_LINE_BEGINS_WITH = "，。、；：？！）》」』】〉〕”’…%"


def apart(places: Sequence[float], gap: float, highest: float = inf) -> list[float]:
    """Positions of labels, moved apart by at least `gap` where they overlap, in the same order.

    They are moved up, and down again if they exceed `highest`.

    >>> apart([10, 10, 0], 4), apart([10, 10, 0], 4, highest=10)
    ([14.0, 10.0, 0.0], [10.0, 6.0, 0.0])
    """
    moved: dict[int, float] = {}
    order = sorted(range(len(places)), key=lambda number: (places[number], -number))
    lowest = -inf
    for number in order:
        lowest = moved[number] = max(float(places[number]), lowest + gap)
    for number in reversed(order):
        moved[number] = min(moved[number], float(highest))
        highest = moved[number] - gap
    return [moved[number] for number in range(len(places))]


def seen(places: Sequence[float], ranks: Sequence[float], gap: float) -> list[bool]:
    """Whether each label along a line is written: highest rank first, at least `gap` apart.

    >>> seen([0, 1, 9], [5, 7, 1], 4)
    [False, True, True]
    """
    written: list[float] = []
    for number in sorted(range(len(places)), key=lambda number: -ranks[number]):
        if all(abs(places[number] - other) >= gap for other in written):
            written.append(places[number])
    return [place in written for place in places]


LETTER = 6.9
"""Width of a letter in pixels."""
TEXT = Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}" font-size="{}px" fill="{}">{}</text>')
RECT = Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{}" fill="{}"/>')
_LEGEND_LINE = 20


def legend_of(entries: Sequence[tuple[str, str]], width: float) -> tuple[list[Markup], float]:
    """Squares with their names, from pairs of a name and a colour, and the height they take."""
    parts: list[Markup] = []
    x = y = 0.0
    for name, colour in entries:
        shown = printable(fit(name, 24))
        extent = LETTER * wide(shown) + 34
        if x and x + extent > width:
            x, y = 0.0, y + _LEGEND_LINE
        parts += [
            RECT.format(x, y + 2, 11, 11, colour),
            TEXT.format(x + 17, y + 12, "start", 12.5, INK, shown),
        ]
        x += extent
    return parts, y + _LEGEND_LINE + 8
