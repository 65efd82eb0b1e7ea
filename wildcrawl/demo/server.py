"""Marketplace server: all bundled marketplaces in one process, on 127.0.0.1.

`/` lists the sites; each has a prefix (`/mall/`, `/market/`, `/shop/`, `/forum/`, `/fair/`);
broken pages are under `/broken/`. `/_count` returns the numbers of requests as JSON
(`RequestLog.counts`); a POST to `/_count/reset` resets them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock, Thread
from typing import Any

from flask import Flask, Request, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from jinja2 import PackageLoader
from werkzeug.serving import BaseWSGIServer

from wildcrawl.demo import broken, fair, forum, mall, market, shop
from wildcrawl.demo.pictures.served import picture
from wildcrawl.demo.truth import Planted, load_truth
from wildcrawl.local_server import HOST, PortError, server_of

_SEARCHES = {"search", "data", "stall", "index"}


class RequestLog:
    """Numbers of requests by kind: searches, advertisement pages, pictures, and others."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._searches: Counter[str] = Counter()
        self._pages: Counter[str] = Counter()
        self._images = 0
        self._other = 0

    def note(self, request: Request) -> None:
        """Counts one request by the view that answers it (`site.view`)."""
        site, _, view = (request.endpoint or "").partition(".")
        with self._lock:
            if view in _SEARCHES:
                self._searches[f"demo_{site}"] += 1
            elif view == "item":
                self._pages[f"demo_{site}:{(request.view_args or {})['ad_id']}"] += 1
            elif site == "picture":
                self._images += 1
            else:
                self._other += 1

    def counts(self) -> dict[str, Any]:
        """`search`: all search and list pages; `searches`: the same by site; `pages`: requests
        by advertisement (`site:ad_id`); `images`: pictures; `other`: robots.txt, home pages...
        """
        with self._lock:
            return {
                "search": self._searches.total(),
                "searches": dict(self._searches),
                "pages": dict(self._pages),
                "images": self._images,
                "other": self._other,
            }

    def reset(self) -> None:
        """Resets all numbers to 0."""
        with self._lock:
            self._searches.clear()
            self._pages.clear()
            self._images = self._other = 0


_ROBOTS = """\
User-agent: *
Disallow: /mall/admin
Disallow: /market/user/
Disallow: /_count
Allow: /
"""


class MarketplaceError(RuntimeError):
    """Raised when the marketplaces cannot be served at the given host and port."""


class Marketplaces(Flask):
    """Flask application of the marketplaces; `request_log` counts its requests."""

    request_log: RequestLog


def create_app(truth: Sequence[Planted] | None = None) -> Marketplaces:
    """Application of all sites with `truth` (default: the demo's first month)."""
    planted = load_truth() if truth is None else truth
    app = Marketplaces("wildcrawl.demo", static_folder=None, template_folder=None)
    app.jinja_env.loader = PackageLoader("wildcrawl.demo")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.request_log = RequestLog()
    for site in (mall, market, shop, forum, fair, broken):
        mine = [ad for ad in planted if ad.prefix == site.PREFIX]
        app.register_blueprint(site.blueprint(mine), url_prefix=f"/{site.PREFIX}")
    _add_common_pages(app, planted)
    return app


@contextmanager
def running_marketplaces(port: int = 0, month: int = 1, host: str = HOST) -> Iterator[str]:
    """Serves the marketplaces in a background thread; yields their URL, without a slash.

    `port` 0 picks a free one. MarketplaceError for another host or a port in use.
    """
    server = _server(create_app(load_truth(month)), port, host)
    thread = Thread(target=server.serve_forever, name="marketplaces", daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def serve(port: int = 0, month: int = 1, host: str = HOST) -> None:
    """Serves the marketplaces until interrupted. Errors as in `running_marketplaces`."""
    server = _server(create_app(load_truth(month)), port, host)
    try:
        server.serve_forever()
    finally:
        server.server_close()


def _server(app: Flask, port: int, host: str) -> BaseWSGIServer:
    if host != HOST:
        raise MarketplaceError(f"'{host}' is not a valid host for the marketplaces; use {HOST}")
    try:
        return server_of(app, port)
    except PortError as problem:
        raise MarketplaceError(str(problem)) from problem


def _add_common_pages(app: Marketplaces, planted: Sequence[Planted]) -> None:
    by_path = {(ad.prefix, ad.ad_id): ad for ad in planted}

    @app.before_request
    def count() -> None:
        if request.remote_addr not in (None, HOST):
            abort(403)
        if not request.path.startswith("/_count"):
            app.request_log.note(request)

    @app.get("/")
    def home() -> str:
        return render_template("home.html")

    @app.get("/robots.txt")
    def robots() -> Response:
        return Response(_ROBOTS, mimetype="text/plain")

    @app.get("/_count")
    def counted() -> Response:
        return jsonify(app.request_log.counts())

    @app.post("/_count/reset")
    def reset() -> Response:
        app.request_log.reset()
        return jsonify(app.request_log.counts())

    @app.get("/img/<prefix>/<ad_id>/<int:number>.jpg", endpoint="picture")
    def show_picture(prefix: str, ad_id: str, number: int) -> ResponseReturnValue:
        planted_ad = by_path.get((prefix, ad_id))
        if planted_ad is None or not 1 <= number <= planted_ad.pictures:
            abort(404)
        body, media_type = picture(planted_ad, number)
        answer = Response(body, mimetype=media_type)
        answer.cache_control.public = True
        answer.cache_control.max_age = 86400
        return answer
