"""From a chart to the inline drawing of a page: SVG with a text alternative, and no outside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import vl_convert
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable

FONTS = (
    "Source Sans 3, Helvetica Neue, Helvetica, Arial, Noto Sans, Noto Sans CJK SC, PingFang SC, "
    "Microsoft YaHei, sans-serif"
)
INK, SOFT, FAINT = "#1c1e21", "#5b6168", "#dfe2e5"
# Okabe and Ito's, which colour-blind readers tell apart; dashes do the same in grey.
LINES = (("#0072B2", [1, 0]), ("#B64A00", [5, 3]))
# On each other lie dark and light in turn, and no two are as dark, so that they differ in grey too.
STACK = ("#0072B2", "#EDA827", "#702A00", "#B8DDF4", "#005F45", "#92969B")
STACK_INK = ("#fff", "#1c1e21", "#fff", "#1c1e21", "#fff", "#1c1e21")
BAND = "#e6e9ec"
REST = "#9aa0a6"

WIDE, NARROW = 900, 350
"""How wide a figure is drawn, in pixels: for desk and paper, and for a phone."""


@dataclass(frozen=True)
class Figure:
    """A drawn figure: the SVG for wide pages and paper, the one for phones, and its words."""

    name: str
    title: str
    alternative: str
    wide: Markup
    narrow: Markup


def draw(name: str, title: str, alternative: str, chart: Callable[[int], Any]) -> Figure:
    """Draws `chart`, which makes an altair chart for a width in pixels, twice."""
    wide, narrow = (
        _svg(chart(width), f"{name}-{width}", title, alternative) for width in (WIDE, NARROW)
    )
    return Figure(name, title, alternative, wide, narrow)


def _svg(chart: Any, name: str, title: str, alternative: str) -> Markup:
    drawn = vl_convert.vegalite_to_svg(_styled(chart).to_dict(validate=False))
    # What a screen reader needs is in title and desc; the marks would be read one by one.
    drawn = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", drawn)
    opening = re.search(r'<svg[^>]*? width="([\d.]+)"[^>]*? viewBox="([^"]+)"[^>]*>', drawn)
    if opening is None:
        raise RuntimeError(f"the chart {name} was drawn without a size")
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{0}-t {0}-d" '
        'viewBox="{1}" style="max-width:{2}px"><title id="{0}-t">{3}</title>'
        '<desc id="{0}-d">{4}</desc>'
    ).format(name, opening[2], opening[1], title, alternative)
    # Vega escapes the texts that it draws.
    return head + Markup(drawn[opening.end() :])  # noqa: S704


def _styled(chart: Any) -> Any:
    axis = {
        "domain": False,
        "ticks": False,
        "labelColor": SOFT,
        "labelFontSize": 12,
        "labelPadding": 6,
        "gridColor": FAINT,
        "title": None,
    }
    return chart.configure(
        background="transparent", font=FONTS, padding=2, view={"stroke": None}, axis=axis
    )
