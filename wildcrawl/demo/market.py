"""拾光二手, Second-hand Market: a JSON API in UTF-8, and the same as pages for people.

Search: `/market/api/search?keyword=KEYWORD&page=N&size=30` (UTF-8, N from 1; never more than
20 a page, whatever `size` asks for).

With `&category=手串` it finds what stands in that category alone.

    {"code": 0, "msg": "ok", "data": {"total": 43, "page": 1, "hasMore": true, "items": [
      {"id": 6620114478, "title": "…", "desc": "cut to 12 characters…",
       "price": 1280 | "999999.00" | "面议" | null, "priceText": "￥1280" | "面议" | "",
       "seller": {"id": "u20417", "nick": "藏友A17"}, "area": "上海", "category": "手串",
       "publishTime": 1480752000000, "pics": ["/img/market/6620114478/1.jpg"],
       "url": "/market/item/6620114478", "recommend": false}]}}

`id` is a number. Every page ends with one and the same recommended item (`"recommend": true`),
whatever was searched for. Past the end: only that one and `hasMore` false. No keyword:
`{"code": 4001, "msg": "缺少参数 keyword", "data": null}`, with status 200 as everywhere here.

Advertisement: `/market/api/item/ID` gives `{"code": 0, "data": {…}}` with the same fields and
the full `desc`; what is gone gives `{"code": 4004, "msg": "宝贝不存在或已下架", "data": null}`.

For people: `/market/search?keyword=…&page=N` and `/market/item/ID`, plain HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request

from wildcrawl.demo.pages import (
    epoch_milliseconds,
    html,
    last_page,
    number,
    picture_paths,
    shortened,
    slice_of,
)
from wildcrawl.demo.truth import Planted, search

PREFIX = "market"
PAGE_SIZE = 20
RECOMMENDED = "6620190055"
"""A camera that nobody searched for."""


def shown(ad: Planted, full: bool) -> dict[str, Any]:
    """One advertisement as the API gives it."""
    return {
        "id": int(ad.ad_id),
        "title": ad.title,
        "desc": ad.description if full else shortened(ad.description, 12),
        "price": int(ad.price) if _is_number(ad.price) else ad.price or None,
        "priceText": f"￥{ad.price}" if _is_number(ad.price) else ad.price,
        "seller": {"id": ad.seller_id, "nick": ad.seller},
        "area": ad.location,
        "category": ad.category,
        "publishTime": epoch_milliseconds(ad.posted_at),
        "pics": picture_paths(ad),
        "url": f"/market/item/{ad.ad_id}",
        "recommend": False,
    }


def blueprint(planted: Sequence[Planted]) -> Blueprint:
    """The market's API and pages over its advertisements."""
    site = Blueprint(PREFIX, __name__)
    by_id = {each.ad_id: each for each in planted}
    recommended = by_id.get(RECOMMENDED)

    @site.get("/api/search", endpoint="search")
    def find() -> Response:
        keyword = request.args.get("keyword", "")
        if not keyword:
            return _refused(4001, "缺少参数 keyword")
        page, size = max(number("page", 1), 1), min(max(number("size", PAGE_SIZE), 1), PAGE_SIZE)
        category = request.args.get("category", "")
        found = [ad for ad in search(planted, keyword) if category in ("", ad.category)]
        items = [shown(ad, full=False) for ad in slice_of(found, page, size)]
        if recommended:
            items.append(shown(recommended, full=False) | {"recommend": True})
        return _answered(
            {"total": len(found), "page": page, "hasMore": page * size < len(found), "items": items}
        )

    @site.get("/api/item/<ad_id>")
    def item(ad_id: str) -> Response:
        ad = by_id.get(ad_id)
        return _answered(shown(ad, full=True)) if ad else _refused(4004, "宝贝不存在或已下架")

    @site.get("/")
    def home() -> Response:
        newest = sorted(planted, key=lambda each: each.posted_at, reverse=True)[:12]
        return html(_page("search.html", found=newest, keyword="", total=None))

    @site.get("/search")
    def search_page() -> Response:
        keyword, page = request.args.get("keyword", ""), max(number("page", 1), 1)
        found = search(planted, keyword)
        values = {"total": len(found), "page": page, "last": last_page(len(found), PAGE_SIZE)}
        shown_now = slice_of(found, page, PAGE_SIZE)
        return html(_page("search.html", found=shown_now, keyword=keyword, **values))

    @site.get("/item/<ad_id>")
    def item_page(ad_id: str) -> Response:
        return html(_page("item.html", ad=by_id.get(ad_id) or abort(404), keyword=""))

    return site


def _page(template: str, **values: object) -> str:
    return render_template(
        f"market/{template}", pictures=picture_paths, is_number=_is_number, **values
    )


def _is_number(price: str) -> bool:
    return price.isascii() and price.isdigit()


def _answered(data: dict[str, Any]) -> Response:
    return jsonify(code=0, msg="ok", data=data)


def _refused(code: int, message: str) -> Response:
    return jsonify(code=code, msg=message, data=None)
