"""Evidence pages: views of pictures, originals and records as downloads, captured pages as text.

Only re-encoded views are shown; what a site sent leaves the desk as a download or as plain text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, render_template, request

from wildcrawl.desk.card_evidence import VIEWS
from wildcrawl.desk.languages import say
from wildcrawl.desk.request_store import store_of_request
from wildcrawl.desk.team import name_of_request
from wildcrawl.pictures.views import MEDIA_TYPE
from wildcrawl.review.page_text import page_text
from wildcrawl.utils import is_sha256

if TYPE_CHECKING:
    from wildcrawl.desk.card_evidence import CardEvidence
    from wildcrawl.desk.model import Desk

_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/bmp": "bmp",
    "image/avif": "avif",
}
"""File name endings of originals; others have none."""


def pages(desk: Desk, evidence: CardEvidence) -> Blueprint:
    """Blueprint of the evidence's pages."""
    blueprint = Blueprint("evidence", __name__, url_prefix="/screen/evidence")

    @blueprint.get("/<payload>/<name>")
    def view(payload: str, name: str) -> Response:
        if name not in VIEWS:
            abort(404)
        data = evidence.view(store_of_request(desk), _hash(payload), name)
        return Response(data, mimetype=MEDIA_TYPE)

    @blueprint.get("/<payload>/original")
    def original(payload: str) -> Response:
        _own_links_only()
        store = store_of_request(desk)
        capture, data = evidence.original(store, _hash(payload))
        evidence.exported(name_of_request(), capture)
        return _download(data, f"{payload}.{_ENDINGS.get(capture.media_type, 'bin')}")

    @blueprint.get("/<record>/record.warc.gz")
    def record(record: str) -> Response:
        _own_links_only()
        store = store_of_request(desk)
        capture, data = evidence.page(store, _hash(record))
        evidence.exported(name_of_request(), capture)
        return _download(data, f"{record}.warc.gz")

    @blueprint.get("/<record>/text")
    def text(record: str) -> str:
        store = store_of_request(desk)
        capture, _ = evidence.page(store, _hash(record))
        try:
            shown = page_text(evidence.body(store, capture), capture.media_type)
        except ValueError as error:
            sentence = say(
                "The captured page cannot be read as text: {}; download its record.",
                "保存的网页无法作为文字读取：{}；请下载其记录。",
            )
            abort(404, sentence.format(error))
        return render_template("page_text.html", shown=shown, capture=capture)

    return blueprint


def _own_links_only() -> None:
    """Refuses downloads by links of other websites, since each is an entry of the custody log."""
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        text = say(
            "The link is on another website; open the advertisement at the desk.",
            "链接来自其他网站；请在本程序中打开该广告。",
        )
        abort(403, text)


def _hash(text: str) -> str:
    """A SHA-256 in an address; aborts with 404 if it is not one."""
    if not is_sha256(text):
        abort(404)
    return text


def _download(data: bytes, name: str) -> Response:
    """A file to save; browsers never show it, whatever it holds."""
    answer = Response(data, mimetype="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
