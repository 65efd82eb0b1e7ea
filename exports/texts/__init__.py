"""Texts of a report, one module per language."""

from __future__ import annotations

from exports.context import ExportError
from exports.texts.chinese import CHINESE
from exports.texts.english import ENGLISH
from exports.texts.language import Texts

__all__ = ["LANGUAGES", "Texts", "texts_of"]

LANGUAGES = {texts.lang: texts for texts in (ENGLISH, CHINESE)}
"""Languages of a report, by code."""


def texts_of(lang: str) -> Texts:
    """Texts of a language; ExportError, with the valid codes, for any other code."""
    if lang not in LANGUAGES:
        raise ExportError(f"'{lang}' is not a valid language; choose one of {', '.join(LANGUAGES)}")
    return LANGUAGES[lang]
