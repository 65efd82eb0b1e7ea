"""Figure files: each figure of a page as SVG and PNG, to use elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import vl_convert
from markupsafe import escape

from exports.charts.figure import SOFT, UNKNOWN_FONT
from exports.file_names import figure_name

if TYPE_CHECKING:
    from exports.charts.figure import Figure

_SCALE = 2
"""Pixels of the PNG for each of the SVG."""
_FONTS = "Helvetica, Arial, 'Noto Sans', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif"


_LINE = 24
"""Height in pixels of the line above a figure that is marked."""
_BOX = re.compile(r'viewBox="0 0 (\S+) (\S+)"')


def write_figures(
    folder: Path, figures: Mapping[str, Figure], mark: str = "", *, provisional: bool = False
) -> None:
    """Writes NAME.svg and NAME.png of each figure to `folder`, which is made if needed.

    `mark` is what titles say of a report that is provisional or counts pending advertisements.
    """
    folder.mkdir(exist_ok=True)
    for name, figure in figures.items():
        drawn = str(figure.wide).replace(UNKNOWN_FONT, _FONTS)
        if mark:
            drawn = _with_line(drawn, f"{figure.title}{mark}")
        path = folder / figure_name(name, provisional=provisional)
        path.with_suffix(".svg").write_text(drawn, encoding="utf-8")
        picture = vl_convert.svg_to_png(_on_white(drawn), scale=_SCALE)
        path.with_suffix(".png").write_bytes(picture)


def _with_line(drawn: str, text: str) -> str:
    """The figure with a line of text above it, since a saved picture is used without its page."""
    higher = _BOX.sub(
        lambda box: f'viewBox="0 {-_LINE} {box[1]} {float(box[2]) + _LINE:g}"', drawn, count=1
    )
    line = (
        f'<text x="0" y="-8" font-family="{_FONTS}" font-size="13px" fill="{SOFT}">'
        f"{escape(text)}</text>"
    )
    body, end, _ = higher.rpartition("</svg>")
    return f"{body}{line}{end}"


def _on_white(drawn: str) -> str:
    """The figure on white, for places whose background is dark."""
    head, _, body = drawn.partition(">")
    top = -_LINE if f'viewBox="0 {-_LINE} ' in head else 0
    return f'{head}><rect y="{top}" width="100%" height="100%" fill="#fff"/>{body}'
