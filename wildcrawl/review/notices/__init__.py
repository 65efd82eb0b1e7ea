"""Notices to site operators, and the removals that follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wildcrawl.review.notices.follow_up import FollowUp, follow_up, not_removed, sent_before
from wildcrawl.review.notices.letter_settings import (
    LetterError,
    LetterSettings,
    laws_on,
    load_laws,
    load_letter_settings,
)
from wildcrawl.review.notices.letters import (
    Letter,
    keep_letters,
    latest_letters,
    letters,
    mark_answered,
    mark_sent,
    next_letter,
    reference_of,
    take_back_sent,
)
from wildcrawl.review.notices.model import (
    Notified,
    Recheck,
    State,
    checks,
    keep_checks,
    mark_of,
    notified,
    notify,
)
from wildcrawl.review.notices.removals import (
    Removal,
    RemovalOutcome,
    TermState,
    outcomes,
    removals,
    still_to_check,
)
from wildcrawl.review.notices.writer import (
    Notice,
    Proof,
    file_name,
    letter_files,
    letter_name,
    write_notice,
)

if TYPE_CHECKING:
    from wildcrawl.review.notices.proofs import Proofs, log_notice, proofs_of

__all__ = [
    "FollowUp",
    "Letter",
    "LetterError",
    "LetterSettings",
    "Notice",
    "Notified",
    "Proof",
    "Proofs",
    "Recheck",
    "Removal",
    "RemovalOutcome",
    "State",
    "TermState",
    "checks",
    "file_name",
    "follow_up",
    "keep_checks",
    "keep_letters",
    "latest_letters",
    "laws_on",
    "letter_files",
    "letter_name",
    "letters",
    "load_laws",
    "load_letter_settings",
    "log_notice",
    "mark_answered",
    "mark_of",
    "mark_sent",
    "next_letter",
    "not_removed",
    "notified",
    "notify",
    "outcomes",
    "proofs_of",
    "reference_of",
    "removals",
    "sent_before",
    "still_to_check",
    "take_back_sent",
    "write_notice",
]


def __getattr__(name: str) -> object:
    """What makes thumbnails, imported when it is used: libraries of pictures load slowly."""
    if name in ("Proofs", "log_notice", "proofs_of"):
        from wildcrawl.review.notices import proofs

        return getattr(proofs, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
