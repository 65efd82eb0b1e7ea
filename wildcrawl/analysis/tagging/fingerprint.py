"""Fingerprint of the tagging rules: equal as long as every text gets the same tags."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from wildcrawl.analysis.tagging.patterns import Cover, Term, entries
from wildcrawl.analysis.vocabulary import Reason, Support, Vocabulary

VERSION = 8
"""Version of the tagging code, raised with any change that gives a text other tags."""
LENGTH = 16
"""Hexadecimal digits of a fingerprint."""


def fingerprint(vocabulary: Vocabulary) -> str:
    """Fingerprint of what decides tags in a vocabulary, and of the tagging code.

    Comments, labels, months, the kinds of unambiguous keywords and the order of entries do not
    count, unless two entries share a word: then the first one decides.
    """
    return _fingerprint(vocabulary, VERSION)


@lru_cache(maxsize=2)
def _fingerprint(vocabulary: Vocabulary, version: int) -> str:
    rules = vocabulary.rules
    head = {
        "version": version,
        "units": {one.name: [one.points, *sorted({*one.units})] for one in rules.supports},
        "quantities": sorted({*rules.quantities}),
        "unworked": {group.name: group.unworked for group in vocabulary.groups.values()},
        "characters": dict(rules.characters),
        "negations": sorted({*rules.negations}),
        "contrasts": sorted({*rules.contrasts}),
        "styles": {word: sorted({*styles}) for word, styles in rules.styles.items()},
        "word_starts": sorted({*rules.word_starts}),
        "items": {reason.name: sorted({*reason.items}) for reason in rules.reasons},
        "states": [sorted({*rules.states_before}), sorted({*rules.states_after})],
        "products": [
            [rule.product_type, bool(rule.beside), rule.weak] for rule in rules.product_types
        ],
        "ages": [[rule.claim, rule.years] for rule in rules.age_claims],
    }
    # The JSON of one document, in pieces, since the whole takes 12 MB of a crawl's peak. Its last
    # field is "words".
    digest = hashlib.sha256(_bytes(head)[:-1] + b', "words": {')
    # Stable, so that the entries of a word keep their order.
    ordered = sorted(entries(vocabulary), key=itemgetter(0))
    words = groupby(ordered, key=itemgetter(0))
    separator = b""
    while part := {word: _entries(group) for word, group in islice(words, _AT_ONCE)}:
        digest.update(separator + _bytes(part)[1:-1])
        separator = b", "
    digest.update(b"}}")
    return digest.hexdigest()[:LENGTH]


_AT_ONCE = 500
"""Words that are written in one piece."""


def _entries(group: Iterable[tuple[str, int, object]]) -> list[Any]:
    """What a word's patterns say, each once."""
    found: list[Any] = []
    for _, role, value in group:
        entry = [role, _plain(value)]
        if entry not in found:
            found.append(entry)
    return found


def _bytes(value: Any) -> bytes:
    return _encoder.encode(value).encode("utf-8", "surrogatepass")


_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


def _plain(value: object) -> Any:
    """A pattern's value as plain data, without labels and lists of words."""
    if isinstance(value, Term | str):
        return value
    if isinstance(value, Reason):
        return ["reason", value.name, value.outcome, value.against, value.whole]
    if isinstance(value, Support):
        return ["support", value.name, value.points]
    if isinstance(value, Cover):
        return ["cover", _plain(value.reason), value.group]
    # Of the rest, tuples are lists in JSON.
    return value
