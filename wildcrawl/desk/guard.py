"""Request guard: protects the desk against other web pages, machines, and scripts in ads.

Requests must use a name of the desk (against DNS rebinding), requests that change something must
come from the desk's own pages (against CSRF), other websites get no part of a page, fields have
limits, and pages load only the desk's own style and script.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import Flask, Response, abort, request
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import create_environ

from wildcrawl.desk.accounts.access import LOOPBACK
from wildcrawl.desk.accounts.people import READING
from wildcrawl.desk.languages import say

if TYPE_CHECKING:
    from wildcrawl.desk.accounts.access import Access

LONGEST: dict[str, int] = {
    "by": 60,
    "name": 60,
    "password": 200,
    "note": 4000,
    "answer": 4000,
    "day": 40,
    "site": 200,
    "ad_id": 1000,
    "token": 100,
    "to": 2000,
    "survey": 100,
    "account": 200,
    "platform": 100,
    "formerly": 2000,
    "dealer": 200,
    "shared": 4000,
}
"""Most characters of a field, by name."""
LONGEST_OTHER = 32_767
"""Most characters of any other field: what a cell of a spreadsheet holds."""
LARGEST = 2 * 1024 * 1024
"""Most bytes of a request."""
LARGEST_UPLOAD = 24 * 1024 * 1024
"""Most bytes of a request with pictures, by a person who may change something."""
SMALL = 64 * 1024
"""Most bytes of a request by a person who may change nothing, and may not have signed in."""
MOST_FIELDS = 500
"""Most fields of a form with files."""
MOST_PAIRS = 5_000
"""Most fields of a form without files; the largest has those of a group of advertisements."""
MOST_BYTES = "wildcrawl most bytes"
"""Name among an application's extensions of a function: path and cookies to the most bytes."""

_WITH_PICTURES = ("/post", "/row", "/pictures")
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer, which makes browsers send no origin for the desk's own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def guard(app: Flask, access: Access) -> None:
    """Applies the guard to all pages of `app`."""
    app.config["TRUSTED_HOSTS"] = list(access.names)
    # The server reads bodies by this limit; that of most pages is lower.
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_UPLOAD
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST
    app.config["MAX_FORM_PARTS"] = MOST_FIELDS
    if access.proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    app.extensions[MOST_BYTES] = partial(_most_bytes_before, app)
    app.before_request(lambda: _known_senders_only(access))
    app.before_request(_own_pages_only)
    app.before_request(_limited_length)
    app.before_request(_limited_fields_only)
    app.after_request(lambda answer: _with_headers(answer, access))


def _known_senders_only(access: Access) -> None:
    # Flask checks the host name, and reports it only after the checks here.
    if isinstance(request.routing_exception, SecurityError):
        raise request.routing_exception
    sender = request.environ.get("werkzeug.proxy_fix.orig", request.environ).get("REMOTE_ADDR")
    if access.proxy and sender != access.proxy:
        abort(403, "The desk answers its declared proxy alone.")
    if access.proxy and request.scheme != "https":
        abort(403, "The proxy must be reached by https, and say so in X-Forwarded-Proto.")
    if access.local and not access.proxy and sender not in (None, *LOOPBACK):
        abort(403)


def _own_pages_only() -> None:
    # Browsers send where a request comes from; other clients cannot be tricked by a page.
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    foreign = bool(site) and site not in ("same-origin", "none")
    if request.method in READING:
        # A link may lead to the desk, where a strict cookie is needed; parts of pages are its own.
        if foreign and request.headers.get("Sec-Fetch-Dest", "empty") != "document":
            abort(
                403,
                say(
                    "Another website asked for a part of the desk and was refused.",
                    "其他网站请求了本页的内容，已拒绝。",
                ),
            )
        return
    own = request.host_url.rstrip("/")
    if foreign or (origin and origin != own):
        abort(
            403,
            say(
                "The request came from another website and was refused; use the desk's own pages.",
                "请求来自其他网站，已拒绝；请使用本程序自己的页面。",
            ),
        )


def takes_pictures(path: str) -> bool:
    """Whether the page at `path` takes pictures, so that its requests may be larger.

    >>> takes_pictures("/surveys/pictures"), takes_pictures("/screen/verdict")
    (True, False)
    """
    return path.startswith(("/surveys/", "/worksheets/")) and path.endswith(_WITH_PICTURES)


def _most_bytes_before(app: Flask, path: str, cookies: str) -> int:
    """Most bytes of a request to `path` with these cookies, before its body is read."""
    with app.request_context(create_environ(headers={"Cookie": cookies})):
        return _most_bytes(path)


def _most_bytes(path: str) -> int:
    if not (current_user.is_authenticated and current_user.may_change):
        return SMALL
    return LARGEST_UPLOAD if takes_pictures(path) else LARGEST


def _limited_length() -> None:
    # Before the form is read, which the checks of fields do.
    most = _most_bytes(request.path)
    request.max_content_length = most
    if (request.content_length or 0) > most:
        abort(413)


def _limited_fields_only() -> None:
    if request.mimetype == "application/x-www-form-urlencoded":
        # Counted in the bytes, since reading a million fields takes seconds.
        number = request.get_data().count(b"&") + 1
        if number > MOST_PAIRS:
            text = say("The form has {} fields; the most is {}.", "表单有 {} 个字段，最多 {} 个。")
            abort(413, text.format(number, MOST_PAIRS))
    for fields in (request.args, request.form):
        _check_lengths(fields)


def _check_lengths(fields: MultiDict[str, str]) -> None:
    for name, value in fields.items(multi=True):
        most = LONGEST.get(name, LONGEST_OTHER)
        if len(name) > 100 or len(value) > most:
            abort(
                413,
                say(
                    "The field '{}' has {} characters; the most is {}.",
                    "字段“{}”有 {} 个字符，最多 {} 个。",
                ).format(name[:100], len(value), most),
            )


def _with_headers(answer: Response, access: Access) -> Response:
    for name, value in _HEADERS.items():
        # Written reports have a policy of their own, which allows no script either.
        answer.headers.setdefault(name, value)
    if access.secure:
        answer.headers["Strict-Transport-Security"] = "max-age=31536000"
    # Only the desk's own style and scripts say otherwise: they hold nothing of an advertisement.
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer
