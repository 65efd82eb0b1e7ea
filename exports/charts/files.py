"""Figure files: each figure of a page as SVG and PNG, to use elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import vl_convert

from exports.charts.figure import UNKNOWN_FONT

if TYPE_CHECKING:
    from exports.charts.figure import Figure

_SCALE = 2
"""Pixels of the PNG for each of the SVG."""
_FONTS = "Helvetica, Arial, 'Noto Sans', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif"


def write_figures(folder: Path, figures: Mapping[str, Figure]) -> None:
    """Writes NAME.svg and NAME.png of each figure to `folder`, which is made if needed."""
    folder.mkdir(exist_ok=True)
    for name, figure in figures.items():
        drawn = str(figure.wide).replace(UNKNOWN_FONT, _FONTS)
        (folder / f"{name}.svg").write_text(drawn, encoding="utf-8")
        picture = vl_convert.svg_to_png(_on_white(drawn), scale=_SCALE)
        (folder / f"{name}.png").write_bytes(picture)


def _on_white(drawn: str) -> str:
    """The figure on white, for places whose background is dark."""
    head, _, body = drawn.partition(">")
    return f'{head}><rect width="100%" height="100%" fill="#fff"/>{body}'
