"""Simplified characters, converted by OpenCC."""

from __future__ import annotations

from functools import cache

from opencc import OpenCC


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """`text` in simplified characters."""
    converted: str = _converter().convert(text)
    return converted
