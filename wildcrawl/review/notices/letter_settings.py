"""Settings of letters to operators: sender, reference numbers, time to answer, laws, template."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from wildcrawl.analysis.settings_files import load_settings_file


class LetterError(ValueError):
    """Raised when the settings of letters cannot be used; the message says what to fix."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sender(_Part):
    """Who writes: names in both languages, legal status, address, telephone, person, e-mail."""

    name: str = ""
    name_zh: str = ""
    status: str = ""
    status_zh: str = ""
    address: str = ""
    address_zh: str = ""
    person: str = ""
    telephone: str = ""
    email: str = ""


class Platform(_Part):
    """The company that a letter about a site goes to."""

    company: str = ""
    company_zh: str = ""
    country: str = ""


class Law(_Part):
    """A law in force from `since` until the day before `until`; `species`: of these alone."""

    since: date
    until: date | None = None
    species: tuple[str, ...] = ()
    zh: str
    en: str
    says_zh: str = ""
    says_en: str = ""


class LetterSettings(_Part):
    """What all letters share.

    `answer_within` is the number of days until the answer is due, `reference` the beginning of
    reference numbers, `laws` and `template` files that replace the bundled ones.
    """

    sender: Sender = Sender()
    reference: Annotated[str, Field(pattern=r"^[^\s/\\<>]{1,40}$")] = "WC"
    answer_within: Annotated[int, Field(ge=1, le=365)] = 14
    country: str = "CN"
    laws: str = ""
    template: str = ""
    platforms: dict[str, Platform] = {}

    def due(self, day: date) -> date:
        """The day by which the answer to a letter of `day` is due."""
        return day + timedelta(days=self.answer_within)

    def platform(self, site: str) -> Platform:
        """The company of a site; an empty one if the file does not name it."""
        return self.platforms.get(site) or Platform()


def load_letter_settings(path: Path | None) -> LetterSettings:
    """Settings from a YAML file; None: those without a sender.

    Files that it names are looked up beside it. LetterError names the line and the fix.
    """
    if path is None:
        return LetterSettings()
    parts: dict[str, type[BaseModel]] = {
        "": LetterSettings,
        "sender": Sender,
        "platforms": Platform,
    }
    try:
        settings = load_settings_file(path, LetterSettings, parts)
    except ValueError as error:
        raise LetterError(f"{error}; docs/notices.md has the entries") from error
    beside = {
        name: str(path.parent / value)
        for name in ("laws", "template")
        if (value := getattr(settings, name))
    }
    return settings.model_copy(update=beside)


def load_laws(path: str = "") -> dict[str, list[Law]]:
    """Laws by country, from a YAML file or the bundled one. LetterError for what is not valid."""
    source = Path(path) if path else files("wildcrawl") / "templates" / "laws.yaml"
    try:
        return load_settings_file(source, dict[str, list[Law]], {"": Law})
    except ValueError as error:
        raise LetterError(f"{error}; laws are lists below countries") from error


def laws_on(laws: Collection[Law], day: date, species: Collection[str]) -> list[Law]:
    """The laws in force on `day`, without those of species that a letter is not about."""
    return [
        law
        for law in laws
        if law.since <= day
        and (law.until is None or day < law.until)
        and (not law.species or not set(law.species).isdisjoint(species))
    ]
