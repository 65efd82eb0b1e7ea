"""港湾古玩城, Harbour Antiques Mall: HTML search pages in GBK with a wrong charset header.

Every page is GB18030 bytes; the header says `text/html; charset=iso-8859-1`, the page itself
`<meta http-equiv="Content-Type" content="text/html; charset=gb2312">`. Browsers, which would
follow the header and show garbled text, get a header without a charset.

Search: `/mall/search.asp?key=KEYWORD&page=N`, the keyword percent-encoded in GB18030, N from 1.

    <p class="count">共找到 <b>43</b> 件</p>                     (or <p class="none">…没有找到…</p>)
    <div class="goods-list">
      <dl class="goods" data-id="118204">                       (promoted ones: "goods promo")
        <dt><a class="pic" href="/mall/item-118204.html"><img src="/img/mall/118204/1.jpg"></a></dt>
        <dd class="name"><a href="/mall/item-118204.html">title cut to 20 characters…</a></dd>
        <dd class="price">￥4,900</dd>                           (may be empty)
        <dd class="shop"><a href="/mall/shop-3017.html">藏友A17</a>
          <span class="city">上海</span></dd>
      </dl> … 20 a page, and after them the same two promoted ones on every page with results
    </div>
    <div class="pages">… <a class="next" href="/mall/search.asp?key=…&amp;page=2">下一页</a></div>

The last page has no `a.next`; asking past the end shows the last page again. No results: no
`.goods-list`. The search covers title, description and hidden tags; image-only posts have an
empty name.

Advertisement: `/mall/item-ID.html`; 404 when gone.

    <div class="crumb"><a>首页</a> &gt; <a class="cat">竹木牙角</a></div>
    <h1 id="goods-name">full title</h1>
    <span id="goods-price">￥4,900</span>
    <table class="attrs">: tr > th + td: 编号, 所在地 (td.city), 上架时间 (td.posted, written
      2016-12-03 14:20)
    <a class="seller" data-uid="3017" href="/mall/shop-3017.html">藏友A17</a>
    <div id="goods-desc">description, lines parted by <br></div>
    <div class="gallery"><img src="/img/mall/118204/1.jpg"> …</div>

`/mall/admin` is disallowed by robots.txt.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, abort, render_template, request

from wildcrawl.demo.pages import (
    argument,
    encoded,
    html,
    last_page,
    number,
    picture_paths,
    shortened,
    slice_of,
)
from wildcrawl.demo.truth import Planted, search

PREFIX = "mall"
CHARSET = "gb18030"
PAGE_SIZE = 20
PROMOTED = ("118204", "120655")
"""Promoted advertisements on every page: an ivory bangle, and an unrelated sandalwood string."""


def render(template: str, **values: object) -> Response:
    """A page of the mall: GB18030 with a header that claims Latin-1."""
    text = render_template(
        f"mall/{template}", pictures=picture_paths, shortened=shortened, **values
    )
    answer = html(text, CHARSET, claimed="iso-8859-1")
    if "Sec-Fetch-Mode" in request.headers:
        answer.headers["Content-Type"] = "text/html"
    return answer


def blueprint(planted: Sequence[Planted]) -> Blueprint:
    """Blueprint of the mall with the given advertisements."""
    site = Blueprint(PREFIX, __name__)
    by_id = {ad.ad_id: ad for ad in planted}
    promoted = [by_id[ad_id] for ad_id in PROMOTED if ad_id in by_id]

    @site.get("/")
    def home() -> Response:
        newest = sorted(planted, key=lambda ad: ad.posted_at, reverse=True)
        return render("home.html", found=newest[:10], key="")

    @site.get("/search.asp", endpoint="search")
    def show_results() -> Response:
        key = argument("key", CHARSET)
        results = search(planted, key)
        last = last_page(len(results), PAGE_SIZE)
        page = min(max(number("page", 1), 1), last)
        return render(
            "search.html",
            key=key,
            total=len(results),
            found=slice_of(results, page, PAGE_SIZE),
            promoted=promoted,
            page=page,
            last=last,
            link=f"/mall/search.asp?key={encoded(key, CHARSET)}&page=",
        )

    @site.get("/item-<ad_id>.html")
    def item(ad_id: str) -> Response:
        ad = by_id.get(ad_id) or abort(404)
        return render("item.html", ad=ad, key="")

    @site.get("/shop-<seller_id>.html")
    def seller(seller_id: str) -> Response:
        ads = [ad for ad in planted if ad.seller_id == seller_id]
        return render("home.html", found=ads, key="") if ads else abort(404)

    @site.get("/admin")
    def admin() -> Response:
        return html("<h1>管理入口</h1>", CHARSET)

    return site
