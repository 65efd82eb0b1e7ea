"""Request guard: protects the desk against other web pages and against scripts in ads.

Requests must use a local host name (against DNS rebinding), requests that change something must
come from the desk's own pages (against CSRF), and pages load only the desk's own style and script.
"""

from __future__ import annotations

from flask import Flask, Response, abort, request

NAMES = ["127.0.0.1", "localhost"]
_SAFE = ("GET", "HEAD", "OPTIONS")
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


def guard(app: Flask) -> None:
    """Applies the guard to all pages of `app`."""
    app.config["TRUSTED_HOSTS"] = NAMES
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = 2 * 1024 * 1024
    app.before_request(_own_pages_only)
    app.after_request(_with_headers)


def _own_pages_only() -> None:
    if request.remote_addr not in (None, "127.0.0.1"):
        abort(403)
    if request.method in _SAFE:
        return
    # Browsers send the origin of a request; other clients cannot be tricked by a page.
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own = request.host_url.rstrip("/")
    if (site and site not in ("same-origin", "none")) or (origin and origin != own):
        abort(
            403, "The request came from another website and was refused; use the desk's own pages."
        )


def _with_headers(answer: Response) -> Response:
    for name, value in _HEADERS.items():
        answer.headers[name] = value
    # Only the desk's own style and scripts say otherwise: they hold nothing of an advertisement.
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer
