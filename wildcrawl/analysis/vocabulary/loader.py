"""Loader of keywords.yaml: reports every fault at once, with its line and the fix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wildcrawl.analysis.vocabulary.contradictions import contradictions
from wildcrawl.analysis.vocabulary.document import Document, DocumentError
from wildcrawl.analysis.vocabulary.document import Path as Place
from wildcrawl.analysis.vocabulary.languages import combined, with_language
from wildcrawl.analysis.vocabulary.model import (
    AgeRule,
    Group,
    Keyword,
    ProductRule,
    Reason,
    Reported,
    Rules,
    Support,
    Vocabulary,
    VocabularyError,
)
from wildcrawl.analysis.vocabulary.spelling import folded
from wildcrawl.analysis.vocabulary.typing_slips import slips_near, wide_colons
from wildcrawl.utils import bundled_keywords, did_you_mean

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from wildcrawl.analysis.vocabulary.schema import File, GroupEntry, LanguageEntry

Fault = tuple[int, str]
"""Line of a fault, and its message with the fix."""

MAX_BYTES = 10_000_000
MAX_FAULTS = 50
"""Faults that are reported; a file with more of them is not a vocabulary."""
_SINGULAR = {
    "groups": "group",
    "supports": "support",
    "reasons": "reason",
    "keywords": "keyword",
    "animals": "animals entry",
    "reported": "reported word",
    "languages": "language",
}


def load_vocabulary(source: Path | Traversable | None = None) -> Vocabulary:
    """The vocabulary of `source` (None: the bundled keywords.yaml).

    VocabularyError lists all faults with file, line and fix; repeated terms, unknown reasons and
    words that exclude a keyword are checked once the rest is valid. Equal files give the same
    object, since a command needs its vocabulary at several places.
    """
    place = bundled_keywords() if source is None else source
    return _parse(place.name, _read(place))


@lru_cache(maxsize=2)
def _parse(name: str, text: str) -> Vocabulary:
    """The vocabulary of the file `name`, whose content is `text`; VocabularyError as above."""
    try:
        document = Document(text)
    except DocumentError as error:
        faults = slips_near(text, error.line) or [(error.line, str(error))]
        raise VocabularyError(_report(name, faults)) from None
    file, faults = _validate(document)
    if file is not None and not faults:
        faults = [
            *_without_keywords(file, document),
            *_repeated_terms(file, document),
            *_unknown_reasons(file, document),
            *_unknown_parts(file, document),
            *_unknown_in_languages(file, document),
            *_silent_keywords(file, document),
            *contradictions(file, document),
        ]
    faults = _explained(faults, text)
    if file is None or faults:
        raise VocabularyError(_report(name, faults))
    return _vocabulary(file)


def _explained(faults: Iterable[Fault], text: str) -> list[Fault]:
    """Faults, of which those that come from a typing slip are replaced by it."""
    from wildcrawl.analysis.vocabulary.schema import ENTRIES

    slips = wide_colons(text, {key for keys in ENTRIES.values() for key in keys})
    others = []
    for line, message in faults:
        near = slips_near(text, line)
        slips += near
        if not near:
            others.append((line, message))
    return [*slips, *others]


def _read(place: Path | Traversable) -> str:
    try:
        with place.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        why = error.strerror or str(error)
        raise VocabularyError(
            f"{place}: cannot be read ({why}); WILDCRAWL_KEYWORDS must name a keywords.yaml"
        ) from None
    if len(raw) > MAX_BYTES:
        raise VocabularyError(
            f"{place}: is larger than {MAX_BYTES // 1_000_000} MB; "
            "WILDCRAWL_KEYWORDS must name a keywords.yaml"
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise VocabularyError(
            f"{place.name} line {line}: is not UTF-8; save the file in the UTF-8 encoding"
        ) from None


def _report(file: str, faults: Iterable[Fault]) -> str:
    ordered = sorted(set(faults))
    lines = [f"{file} line {line}: {message}" for line, message in ordered[:MAX_FAULTS]]
    if len(ordered) > MAX_FAULTS:
        lines.append(f"{file}: {len(ordered) - MAX_FAULTS} more faults follow")
    return "\n".join(lines)


def _validate(document: Document) -> tuple[File | None, list[Fault]]:
    if not document.data:
        return None, [(1, "the file is empty; it needs 'groups:'")]
    # Imported here, since pydantic is slow to import and not every command needs it.
    from pydantic import ValidationError

    from wildcrawl.analysis.vocabulary.schema import adapter

    try:
        return adapter().validate_python(document.data), document.faults
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, [
            *document.faults,
            *(fault for detail in details for fault in _faults(detail, document)),
        ]


def _faults(error: ErrorDetails, document: Document) -> Iterator[Fault]:
    """Faults, with line and fix, of an error that pydantic reports."""
    from wildcrawl.analysis.vocabulary.schema import ENTRIES, EntryError

    place, value = error["loc"], error["input"]
    own = error.get("ctx", {}).get("error")
    if isinstance(own, EntryError):
        for step, message in own.faults:
            yield document.line((*place, step)), message
        return
    of_key = place[-1:] == ("[key]",)
    if of_key:
        place = place[:-1]
    line = document.line(place, key=of_key or error["type"] == "extra_forbidden")
    name = f"a key of {_name(place[:-1])}" if of_key else _name(place)
    if own is not None:
        message = str(own)
    elif error["type"] == "missing":
        message = f"{_name(place[:-1])} has no '{place[-1]}'; add it"
    elif error["type"] == "extra_forbidden":
        known = ENTRIES[str(place[-3]) if len(place) >= 3 else ""]
        near = did_you_mean(str(place[-1]), known)
        message = (
            f"'{place[-1]}' is not a valid key of {_name(place[:-1])}{near}; "
            f"choose one of {', '.join(known)}"
        )
    elif error["type"] == "too_short":
        message = f"{name} is empty; add an entry"
    elif error["type"] == "string_too_short":
        message = f"{name} is empty; write it or remove the line"
    else:
        message = f"{name} must be {_EXPECTED[error['type']]}, not {_shape(value)}"
    yield line, message


_EXPECTED = {
    "string_type": "a text",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping (key: value)",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a smaller number",
    "greater_than": "1 or more",
}


def _name(place: Place) -> str:
    """Name of a part in messages, such as "since of keyword 2 of group 'ivory'"."""
    if not place:
        return "the file"
    *owner, last = place
    if isinstance(last, int):
        section = str(owner.pop())
        name = f"{_SINGULAR[section]} {last + 1}" if section in _SINGULAR else f"entry {last + 1}"
        if section not in _SINGULAR:
            owner.append(section)
    elif len(place) == 2 and owner[0] in _SINGULAR:
        return f"{_SINGULAR[str(owner[0])]} '{last}'"
    else:
        name = last
    return f"{name} of {_name(owner)}" if owner else name


def _shape(value: object) -> str:
    if isinstance(value, str):
        return f"'{value}'" if value else "empty"
    return "a mapping" if isinstance(value, dict) else "a list"


GENERAL = "general"
"""Group of the keywords for any species; records without a species need it, keywords or not."""


def _without_keywords(file: File, document: Document) -> Iterator[Fault]:
    """Faults of groups that are never searched."""
    searched = any(group["keywords"] for group in file["groups"].values())
    for name, group in file["groups"].items():
        if not group["keywords"] and (name != GENERAL or not searched):
            line = document.line(("groups", name, "keywords"), key=True)
            yield line, f"group '{name}' has no keywords, so that it is never searched; add one"


def _silent_keywords(file: File, document: Document) -> Iterator[Fault]:
    """Faults of words that exclude every match of a keyword, or of a further term of a group."""
    sections: dict[str, Any] = dict(file)
    everywhere: list[tuple[str, Place]] = [
        (word, ("harmless", number)) for number, word in enumerate(sections.get("harmless", ()))
    ]
    for name, reason in sections.get("reasons", {}).items():
        phrases = enumerate(reason.get("phrases", ()))
        everywhere += [(word, ("reasons", name, "phrases", number)) for number, word in phrases]
    groups = {
        name: (_terms_of(group, file), _exclusions(name, group))
        for name, group in file["groups"].items()
    }
    words = [word for word, _ in everywhere]
    for terms, own in groups.values():
        words += [*terms, *(word for word, _ in own)]
    spaced = folded(words, sections.get("characters", {}))
    plain = {word: text.replace(" ", "") for word, text in spaced.items()}
    for name, (terms, own) in groups.items():
        silenced = {plain[term]: term for term in terms}
        for word, place in (*own, *everywhere):
            if plain[word] in silenced:
                yield (
                    document.line(place),
                    f"'{word}' excludes the term '{silenced[plain[word]]}' of group '{name}' "
                    "itself, so that it never counts; write the longer phrase, or remove one",
                )


def _terms_of(group: GroupEntry, file: File) -> list[str]:
    """What a group is searched by and known from."""
    lists: dict[str, Any] = dict(group)
    terms = [keyword["term"] for keyword in group["keywords"]]
    terms += [word for key in ("names", "bare", "codes") for word in lists.get(key, ())]
    for entry in lists.get("animals", ()):
        terms += dict.fromkeys(term for _, term in combined(entry, file).terms())
    return terms


def _exclusions(name: str, group: GroupEntry) -> list[tuple[str, Place]]:
    """The words that exclude matches of a group alone, each with its place."""
    return [
        (word, ("groups", name, "exclusions", reason, number))
        for reason, phrases in group.get("exclusions", {}).items()
        for number, word in enumerate(phrases)
    ]


def _repeated_terms(file: File, document: Document) -> Iterator[Fault]:
    """Faults of keywords that are in the file twice, and of terms that a group lists twice.

    Words are the same in capitals, full-width letters and traditional characters.
    """
    characters = dict(file.get("characters", {}))
    keywords = [
        (keyword["term"], ("groups", name, "keywords", number, "term"))
        for name, group in file["groups"].items()
        for number, keyword in enumerate(group["keywords"])
    ]
    yield from _repeated("keyword", keywords, document, characters, spaced=False)
    for name, group in file["groups"].items():
        lists: dict[str, Any] = dict(group)
        further: list[tuple[str, Place]] = [
            (term, ("groups", name, key, number))
            for key in ("names", "bare", "codes")
            for number, term in enumerate(lists.get(key, ()))
        ]
        for number, entry in enumerate(lists.get("reported", ())):
            further.append((entry["word"], ("groups", name, "reported", number, "word")))
        yield from _repeated("term", further, document, characters)


def _repeated(
    what: str,
    words: Sequence[tuple[str, Place]],
    document: Document,
    characters: Mapping[str, str],
    *,
    spaced: bool = True,
) -> Iterator[Fault]:
    """Faults of words that are repeated; unless `spaced`, spaces do not tell them apart."""
    plain = folded([word for word, _ in words], characters)
    first: dict[str, tuple[str, Place]] = {}
    for word, place in words:
        key = plain[word] if spaced else plain[word].replace(" ", "")
        earlier, at = first.setdefault(key, (word, place))
        if at is place:
            continue
        line = document.line(at)
        if earlier == word:
            yield document.line(place), f"{what} '{word}' is already in line {line}; remove one"
        else:
            yield (
                document.line(place),
                f"{what} '{word}' is '{earlier}' of line {line} in other writing, which is "
                "recognised without an entry; remove one",
            )


def _unknown_reasons(file: File, document: Document) -> Iterator[Fault]:
    reasons = sorted(file.get("reasons", {}))
    for name, group in file["groups"].items():
        for reason in group.get("exclusions", {}):
            if reason not in reasons:
                near = did_you_mean(reason, reasons)
                line = document.line(("groups", name, "exclusions", reason), key=True)
                yield (
                    line,
                    f"'{reason}' is not a valid reason (see reasons:){near}; "
                    f"choose one of {', '.join(reasons)}",
                )


def _unknown_parts(file: File, document: Document) -> Iterator[Fault]:
    """Faults of parts that name no list, and of combinations left out that there are not."""
    lists = file.get("parts", {})
    for name, group in file["groups"].items():
        for number, entry in enumerate(group.get("animals", ())):
            place = ("groups", name, "animals", number)
            for position, part in enumerate(entry["parts"]):
                if part.isascii() and part not in lists:
                    near = did_you_mean(part, lists)
                    known = ", ".join(lists) or "none; add 'parts:'"
                    yield (
                        document.line((*place, "parts", position)),
                        f"'{part}' is not a list of parts (see parts:){near}; lists: {known}",
                    )
            everything = replace(combined(entry, file), without=())
            made = {term for _, term in everything.terms()}
            for position, word in enumerate(entry.get("without", ())):
                if word not in made:
                    yield (
                        document.line((*place, "without", position)),
                        f"'{word}' is not a combination of these names and parts; remove it",
                    )


def _unknown_in_languages(file: File, document: Document) -> Iterator[Fault]:
    """Faults of groups and reasons of a language that the file does not have."""
    for code, language in file.get("languages", {}).items():
        used: list[tuple[str, str, Place]] = [
            ("groups", name, ("groups", name)) for name in language["groups"]
        ]
        used += [("reasons", name, ("reasons", name)) for name in language.get("reasons", {})]
        for name, group in language["groups"].items():
            reasons = group.get("exclusions", {})
            used += [
                ("reasons", reason, ("groups", name, "exclusions", reason)) for reason in reasons
            ]
        sections: dict[str, Any] = dict(file)
        for section, name, place in used:
            known = sections.get(section, {})
            if name not in known:
                near = did_you_mean(name, known)
                yield (
                    document.line(("languages", code, *place), key=True),
                    f"'{name}' is not one of the {section} of this file{near}; "
                    f"choose one of {', '.join(known)}",
                )


def _vocabulary(file: File) -> Vocabulary:
    rules: dict[str, Any] = dict(file)
    groups: dict[str, dict[str, Any]] = rules.pop("groups")
    rules["styles"] = {
        word: tuple(sorted(styles, key=len, reverse=True))
        for word, styles in rules.get("styles", {}).items()
    }
    languages: dict[str, LanguageEntry] = rules.pop("languages", {})
    for section in ("parts", "joints", "remains"):
        rules.pop(section, None)
    for group in groups.values():
        group["reported"] = tuple(Reported(**entry) for entry in group.get("reported", ()))
        group["animals"] = tuple(combined(entry, file) for entry in group.get("animals", ()))
    for name, make in (("supports", Support), ("reasons", Reason)):
        rules[name] = tuple(make(name=key, **entry) for key, entry in rules.get(name, {}).items())
    rules["product_types"] = tuple(
        ProductRule(product_type=entry.pop("type"), **entry)
        for entry in rules.get("product_types", ())
    )
    rules["age_claims"] = tuple(AgeRule(**entry) for entry in rules.get("age_claims", ()))
    vocabulary = Vocabulary(
        {name: _group(name, **entry) for name, entry in groups.items()}, Rules(**rules)
    )
    for code, language in languages.items():
        vocabulary = with_language(vocabulary, code, language)
    return vocabulary


def _group(name: str, keywords: list[dict[str, Any]], **entry: Any) -> Group:
    members = tuple(Keyword(group=name, **keyword) for keyword in keywords)
    return Group(name=name, keywords=members, **entry)
