"""The closed words of a worksheet as a person chooses them: "raw 原料" is shown, raw is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wildcrawl.items import AgeClaim, ProductType, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wildcrawl.analysis.vocabulary import Group

Choices = dict[str, str]
"""A word that may be written to its Chinese label."""

CLOSED: dict[str, Choices] = {
    "product_type": {
        ProductType.RAW: "原料",
        ProductType.SEMI_WORKED: "半成品",
        ProductType.WORKED_CARVED: "成品（雕刻）",
        ProductType.WORKED_UNCARVED: "成品（无雕刻）",
        ProductType.OTHER: "其他",
    },
    "age_claim": {AgeClaim.OLD: "老", AgeClaim.NEW: "新"},
    "verdict": {
        Verdict.PENDING: "待审",
        Verdict.VALID: "有效",
        Verdict.IRRELEVANT: "无关",
        Verdict.FAKE: "虚假",
    },
}
"""Column of an advertisement to what may be chosen in it, besides nothing."""


def choices_of(groups: Mapping[str, Group]) -> dict[str, Choices]:
    """The columns that have a drop-down, species first, and what each offers."""
    return {"species": {name: group.label_zh for name, group in groups.items()}, **CLOSED}


def shown(word: str, label: str) -> str:
    """A word as the drop-down shows it, in both languages."""
    return f"{word} {label}".strip()


def chosen(text: str, choices: Mapping[str, str]) -> str:
    """The word that a person chose or typed, by either language; other text as it is.

    >>> chosen("raw 原料", CLOSED["product_type"]), chosen("有效", CLOSED["verdict"])
    ('raw', 'valid')
    >>> chosen("cheap", CLOSED["age_claim"])
    'cheap'
    """
    text = text.strip()
    for word, label in choices.items():
        if text.lower() in (word, shown(word, label).lower()) or (label and text == label):
            return str(word)
    return text


def all_chosen(text: str, choices: Mapping[str, str]) -> str:
    """The same for a cell that may hold several values with ; between."""
    parts = text.replace("；", ";").split(";")
    return ";".join(chosen(part, choices) for part in parts if part.strip())
