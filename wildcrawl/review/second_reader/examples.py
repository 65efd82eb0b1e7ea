"""Examples that are shipped for the second reader: invented offers, look-alikes, other titles."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

SEED = "second reader"
REMARKED = 80
"""Of 256 examples, the number that are used with a seller's remarks, too."""


class Example(NamedTuple):
    """A text, whether it offers what is monitored, and the group of texts it is held out with.

    `ordinary` ones are titles of other goods; the others that offer nothing look like offers.
    """

    text: str
    offer: bool
    fold: str
    ordinary: bool = False


@cache
def shipped() -> tuple[Example, ...]:
    """The shipped examples, each text once, in an order that is always the same."""
    folder = files(__package__) / "example_texts"
    offers = yaml.safe_load((folder / "offers.yaml").read_text(encoding="utf-8"))
    background = yaml.safe_load((folder / "background.yaml").read_text(encoding="utf-8"))
    lookalikes = (folder / "lookalikes.txt").read_text(encoding="utf-8").splitlines()
    remarks = (folder / "remarks.txt").read_text(encoding="utf-8").splitlines()
    found: dict[str, Example] = {}
    for example in (*_offers(offers), *_lookalikes(lookalikes), *_background(background)):
        found.setdefault(example.text, example)
        # Remarks are of any trade, so that they speak neither for an offer nor against one.
        if _chance(f"remark {example.text}")[0] < REMARKED:
            text = " ".join([example.text, *_chosen(remarks, 2, example.text)])
            found.setdefault(text, example._replace(text=text))
    return tuple(found.values())


def digest(examples: Sequence[Example]) -> str:
    """Fingerprint of examples in any order, by which a model says what it was trained on."""
    text = repr(sorted(examples))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _offers(document: Mapping[str, Any]) -> Iterator[Example]:
    details = document["details"].split()
    for group in document["groups"].values():
        forms = group["forms"].split()
        for material in group["materials"].split():
            yield Example(material, offer=True, fold=material)
            for form in _chosen(forms, len(forms) // 2, material):
                first, second = _chosen(details, 2, f"{material} {form}")
                for pattern in _chosen(_OFFERS, 1, f"{form} {material}"):
                    text = pattern.format(material=material, form=form, one=first, other=second)
                    yield Example(text, offer=True, fold=material)
    for title in document["titles"]:
        yield Example(title, offer=True, fold=title)


_OFFERS = (
    "{material}{form}",
    "{material} {form}",
    "{material}{form} {one}",
    "{one} {material}{form}",
    "{one} {material} {form} {other}",
    "{form} {material} {one}",
)


def _lookalikes(titles: Sequence[str]) -> Iterator[Example]:
    for title in titles:
        if title.strip():
            yield Example(title, offer=False, fold=title)
            if " " in title:
                yield Example(title.replace(" ", ""), offer=False, fold=title)


def _background(document: Mapping[str, Any]) -> Iterator[Example]:
    for name, kind in document["kinds"].items():
        details = kind["details"].split()
        for goods in kind["goods"].split():
            fold = f"{name} {goods}"
            yield Example(goods, offer=False, ordinary=True, fold=fold)
            first, second, third = _chosen(details, 3, fold)
            yield Example(f"{first}{goods}", offer=False, ordinary=True, fold=fold)
            yield Example(f"{goods} {second} {third}", offer=False, ordinary=True, fold=fold)
            yield Example(f"{second} {goods} {first}", offer=False, ordinary=True, fold=fold)
    for title in document["titles"]:
        yield Example(title, offer=False, ordinary=True, fold=title)


def _chosen(words: Sequence[str], number: int, salt: str) -> list[str]:
    """`number` of `words`, chosen by chance that `salt` decides, and always the same."""
    return sorted(words, key=lambda word: _chance(f"{salt} {word}"))[:number]


def _chance(text: str) -> bytes:
    return hashlib.sha256(f"{SEED} {text}".encode()).digest()
