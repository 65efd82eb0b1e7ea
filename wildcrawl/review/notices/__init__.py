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
from wildcrawl.review.notices.proofs import Proofs, log_notice, proofs_of
from wildcrawl.review.notices.removals import Removal, removals, still_to_check
from wildcrawl.review.notices.writer import Notice, Proof, file_name, write_notice

__all__ = [
    "Check",
    "Notice",
    "Notified",
    "Proof",
    "Proofs",
    "Removal",
    "State",
    "checks",
    "file_name",
    "keep_checks",
    "log_notice",
    "mark_of",
    "notified",
    "notify",
    "proofs_of",
    "removals",
    "still_to_check",
    "write_notice",
]
