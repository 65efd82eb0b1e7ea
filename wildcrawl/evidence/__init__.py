"""Evidence: WARC records of what was seen, kept by hash, with a log of custody."""

from __future__ import annotations

from wildcrawl.evidence.archive import Evidence, open_evidence
from wildcrawl.evidence.captures import (
    Capture,
    CapturedTexts,
    CaptureKind,
    CaptureReason,
    Captures,
    View,
)
from wildcrawl.evidence.custody import Action, Custody, LogEntry, LogFault
from wildcrawl.evidence.errors import EvidenceError
from wildcrawl.evidence.objects import ObjectStore, Usage, open_objects, sha256

__all__ = [
    "Action",
    "Capture",
    "CaptureKind",
    "CaptureReason",
    "CapturedTexts",
    "Captures",
    "Custody",
    "Evidence",
    "EvidenceError",
    "LogEntry",
    "LogFault",
    "ObjectStore",
    "Usage",
    "View",
    "open_evidence",
    "open_objects",
    "sha256",
]
