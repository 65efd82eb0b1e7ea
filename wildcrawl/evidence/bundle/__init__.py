"""Bundles: evidence of advertisements in one ZIP, written and verified."""

from wildcrawl.evidence.bundle.binding import binder
from wildcrawl.evidence.bundle.collection import Bundle, Collection, Facts, Subject
from wildcrawl.evidence.bundle.package import write_bundle
from wildcrawl.evidence.bundle.verification import verify_bundle
from wildcrawl.evidence.bundle.verified import Verified

__all__ = [
    "Bundle",
    "Collection",
    "Facts",
    "Subject",
    "Verified",
    "binder",
    "verify_bundle",
    "write_bundle",
]
