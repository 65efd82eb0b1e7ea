"""Evidence: WARC records of what was seen, kept by hash, with a log of custody."""

from __future__ import annotations

from wildcrawl.evidence.archive import Evidence, open_evidence
from wildcrawl.evidence.captures import Capture, CaptureKind, Captures, Reason, State, View
from wildcrawl.evidence.custody import Action, Custody, Fault, Link
from wildcrawl.evidence.errors import EvidenceError
from wildcrawl.evidence.objects import ObjectStore, Usage, open_objects, sha256

__all__ = [
    "Action",
    "Capture",
    "CaptureKind",
    "Captures",
    "Custody",
    "Evidence",
    "EvidenceError",
    "Fault",
    "Link",
    "ObjectStore",
    "Reason",
    "State",
    "Usage",
    "View",
    "open_evidence",
    "open_objects",
    "sha256",
]
