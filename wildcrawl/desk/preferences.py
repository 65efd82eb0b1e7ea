"""Preferences: a person's language and keyboard keys, kept in cookies of the browser."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wildcrawl.desk.keys import (
    ACTIONS,
    COOKIE,
    DEFAULTS,
    OFF,
    KeysError,
    checked,
    cookie_of,
    keys_of_request,
)
from wildcrawl.desk.languages import LANGUAGES, remember_language, say

_YEAR = 365 * 24 * 3600


def pages() -> Blueprint:
    """Blueprint of the preferences."""
    preferences = Blueprint("preferences", __name__)

    @preferences.get("/preferences")
    def show() -> str:
        return _page(keys_of_request())

    @preferences.post("/preferences")
    def save() -> ResponseReturnValue:
        kept = OFF
        if request.form.get("keys") != OFF:
            chosen = {name: request.form.get(name, "") or DEFAULTS[name] for name in ACTIONS}
            try:
                kept = cookie_of(checked(chosen))
            except KeysError as error:
                return _page(chosen, _fault(error)), 400
        answer = make_response(redirect(url_for("preferences.show", saved=1)))
        answer.set_cookie(COOKIE, kept, max_age=_YEAR, httponly=True, samesite="Strict", path="/")
        return answer

    @preferences.post("/language")
    def choose_language() -> ResponseReturnValue:
        code = request.form.get("lang", "")
        if code not in LANGUAGES:
            abort(404)
        answer = make_response(redirect(own_path(request.form.get("back", ""))))
        remember_language(answer, code)
        return answer

    return preferences


def _page(keys: dict[str, str], problem: str = "") -> str:
    shown = {action: keys[action] or DEFAULTS[action] for action in ACTIONS}
    off = not any(keys.values())
    return render_template(
        "preferences.html", actions=ACTIONS, chosen=shown, off=off, problem=problem,
        saved=bool(request.args.get("saved")) and not problem,
    )  # fmt: skip


def _fault(error: KeysError) -> str:
    name = say(*ACTIONS[error.action][1:])
    if not error.other:
        return say(f"Not saved: the key of “{name}” is one letter from a to z.",
                   f"未保存：“{name}”的按键须为一个字母（a 到 z）。")  # fmt: skip
    other = say(*ACTIONS[error.other][1:])
    return say(f"Not saved: “{name}” and “{other}” have the same key; change one of them.",
               f"未保存：“{name}”和“{other}”的按键相同，请改一个。")  # fmt: skip


def own_path(address: str, otherwise: str = "/") -> str:
    """A path of the desk; `otherwise` for anything that leads elsewhere."""
    own = address.startswith("/") and not address.startswith(("//", "/\\"))
    plain = own and not urlsplit(address).netloc and address.isprintable()
    return address if plain else otherwise
