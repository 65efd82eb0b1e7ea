"""What the tagger read, as the screening page asks for it, and what a person changed in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wildcrawl.desk.forms import Option
from wildcrawl.store.corrections import Corrections, check_species
from wildcrawl.tabular.worksheet.choices import CLOSED, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from werkzeug.datastructures import MultiDict

    from wildcrawl.analysis.vocabulary import Group
    from wildcrawl.items import Advertisement

    Form = MultiDict[str, str]


@dataclass(frozen=True)
class Asked:
    """A field that the tagger filled: its labels, the key that leads to it, what may be chosen.

    `further` are the groups besides the primary one; `was` is what the page was shown with, so
    that only what a person changed counts, even if a crawl has tagged anew meanwhile.
    """

    name: str
    label: str
    label_zh: str
    key: str
    was: str
    by_person: bool
    options: tuple[Option, ...]
    further: tuple[Option, ...] = ()


def asked(ad: Advertisement, groups: Mapping[str, Group], form: Form) -> list[Asked]:
    """The fields of `ad`; a page that is shown again has what the person changed before."""
    changed = changes(form)
    species = _names(ad.species)
    chosen = species if changed.species is None else list(changed.species)
    labels = {name: f"{group.label} {group.label_zh}" for name, group in groups.items()}
    # What the vocabulary no longer has is shown all the same.
    labels |= {name: name for name in species if name not in labels}
    result = [
        Asked(
            "species", "Species", "物种", "s", ";".join(species), "species" in ad.by_person,
            _options(labels, chosen[:1]), _options(labels, chosen[1:])[1:],
        )
    ]  # fmt: skip
    for name, label, label_zh, key, now in (
        ("product_type", "Product", "产品类型", "p", changed.product_type),
        ("age_claim", "Age claim", "新旧", "a", changed.age_claim),
    ):
        was = getattr(ad, name)
        words = {str(word): shown(word, chinese) for word, chinese in CLOSED[name].items()}
        words |= {was: words.get(was, was)} if was else {}
        options = _options(words, [was if now is None else now])
        result.append(Asked(name, label, label_zh, key, was, name in ad.by_person, options))
    return result


def changes(form: Form) -> Corrections:
    """What a person changed; ValueError for a product type or an age claim that is none."""
    species = _changed_species(form)
    return Corrections(
        None if species is None else tuple(species),
        _changed_word(form, "product_type"),
        _changed_word(form, "age_claim"),
    )


def checked_changes(form: Form, groups: Mapping[str, Group]) -> Corrections:
    """The same; ValueError for a species group that is none, too."""
    result = changes(form)
    was = form.get("was_species", "").split(";")
    check_species([name for name in result.species or () if name not in was], groups)
    return result


def _changed_species(form: Form) -> list[str] | None:
    """The primary group first, then those it had besides in their order, then the added ones."""
    if not {"species", "was_species"} <= {*form}:
        return None
    was, now = _names(form["was_species"].split(";")), _names(form.getlist("species"))
    if now[:1] == was[:1] and {*now} == {*was}:
        return None
    return now[:1] + sorted(now[1:], key=lambda name: was.index(name) if name in was else len(was))


def _changed_word(form: Form, name: str) -> str | None:
    was, now = form.get(f"was_{name}"), form.get(name)
    return None if was is None or now == was else now


def _names(given: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for name in given if name))


def _options(labels: Mapping[str, str], chosen: Sequence[str]) -> tuple[Option, ...]:
    none = Option("", "none 无", not any(chosen))
    return (none, *(Option(name, label, name in chosen) for name, label in labels.items()))
