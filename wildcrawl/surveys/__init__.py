"""Social media surveys: 24-hour counts over a fixed list of accounts."""

from wildcrawl.surveys.frames import Social, frames
from wildcrawl.surveys.keeping import Kept, keep, load
from wildcrawl.surveys.model import (
    Account,
    AccountStatus,
    Known,
    Post,
    Reading,
    Survey,
    SurveyError,
)
from wildcrawl.surveys.reader import read_surveys
from wildcrawl.surveys.template import write_template

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
