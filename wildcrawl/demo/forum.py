"""老友收藏論壇, the collectors' forum: HTML in Big5, traditional characters, paging by offset.

Every page is Big5 and says so, in its header and in `<meta charset="big5">`.

Search: `/forum/search.php?q=KEYWORD&start=N`, the keyword percent-encoded in Big5 and therefore in
traditional characters; the engine itself treats both scripts alike. N counts
results from 0, 15 a page.

    <table class="threads"><tbody>
      <tr class="thread" id="t70412" data-tid="70412">
        <td class="subject"><a href="/forum/thread-70412-1-1.html">subject</a></td>
        <td class="board">牙角雜項</td>
        <td class="author"><a href="/forum/space-5120.html">老友K02</a></td>
        <td class="date">2016-12-03 14:20</td>
        <td class="replies">3</td>
      </tr> …
    </tbody></table>
    <div class="pager">…
      <a class="nextpage" href="/forum/search.php?q=…&amp;start=15">下一頁</a></div>

The last page has no `a.nextpage`; past the end and without results there is
`<p class="notice">對不起，沒有找到符合的主題</p>` and no table. A subject may be empty.

Advertisement: `/forum/thread-ID-1-1.html`; 404 when gone.

    <h1 class="subject">subject</h1> <a class="boardlink">牙角雜項</a>
    <div class="post first" id="p70412">
      <a class="author" data-uid="5120">老友K02</a> <span class="from">台北</span>
      <span class="postdate">2016-12-03 14:20</span>
      <div class="message">text, lines parted by <br>; with a price its last line is
        【售價】<span class="ask">3,500元</span></div>
      <div class="attach"><img src="/img/forum/70412/1.jpg"> …</div>
    </div>
    <div class="post"> … replies by others, with the same markup, without price and pictures </div>
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, abort, render_template

from wildcrawl.demo.pages import argument, encoded, html, number, picture_paths
from wildcrawl.demo.truth import Planted, search

PREFIX = "forum"
CHARSET = "big5"
PAGE_SIZE = 15
_REPLIES = (
    "頂一下，東西不錯。",
    "私訊你了，請看。",
    "樓主還在嗎？",
    "我也有一件象牙的，改天拍給大家看。",
    "只看不買，路過。",
    "多少錢肯讓？求購老犀角，有的聯絡。",
    "學習了。",
)


def blueprint(planted: Sequence[Planted]) -> Blueprint:
    """Blueprint of the forum with the given advertisements."""
    site = Blueprint(PREFIX, __name__)
    by_id = {ad.ad_id: ad for ad in planted}

    @site.get("/")
    def home() -> Response:
        newest = sorted(planted, key=lambda ad: ad.posted_at, reverse=True)
        return _page("search.html", found=newest[:PAGE_SIZE], q="", total=None)

    @site.get("/search.php", endpoint="search")
    def show_results() -> Response:
        q, start = argument("q", CHARSET), number("start", 0)
        results = search(planted, q)
        return _page(
            "search.html",
            q=q,
            found=results[start : start + PAGE_SIZE],
            total=len(results),
            start=start,
            size=PAGE_SIZE,
            link=f"/forum/search.php?q={encoded(q, CHARSET)}&start=",
        )

    @site.get("/thread-<ad_id>-1-1.html")
    def item(ad_id: str) -> Response:
        ad = by_id.get(ad_id) or abort(404)
        return _page("thread.html", ad=ad, q="", answers=_replies(ad))

    return site


def _replies(ad: Planted) -> list[tuple[str, str]]:
    """Replies as (author, text): noise that is not part of the advertisement."""
    seed = int(ad.ad_id)
    return [
        (
            f"老友R{(seed * 7 + index * 13) % 90 + 10}",
            _REPLIES[(seed + index * 3) % len(_REPLIES)],
        )
        for index in range(seed % 4)
    ]


def _page(template: str, **values: object) -> Response:
    text = render_template(
        f"forum/{template}",
        pictures=picture_paths,
        reply_count=lambda ad: len(_replies(ad)),
        **values,
    )
    return html(text, CHARSET)
