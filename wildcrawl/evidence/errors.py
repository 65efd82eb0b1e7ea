"""EvidenceError: what is raised where evidence cannot be kept, read or proved."""

from __future__ import annotations


class EvidenceError(Exception):
    """Raised when evidence cannot be written, read or trusted; names the thing and the fix."""
