"""Languages of the desk: English or Chinese, by a person's choice or the browser's languages."""

from __future__ import annotations

import re

from flask import Response, g, has_request_context, request
from markupsafe import Markup, escape

LANGUAGES = {"en": "English", "zh": "中文"}
"""Languages of the pages by code, each with its own name."""
COOKIE = "lang"
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
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


def is_chinese(text: str) -> bool:
    """Whether a text has Chinese characters, which screen readers should read as Chinese.

    >>> is_chinese("老象牙 58"), is_chinese("ivory")
    (True, False)
    """
    return bool(_CHINESE.search(text))


def mixed(text: str) -> Markup:
    """An escaped text of the request's language, its Chinese words marked if that is English.

    >>> mixed("such as 面议 & 2")
    Markup('such as <span lang="zh">面议</span> &amp; 2')
    """
    escaped = str(escape(text))
    if language() != "zh":
        escaped = _CHINESE.sub(lambda found: f'<span lang="zh">{found[0]}</span>', escaped)
    return Markup(escaped)  # noqa: S704 (escaped above)
