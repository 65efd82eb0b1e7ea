"""Agreement between persons: a blind shared sample of advertisements, and Cohen's kappa on it."""

from wildcrawl.review.agreement.kappa import Agreement, agreement_of
from wildcrawl.review.agreement.second_looks import (
    DisagreementError,
    Look,
    Pair,
    agreement_between,
    ask,
    blinded,
    due,
    is_due,
    pair_of,
    pairs,
    record,
    restore,
    settle,
    settled_by,
    take_back,
    withdraw,
)
from wildcrawl.review.agreement.shared_sample import SHARE, is_shared

__all__ = [
    "SHARE",
    "Agreement",
    "DisagreementError",
    "Look",
    "Pair",
    "agreement_between",
    "agreement_of",
    "ask",
    "blinded",
    "due",
    "is_due",
    "is_shared",
    "pair_of",
    "pairs",
    "record",
    "restore",
    "settle",
    "settled_by",
    "take_back",
    "withdraw",
]
