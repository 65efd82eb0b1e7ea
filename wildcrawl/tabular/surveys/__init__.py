"""Social media surveys: 24-hour counts over a fixed list of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wildcrawl.tabular.surveys.model import (
    KINDS,
    Account,
    AccountStatus,
    Item,
    Known,
    Post,
    Survey,
    SurveyError,
    SurveyReading,
)
from wildcrawl.tabular.surveys.reader import read_surveys

if TYPE_CHECKING:
    from wildcrawl.tabular.surveys.template import write_template

__all__ = [
    "KINDS",
    "Account",
    "AccountStatus",
    "Item",
    "Known",
    "Post",
    "Survey",
    "SurveyError",
    "SurveyReading",
    "read_surveys",
    "write_template",
]


def __getattr__(name: str) -> object:
    """The writer of templates, imported when it is used: openpyxl takes half a second to load."""
    if name == "write_template":
        from wildcrawl.tabular.surveys.template import write_template

        return write_template
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
