"""Tag fields of a card's form: their options, and the corrections that a submitted form holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wildcrawl.desk.goods_names import goods_name
from wildcrawl.desk.keys import keys_of_request
from wildcrawl.desk.languages import language, say
from wildcrawl.desk.views import Option
from wildcrawl.labels import CLOSED, labels_in
from wildcrawl.store.corrections import Corrections, check_species

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from wildcrawl.analysis.vocabulary import Group
    from wildcrawl.items import Advertisement

    Form = MultiDict[str, str]


@dataclass(frozen=True)
class TagField:
    """A tagged field in the form: its keyboard key and its options.

    `further` are the species groups besides the primary one; `was` is the value when the page was
    rendered, so that only a person's changes count, even if a crawl retagged it meanwhile.
    """

    name: str
    key: str
    was: str
    by_person: bool
    options: tuple[Option, ...]
    further: tuple[Option, ...] = ()


def tag_fields(ad: Advertisement, groups: Mapping[str, Group], form: Form) -> list[TagField]:
    """The form's fields for `ad`; a page rendered again keeps the changes in `form`."""
    changed = changes(form)
    keys = keys_of_request()
    species = _names(ad.species)
    chosen = species if changed.species is None else list(changed.species)
    labels = {name: goods_name(group) for name, group in groups.items()}
    # Groups that were removed from the vocabulary remain as options.
    labels |= {name: name for name in species if name not in labels}
    result = [
        TagField(
            "species", keys["species"], ";".join(species),
            "species" in ad.by_person, _options(labels, chosen[:1]),
            _options(labels, chosen[1:])[1:],
        )
    ]  # fmt: skip
    for name, now in (("product_type", changed.product_type), ("age_claim", changed.age_claim)):
        key = keys[name]
        was = getattr(ad, name)
        words = labels_in(language(), CLOSED[name])
        words |= {was: words.get(was, was)} if was else {}
        options = _options(words, [was if now is None else now])
        result.append(TagField(name, key, was, name in ad.by_person, options))
    return result


def changes(form: Form) -> Corrections:
    """Corrections in a form; ValueError for a product type or an age claim that is not valid."""
    species = _changed_species(form)
    return Corrections(
        None if species is None else tuple(species),
        _changed_word(form, "product_type"),
        _changed_word(form, "age_claim"),
    )


def checked_changes(form: Form, groups: Mapping[str, Group]) -> Corrections:
    """Corrections in a form; ValueError also for a species group that is not in `groups`."""
    result = changes(form)
    was = form.get("was_species", "").split(";")
    check_species([name for name in result.species or () if name not in was], groups)
    return result


def _changed_species(form: Form) -> list[str] | None:
    """Species groups: primary, then the earlier ones in their order, then the added ones."""
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
    none = Option("", say("none", "无"), not any(chosen))
    return (none, *(Option(name, label, name in chosen) for name, label in labels.items()))
