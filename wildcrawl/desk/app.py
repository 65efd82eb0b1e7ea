"""Flask application of the desk: all pages, behind the request guard."""

from __future__ import annotations

import logging
import secrets
import time
from dataclasses import replace
from functools import partial
from hashlib import sha256
from importlib.resources import files
from threading import Event, Thread
from typing import TYPE_CHECKING

from flask import Flask, Response, abort, render_template, request
from jinja2 import PackageLoader, StrictUndefined
from werkzeug.exceptions import HTTPException

from wildcrawl.desk import (
    card_texts,
    deciding,
    evidence_pages,
    home,
    letters,
    lists,
    preferences,
    progress_page,
    screening,
    sellers,
    surveys,
    worksheets,
    writing,
    written_files,
)
from wildcrawl.desk.accounts import Access
from wildcrawl.desk.accounts.entrance import add_entrance
from wildcrawl.desk.accounts.people import admit_people
from wildcrawl.desk.card_evidence import CardEvidence
from wildcrawl.desk.guard import guard
from wildcrawl.desk.keys import key_attributes, keys_of_request
from wildcrawl.desk.languages import (
    LANGUAGES,
    count,
    is_chinese,
    language,
    mixed,
    other_language,
    say,
)
from wildcrawl.desk.messages import message, prepare_messages
from wildcrawl.desk.moments import day_element, posted_element, time_element
from wildcrawl.desk.request_store import close_with_request
from wildcrawl.desk.store_pool import StorePool
from wildcrawl.desk.team import Team, name_of_request
from wildcrawl.evidence import EvidenceError
from wildcrawl.labels import field_label, label_of
from wildcrawl.pictures.decode import PictureError
from wildcrawl.store import StoreError
from wildcrawl.tabular.worksheet import WorksheetError

if TYPE_CHECKING:
    from wildcrawl.desk.model import Desk

_log = logging.getLogger(__name__)

_EVIDENCE = "wildcrawl evidence"
_TEAM = "wildcrawl team"
_POOL = "wildcrawl store pool"
_WRITER = "wildcrawl writer"
_SCREENER = "wildcrawl screener"
_ENDED = "wildcrawl ended"
_INDEXED = 200
"""Texts that are indexed while writers wait."""
ACCESS = "wildcrawl access"
"""Name of the `Access` among an application's extensions."""
_REFUSALS = {
    400: ("请求有误", "请求不完整或有误，请重新打开页面。"),
    401: ("请先登录", "请登录后再打开此页。"),
    403: ("没有权限", "不允许打开此页。"),
    404: ("没有找到", "没有这个页面，请检查网址。"),
    405: ("操作有误", "此网址不支持这种操作。"),
    409: ("内容已变", "内容已被他人更改，请重新打开页面。"),
    413: ("内容太大", "提交的内容太大。"),
    429: ("次数太多", "尝试次数太多，请稍后再试。"),
    500: ("程序出错", "程序出错，请查看日志。"),
}
"""Titles of refusals by status, and their texts if a page gives none, in Chinese."""
_STATIC = {
    "card.js": "text/javascript",
    "desk.css": "text/css",
    "desk.js": "text/javascript",
    "entry.js": "text/javascript",
}


def create_app(desk: Desk, access: Access | None = None) -> Flask:
    """The application with all pages of `desk`, for a person alone with a token by default."""
    access = access or Access()
    pool = StorePool(desk.store)
    desk = replace(desk, store=pool.lend)
    app = Flask("wildcrawl.desk", static_folder=None, template_folder=None)
    app.extensions[ACCESS] = access
    # Sessions do not outlast the process.
    app.secret_key = secrets.token_bytes(32)
    # PackageLoader also finds templates in a zipped package.
    app.jinja_env.loader = PackageLoader("wildcrawl.desk")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.tests["web_address"] = is_web_address
    app.jinja_env.tests["chinese"] = is_chinese
    app.jinja_env.filters["mixed"] = mixed
    app.jinja_env.filters["message"] = message
    _add_words(app, desk)
    guard(app, access)
    admit_people(app, access)
    close_with_request(app)
    add_entrance(app, access)
    app.register_blueprint(preferences.pages())
    app.register_blueprint(home.pages(desk))
    writer = writing.Writer()
    app.extensions[_WRITER] = writer
    app.jinja_env.globals["being_written"] = writer.going_on
    app.register_blueprint(writing.pages(desk, writer))
    app.register_blueprint(letters.pages(desk))
    app.register_blueprint(lists.pages(desk))
    app.register_blueprint(written_files.pages(desk))
    app.register_blueprint(sellers.pages(desk))
    app.register_blueprint(worksheets.pages(desk))
    app.register_blueprint(surveys.pages(desk))
    evidence, team = CardEvidence(desk), Team(desk)
    app.extensions[_EVIDENCE], app.extensions[_TEAM] = evidence, team
    app.extensions[_POOL], app.extensions[_ENDED] = pool, Event()
    screener = screening.Screener(desk, evidence, team)
    app.extensions[_SCREENER] = screener
    cards = screening.pages(screener)
    deciding.add_decisions(cards, screener)
    app.register_blueprint(cards)
    app.register_blueprint(progress_page.pages(desk, access))
    app.register_blueprint(evidence_pages.pages(desk, evidence))
    _add_static(app)
    _add_errors(app)
    return app


def warm_app(app: Flask) -> Thread:
    """Prepares in a thread what the first page and card would wait for; returns the thread.

    Then it indexes the texts that wait for it, in small parts, so that searches find them fast and
    no verdict waits for long.
    """
    pool: StorePool = app.extensions[_POOL]
    ended: Event = app.extensions[_ENDED]

    def prepare() -> None:
        try:
            for name in app.jinja_env.list_templates():
                app.jinja_env.get_template(name)
            prepare_messages()
            with app.app_context():
                screener: screening.Screener = app.extensions[_SCREENER]
                screener.warm()
            with pool.lend() as store:
                evidence: CardEvidence = app.extensions[_EVIDENCE]
                evidence.complete(store)
                left = True
                while left and not ended.is_set():
                    start = time.monotonic()
                    left = bool(store.index_texts(_INDEXED))
                    ended.wait(time.monotonic() - start)
        # The pages themselves report what fails.
        except Exception as error:
            _log.debug("The desk was not prepared: %s", error)

    thread = Thread(target=prepare, name="desk preparation", daemon=True)
    thread.start()
    return thread


def close_app(app: Flask) -> None:
    """Ends what goes on, and logs what waits for it; to be called when the server has ended."""
    ended: Event = app.extensions[_ENDED]
    ended.set()
    writer: writing.Writer = app.extensions[_WRITER]
    writer.close()
    evidence: CardEvidence = app.extensions[_EVIDENCE]
    evidence.close()
    team: Team = app.extensions[_TEAM]
    team.close()
    pool: StorePool = app.extensions[_POOL]
    pool.close()
    app.extensions[ACCESS].log.close()


def _add_words(app: Flask, desk: Desk) -> None:
    """Gives templates the request's language and keys."""
    app.jinja_env.globals.update(
        t=say,
        in_china=time_element,
        day_in_china=day_element,
        posted=posted_element,
        count=count,
        key_of=key_attributes,
        my_name=name_of_request,
        site_name=lambda site: say(site.label, site.label_zh) or site.label or site.name,
        named_site=lambda name: _site_label(desk, name),
        verdict_name=card_texts.verdict_name,
        changed_field=card_texts.changed_field,
        changed_value=partial(card_texts.changed_value, groups=desk.vocabulary.groups),
        why_matched_by=partial(card_texts.why_matched, groups=desk.vocabulary.groups),
        field_label=lambda name: field_label(name, language()),
        value_label=lambda kind, value: label_of(kind, value, language()),
        list_address=lists.list_address,
        status_filters=lists.status_filters,
        named=lambda words: [(word, say(*names)) for word, names in words.items()],
    )

    @app.context_processor
    def words() -> dict[str, object]:
        return {
            "lang": language(),
            "other_lang": other_language(),
            "languages": LANGUAGES,
            "keys": keys_of_request(),
        }


def _site_label(desk: Desk, name: str) -> str:
    """The label of a site in the request's language; its name if it is not declared."""
    known = desk.site(name)
    return (say(known.site.label, known.site.label_zh) or known.site.label) if known else name


def is_web_address(text: str) -> bool:
    """Whether a text is an http(s) URL and may become a link; sellers' texts could be scripts."""
    return text.lower().startswith(("http://", "https://"))


def _add_static(app: Flask) -> None:
    content = {name: (files("wildcrawl.desk") / "static" / name).read_bytes() for name in _STATIC}
    # Browsers keep the files under addresses with this version, so that cards need no request.
    version = sha256(b"".join(content.values())).hexdigest()[:16]
    app.jinja_env.globals["static_version"] = version

    @app.get("/favicon.ico")
    def icon() -> Response:
        return Response(status=204)

    @app.get("/static/<name>")
    def static(name: str) -> Response:
        if name not in content:
            abort(404)
        answer = Response(content[name], mimetype=_STATIC[name])
        if request.query_string.decode("ascii", "replace") == version:
            answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
        return answer


def _add_errors(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def refused(problem: HTTPException) -> tuple[str, int]:
        code = problem.code or 500
        chinese, text = _REFUSALS.get(code, ("请求失败", "请求失败，请返回后重试。"))
        # A page that gives no text of its own has the general one, which is English.
        general = problem.description == type(problem).description
        page = render_template(
            "problem.html",
            title=say(problem.name, chinese),
            text=say(problem.description or "", text) if general else problem.description,
        )
        return page, code

    @app.errorhandler(EvidenceError)
    @app.errorhandler(PictureError)
    def not_shown(problem: Exception) -> tuple[str, int]:
        title = say("This evidence cannot be shown", "无法显示此证据")
        return render_template("problem.html", title=title, text=message(str(problem))), 404

    @app.errorhandler(StoreError)
    @app.errorhandler(WorksheetError)
    @app.errorhandler(OSError)
    def failed(problem: Exception) -> tuple[str, int]:
        return render_template(
            "problem.html", title=say("The request failed", "请求失败"), text=message(str(problem))
        ), 500
