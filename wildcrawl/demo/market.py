"""拾光二手, Second-hand Market: a JSON API in UTF-8, and HTML pages.

Search: `/market/api/search?keyword=KEYWORD&page=N&size=30` (UTF-8, N from 1; at most 20
a page, even if `size` is larger).

With `&category=手串` only that category is searched.

    {"code": 0, "msg": "ok", "data": {"total": 43, "page": 1, "hasMore": true, "items": [
      {"id": 6620114478, "title": "…", "desc": "cut to 12 characters…",
       "price": 1280 | "999999.00" | "面议" | null, "priceText": "￥1280" | "面议" | "",
       "seller": {"id": "u20417", "nick": "藏友A17"}, "area": "上海", "category": "手串",
       "publishTime": 1480752000000, "pics": ["/img/market/6620114478/1.jpg"],
       "url": "/market/item/6620114478", "recommend": false}]}}

`id` is a number. Every page ends with the same recommended item (`"recommend": true`) for all
keywords. Past the end: only that item, and `hasMore` false. Without a keyword:
`{"code": 4001, "msg": "缺少参数 keyword", "data": null}`, with status 200 like all answers.

Advertisement: `/market/api/item/ID` gives `{"code": 0, "data": {…}}` with the same fields and
the full `desc`; a removed one gives `{"code": 4004, "msg": "宝贝不存在或已下架", "data": null}`.

HTML pages: `/market/search?keyword=…&page=N` and `/market/item/ID`, plain HTML.
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
"""Id of the recommended item, an unrelated camera."""


def as_json(ad: Planted, full: bool) -> dict[str, Any]:
    """JSON object of an advertisement in the API."""
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
    """Blueprint of the market's API and pages with the given advertisements."""
    site = Blueprint(PREFIX, __name__)
    by_id = {ad.ad_id: ad for ad in planted}
    recommended = by_id.get(RECOMMENDED)

    @site.get("/api/search", endpoint="search")
    def find() -> Response:
        keyword = request.args.get("keyword", "")
        if not keyword:
            return _refused(4001, "缺少参数 keyword")
        page, size = max(number("page", 1), 1), min(max(number("size", PAGE_SIZE), 1), PAGE_SIZE)
        category = request.args.get("category", "")
        results = [ad for ad in search(planted, keyword) if category in ("", ad.category)]
        items = [as_json(ad, full=False) for ad in slice_of(results, page, size)]
        if recommended:
            items.append(as_json(recommended, full=False) | {"recommend": True})
        return _answered(
            {
                "total": len(results),
                "page": page,
                "hasMore": page * size < len(results),
                "items": items,
            }
        )

    @site.get("/api/item/<ad_id>")
    def item(ad_id: str) -> Response:
        ad = by_id.get(ad_id)
        return _answered(as_json(ad, full=True)) if ad else _refused(4004, "宝贝不存在或已下架")

    @site.get("/")
    def home() -> Response:
        newest = sorted(planted, key=lambda ad: ad.posted_at, reverse=True)[:12]
        return html(_page("search.html", found=newest, keyword="", total=None))

    @site.get("/search")
    def search_page() -> Response:
        keyword, page = request.args.get("keyword", ""), max(number("page", 1), 1)
        results = search(planted, keyword)
        values = {"total": len(results), "page": page, "last": last_page(len(results), PAGE_SIZE)}
        page_results = slice_of(results, page, PAGE_SIZE)
        return html(_page("search.html", found=page_results, keyword=keyword, **values))

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
