"""周末地摊, Weekend fair board: no search engine; lists by stall, searched by a person.

`/fair/` lists the stalls: `<li class="stall"><a href="/fair/stall/B07/">B07 …</a></li>`.
A stall's list: `/fair/stall/B07/`, then `/fair/stall/B07/2/`, six lots a page, UTF-8.

    <div class="lot" id="B07-03">
      <h3>title</h3> <p class="text">description</p> <span class="ask">350元</span>
      <span class="when">2016-12-03 14:20</span> <img src="/img/fair/B07-03/1.jpg">
    </div> …
    <a class="more" href="/fair/stall/B07/2/">后面还有</a>

Single advertisements have no pages: the URL of one is the list's with `#B07-03`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, render_template

from wildcrawl.demo.pages import html, last_page, picture_paths, slice_of

if TYPE_CHECKING:
    from wildcrawl.demo.truth import Planted

PREFIX = "fair"
PAGE_SIZE = 6


def stall_of(ad: Planted) -> str:
    """Code of the stall of a lot: B07 for B07-03."""
    return ad.ad_id.partition("-")[0]


def lot_path(planted: Sequence[Planted], ad: Planted) -> str:
    """Path and anchor of a lot on the board."""
    place = [lot.ad_id for lot in planted if stall_of(lot) == stall_of(ad)].index(ad.ad_id)
    page = place // PAGE_SIZE + 1
    return f"/fair/stall/{stall_of(ad)}/{f'{page}/' if page > 1 else ''}#{ad.ad_id}"


def blueprint(planted: Sequence[Planted]) -> Blueprint:
    """Blueprint of the board with the given advertisements."""
    site = Blueprint(PREFIX, __name__)
    stalls: dict[str, list[Planted]] = {}
    for lot in planted:
        stalls.setdefault(stall_of(lot), []).append(lot)

    @site.get("/")
    def index() -> Response:
        return html(render_template("fair/index.html", stalls=stalls))

    @site.get("/stall/<code>/", defaults={"page": 1})
    @site.get("/stall/<code>/<int:page>/")
    def stall(code: str, page: int) -> Response:
        lots = stalls.get(code, [])
        page_lots = slice_of(lots, page, PAGE_SIZE) or abort(404)
        more = page < last_page(len(lots), PAGE_SIZE)
        values = {"code": code, "lots": page_lots, "page": page, "more": more}
        return html(render_template("fair/stall.html", pictures=picture_paths, **values))

    return site
