"""Social media surveys: 24-hour counts over a fixed list of accounts."""

from wildcrawl.tabular.surveys.model import (
    KINDS,
    Account,
    AccountStatus,
    Item,
    Known,
    Post,
    Reading,
    Survey,
    SurveyError,
)
from wildcrawl.tabular.surveys.reader import read_surveys
from wildcrawl.tabular.surveys.template import write_template

__all__ = [
    "KINDS",
    "Account",
    "AccountStatus",
    "Item",
    "Known",
    "Post",
    "Reading",
    "Survey",
    "SurveyError",
    "read_surveys",
    "write_template",
]
