"""Notices to site operators, and the removals that follow."""

from wildcrawl.review.notices.model import (
    Check,
    Notified,
    State,
    checks,
    keep_checks,
    mark_of,
    notified,
    notify,
)
from wildcrawl.review.notices.removals import Removal, removals, still_to_check
from wildcrawl.review.notices.writer import Notice, file_name, write_notice

__all__ = [
    "Check",
    "Notice",
    "Notified",
    "Removal",
    "State",
    "checks",
    "file_name",
    "keep_checks",
    "mark_of",
    "notified",
    "notify",
    "removals",
    "still_to_check",
    "write_notice",
]
