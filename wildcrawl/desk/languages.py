"""Languages of the desk: English or Chinese, by a person's choice or the browser's languages."""

from __future__ import annotations

from flask import Response, g, has_request_context, request

LANGUAGES = {"en": "English", "zh": "中文"}
"""Languages of the pages by code, each with its own name."""
COOKIE = "lang"
_YEAR = 365 * 24 * 3600


def language() -> str:
    """Code of the request's language: the chosen one, else the browser's, else English."""
    if not has_request_context():
        return "en"
    if "language" not in g:
        chosen = request.cookies.get(COOKIE, "")
        g.language = chosen if chosen in LANGUAGES else _of_browser()
    code: str = g.language
    return code


def other_language() -> str:
    """Code of the language that the pages can be switched to."""
    return next(code for code in LANGUAGES if code != language())


def say(english: str, chinese: str) -> str:
    """The text in the request's language."""
    return chinese if language() == "zh" else english


def count(number: int, thing: str, chinese: str) -> str:
    """A number with its noun in the request's language; English nouns take an s in the plural.

    >>> count(1, "row", "行"), count(2, "row", "行")
    ('1 row', '2 rows')
    """
    if language() == "zh":
        return f"{number} {chinese}"
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def remember_language(answer: Response, code: str) -> None:
    """Keeps the chosen language in a cookie."""
    answer.set_cookie(COOKIE, code, max_age=_YEAR, httponly=True, samesite="Strict", path="/")


def _of_browser() -> str:
    # Chinese comes as zh, zh-CN, zh-Hans-CN and the like.
    for name, _ in request.accept_languages:
        code = name.lower().partition("-")[0]
        if code in LANGUAGES:
            return code
    return "en"
