"""Evidence in tests: captures of made-up pages and pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from wildcrawl.evidence import Capture, CaptureKind, Evidence
from wildcrawl.evidence.records import Exchange, Origin

AT = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
PAGE = "<html>象牙手镯</html>".encode()
ORIGIN = Origin("run1", "mall")


def exchange(url: str = "http://mall.example/7", body: bytes = PAGE, days: float = 0) -> Exchange:
    """A response without content encoding, `days` after AT."""
    at = AT + timedelta(days=days)
    return Exchange(url, at, 200, [("Content-Type", "text/html")], body)


def captured(
    evidence: Evidence, ad_id: str = "7", body: bytes = PAGE, days: float = 0, **given: Any
) -> Capture:
    """A page of an advertisement of the site mall, kept and logged."""
    seen = exchange(f"http://mall.example/{ad_id}", body, days)
    kept = evidence.keep(seen, body, ORIGIN)
    capture = replace(
        Capture("mall", ad_id, seen.at, "run1", CaptureKind.PAGE, seen.url, 200, "", *kept),
        **given,
    )
    evidence.add([capture], "run run1")
    return capture
