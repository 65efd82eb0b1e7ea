"""Social media surveys: 24-hour counts over a fixed list of accounts."""

from wildcrawl.tabular.surveys.model import (
    Account,
    AccountStatus,
    Kept,
    Known,
    Post,
    Reading,
    Social,
    Survey,
    SurveyError,
    frames,
    keep,
    load,
)
from wildcrawl.tabular.surveys.reader import read_surveys
from wildcrawl.tabular.surveys.template import write_template

__all__ = [
    "Account",
    "AccountStatus",
    "Kept",
    "Known",
    "Post",
    "Reading",
    "Social",
    "Survey",
    "SurveyError",
    "frames",
    "keep",
    "load",
    "read_surveys",
    "write_template",
]
