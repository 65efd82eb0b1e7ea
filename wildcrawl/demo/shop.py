"""云上雅集, Cloud Boutique: results appear only after a script has run.

Search: `/shop/?q=KEYWORD&page=N` (UTF-8, N from 1) answers a page whose `#results` is empty; its
script fetches `/shop/data` with the header `X-Shop: 1` and draws. Afterwards the page holds

    <div id="results" data-ready="1" data-total="14">
      <article class="card" data-sku="YS-0217">
        <a class="card-link" href="/shop/p/YS-0217"><img src="/img/shop/YS-0217/1.jpg" alt=""></a>
        <h3 class="card-title">title</h3>
        <p class="card-text">description</p>                   (whole)
        <span class="card-price">￥4,900</span>
        <span class="card-seller" data-seller="s081">云水斋</span>
        <span class="card-place">杭州</span> <time class="card-time">2016-12-03 14:20</time>
      </article> … 12 a page
    </div>
    <nav id="pager"><a class="next" href="/shop/?q=…&page=2">下一页</a></nav>   (empty on the last)

No results: `#results` is ready and holds `<p class="empty">没有找到相关商品</p>`.

The data: `/shop/data?q=…&page=N` gives `{"total", "hasMore", "goods": [{sku, title, text, price,
seller, sellerId, place, time, category, cover}]}`; without the header 403.

Advertisement: `/shop/p/SKU`, plain HTML; 404 when gone.

    <h1 class="p-title">, <div class="p-price">, <span class="p-category">, <div class="p-text">,
    <a class="p-seller" data-seller="s081">, <span class="p-place">, <time class="p-time">,
    <div class="p-photos"><img src="/img/shop/YS-0217/1.jpg"> …</div>
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, abort, jsonify, render_template, request

from wildcrawl.demo.pages import html, number, picture_paths, slice_of
from wildcrawl.demo.truth import Planted, search

PREFIX = "shop"
PAGE_SIZE = 12


def blueprint(planted: Sequence[Planted]) -> Blueprint:
    """Blueprint of the boutique with the given advertisements."""
    site = Blueprint(PREFIX, __name__)
    by_id = {ad.ad_id: ad for ad in planted}

    @site.get("/", endpoint="search")
    def show_shell() -> Response:
        return html(render_template("shop/search.html", q=request.args.get("q", "")))

    @site.get("/data")
    def data() -> Response:
        if request.headers.get("X-Shop") != "1":
            abort(403)
        page = max(number("page", 1), 1)
        asked = request.args.get("q", "")
        results = search(planted, asked) if asked else list(planted)
        return jsonify(
            total=len(results),
            hasMore=page * PAGE_SIZE < len(results),
            goods=[_card(ad) for ad in slice_of(results, page, PAGE_SIZE)],
        )

    @site.get("/p/<ad_id>")
    def item(ad_id: str) -> Response:
        ad = by_id.get(ad_id) or abort(404)
        return html(render_template("shop/item.html", ad=ad, pictures=picture_paths, q=""))

    return site


def _card(ad: Planted) -> dict[str, str]:
    return {
        "sku": ad.ad_id,
        "title": ad.title,
        "text": ad.description,
        "price": ad.price,
        "seller": ad.seller,
        "sellerId": ad.seller_id,
        "place": ad.location,
        "time": ad.posted_at,
        "category": ad.category,
        "cover": picture_paths(ad)[0],
    }
