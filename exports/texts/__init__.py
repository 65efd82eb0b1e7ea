"""Texts of a report, one module per language."""

from __future__ import annotations

from exports.context import ExportError
from exports.texts.chinese import CHINESE
from exports.texts.english import ENGLISH
from exports.texts.language import Texts

__all__ = ["LANGUAGES", "Texts", "texts_of"]

LANGUAGES = {texts.lang: texts for texts in (ENGLISH, CHINESE)}
"""The languages that a report can be written in, by their codes."""


def texts_of(lang: str) -> Texts:
    """The words of a language; ExportError names those that there are."""
    if lang not in LANGUAGES:
        raise ExportError(f"there is no report in '{lang}'; choose {' or '.join(LANGUAGES)}")
    return LANGUAGES[lang]
