"""Words of an HTML page, as a reader sees them."""

from __future__ import annotations

import re


def words_of(page: str, *, without_lang: str = "") -> str:
    """The text of a page, without the elements in the language `without_lang`."""
    page = re.sub(r"<(script|style|title).*?</\1>", "", page, flags=re.DOTALL)
    if without_lang:
        page = re.sub(
            rf'<(\w+)[^>]* lang="{without_lang}"[^>]*>.*?</\1>', "", page, flags=re.DOTALL
        )
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
