"""The form in which an advertisement is written down, and what it was filled with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wildcrawl.tabular.worksheet.choices import choices_of, chosen, shown
from wildcrawl.tabular.worksheet.guide import COLUMNS
from wildcrawl.tabular.worksheet.model import AD_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.datastructures import MultiDict

    from wildcrawl.analysis.vocabulary import Group
    from wildcrawl.desk.drafts import Written

FIRST = (
    "url", "title", "price", "seller", "ad_id", "posted_at", "description",
    "species", "product_type", "age_claim", "verdict",
)  # fmt: skip
"""What is asked for at once; the rest unfolds."""


@dataclass(frozen=True)
class Option:
    """Something to choose, as it is shown, and whether it is chosen."""

    value: str
    shown: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    """A column as a form asks for it."""

    name: str
    label: str
    help_en: str
    help_zh: str
    value: str
    options: tuple[Option, ...] = ()
    several: bool = False

    @property
    def kind(self) -> str:
        """How it is filled in: checks, choice, long or line."""
        if self.options:
            return "checks" if self.several else "choice"
        return "long" if self.name in ("description", "note") else "line"


def fields_of(typed: Written, groups: Mapping[str, Group]) -> tuple[list[Field], list[Field]]:
    """The fields that are asked for at once, and the others."""
    choices = choices_of(groups)
    fields = {name: _field(name, typed.get(name, ""), choices.get(name, {})) for name in AD_COLUMNS}
    return [fields.pop(name) for name in FIRST], list(fields.values())


def written(form: MultiDict[str, str]) -> Written:
    """The row that a form was filled with, without what was left empty."""
    row = {}
    for name in AD_COLUMNS:
        parts = [part.replace("\r\n", "\n").strip() for part in form.getlist(name)]
        text = ";".join(part for part in parts if part)
        if text:
            row[name] = text
    return row


def _field(name: str, value: str, choices: Mapping[str, str]) -> Field:
    told = COLUMNS[name]
    several = name == "species"
    given = value.replace("；", ";").split(";") if several else [value]
    words = [chosen(each, choices) for each in given if each.strip()]
    options = [Option(word, shown(word, label), word in words) for word, label in choices.items()]
    # What is no word of the list is shown as it was typed, so that it can be mended.
    options += [Option(each, each, True) for each in words if choices and each not in choices]
    return Field(name, told.label, told.english, told.chinese, value, tuple(options), several)
