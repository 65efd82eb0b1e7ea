"""Text in spreadsheet cells: shown, never run, and read back as it was."""

from __future__ import annotations

import re

# Some programs pass over blanks, and over what nobody sees, before a formula.
_LEADING = r"[\s\x00-\x1f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*"
# Full-width forms too: some spreadsheets take them for formulas in East Asian locales.
_OPENING = rf"(?:[\t\r\n]|{_LEADING}[=+\-@＝＋－＠])"
_FORMULA = re.compile(f"'*{_OPENING}")
_NEUTRALISED = re.compile(f"'+{_OPENING}")


def harmless(text: str) -> str:
    """`text` with an apostrophe in front if a spreadsheet would take it for a formula.

    A text that begins with such an apostrophe of its own gets one more, so that `as_typed`
    gives back any text.

    >>> harmless("=1+1"), harmless("象牙"), harmless("'-5")
    ("'=1+1", '象牙', "''-5")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def as_typed(text: str) -> str:
    """`text` without the apostrophe of `harmless`.

    >>> as_typed("'=1+1"), as_typed("'象牙'")
    ('=1+1', "'象牙'")
    """
    return text[1:] if _NEUTRALISED.match(text) else text
