"""Needed objects: which objects a document of a store refers to, for backups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wildcrawl.evidence.captures import KIND


def objects_needed(kind: str, document: Mapping[str, Any]) -> set[str]:
    """The SHA-256s of the objects that a document of `kind` needs."""
    if kind != KIND:
        return set()
    return {str(document.get("record") or ""), str(document.get("source") or "")} - {""}
