"""Fallback file: records that could not be stored, saved for a later import."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from wildcrawl.items import RECORD_COLUMNS, Advertisement
from wildcrawl.tabular.records import NO_CLAIM


def write_unsaved(path: Path, ads: Sequence[Advertisement]) -> None:
    """Writes `ads` as JSON lines of records, without tags: the import tags them again."""
    # Lone surrogates are written as JSON escapes: \ud83d.
    with path.open("w", encoding="utf-8", errors="backslashreplace") as file:
        for ad in ads:
            file.write(json.dumps(_record(ad), ensure_ascii=False) + "\n")


def _record(ad: Advertisement) -> dict[str, Any]:
    row = {name: getattr(ad, name) for name in RECORD_COLUMNS}
    row["found_at"] = ad.found_at.isoformat() if ad.found_at else ""
    for name in ("species", "product_type", "age_claim"):
        if name not in ad.by_person:
            row[name] = ""
    if "age_claim" in ad.by_person:
        row["age_claim"] = ad.age_claim or NO_CLAIM
    return {name: value for name, value in row.items() if value not in ("", None, [])}
