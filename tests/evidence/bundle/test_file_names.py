"""File names that every system can write."""

from __future__ import annotations

import re

import pytest

from wildcrawl.evidence.bundle.file_names import extension, safe_name


@pytest.mark.parametrize(
    "text",
    [
        *("118204", "a/b\\c", "..", "../../etc/passwd", "con", "AUX.txt", "lpt1", "a:b|c?d*e"),
        *("象牙手镯", "", ".", "x" * 300, "tab\there", "ends with dot.", "\u202egpj.exe", "a\0b"),
    ],
)
def test_a_name_is_valid_on_every_system(text: str) -> None:
    name = safe_name(text)
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,61}", name), name
    assert not name.endswith((".", " ", "-"))
    stem = name.partition(".")[0].lower()
    assert stem not in {"con", "prn", "aux", "nul", "com1", "lpt1"}


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("image/jpeg", "jpg"),
        ("IMAGE/PNG; q=1", "png"),
        ("image/svg+xml", "bin"),
        ("text/html", "bin"),
        ("", "bin"),
    ],
)
def test_only_pictures_get_an_extension_that_opens_them(media_type: str, expected: str) -> None:
    assert extension(media_type) == expected
