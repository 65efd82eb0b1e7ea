"""Broken search pages for tests; each takes `?key=` and `&page=`.

Pages with results use the mall's markup. `/broken/empty` (200, no body), `truncated` (cut in
the middle of the second card), `not-html` (a picture called text/html), `huge` (50 MB, streamed
without a length), `lies` (UTF-8 under a header that says gbk, no meta), `500`, `403`, `captcha`
and `login` (200, no results), `changed` (the mall's results in other markup: no card matches).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, render_template

from wildcrawl.demo.mall import CHARSET
from wildcrawl.demo.pages import argument, html, picture_paths, shortened
from wildcrawl.demo.pictures.photograph import photograph
from wildcrawl.demo.pictures.served import encoded
from wildcrawl.demo.truth import Planted, load_truth

PREFIX = "broken"
HUGE = 50 * 1024 * 1024
"""Size of the huge page in bytes."""

_CAPTCHA = """<html><head><meta charset="utf-8"><title>安全验证</title></head><body>
<h1>访问过于频繁，请输入验证码后继续</h1><form><img src="/captcha.png" alt="验证码">
<input name="code">
<button>提交</button></form></body></html>"""
_LOGIN = """<html><head><meta charset="utf-8"><title>会员登录</title></head><body>
<h1>请先登录</h1><form action="/login" method="post"><input name="user"><input type="password"
name="password"><button>登录</button></form></body></html>"""


def blueprint(planted: Sequence[Planted]) -> Blueprint:
    """Blueprint of the broken pages, which have no advertisements of their own."""
    del planted
    site = Blueprint(PREFIX, __name__)

    @site.get("/<kind>", endpoint="search")
    def show(kind: str) -> Response:
        return _answer(kind)

    return site


def _answer(kind: str) -> Response:
    match kind:
        case "truncated":
            whole = _results().encode(CHARSET)
            second = whole.index(b"<dl", whole.index(b"<dl") + 1)
            return Response(whole[: second + 90], content_type="text/html; charset=gb18030")
        case "not-html":
            return Response(_png(), content_type="text/html; charset=gb18030")
        case "huge":
            return Response(_huge(_results()), content_type="text/html; charset=gb18030")
        case "lies":
            lied = _results().replace(_META, "")
            return html(lied, "utf-8", claimed="gbk")
        case "changed":
            renamed = _results().replace('class="goods', 'class="sku').replace("<dl", "<section")
            return html(renamed.replace('class="count"', 'class="num"'), CHARSET)
        case "500" | "403":
            return html(f"<h1>{kind}</h1>", status=int(kind))
        case "captcha":
            return html(_CAPTCHA)
        case "login":
            return html(_LOGIN)
        case "empty":
            return Response(b"", content_type="text/html; charset=gb18030")
        case _:
            return html("<h1>404</h1>", status=404)


_META = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'


def _results() -> str:
    mall = [ad for ad in load_truth() if ad.prefix == "mall" and ad.relevant]
    return render_template(
        "mall/search.html",
        key=argument("key", CHARSET),
        found=mall[:3],
        promoted=[],
        total=3,
        page=1,
        last=1,
        link="/broken/",
        pictures=picture_paths,
        shortened=shortened,
    )


def _png() -> bytes:
    return encoded(photograph("broken", 1, "", ""), "PNG")


def _huge(page: str) -> Iterator[bytes]:
    head = page.split("</body>")[0].encode(CHARSET)
    yield head
    filler = b"<!-- " + b"x" * 65526 + b" -->\n"
    sent = len(head)
    while sent < HUGE:
        part = filler[: HUGE - sent]
        sent += len(part)
        yield part
