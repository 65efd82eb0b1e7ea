"""Fingerprint of the tagging rules: equal as long as every text gets the same tags."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from wildcrawl.analysis.tagging.patterns import Cover, Step, Term, entries
from wildcrawl.analysis.vocabulary import Reason, Support

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary import Vocabulary

VERSION = 4
"""Version of the tagging code, raised with any change that gives a text other tags."""
LENGTH = 16
"""Hexadecimal digits of a fingerprint."""


def fingerprint(vocabulary: Vocabulary) -> str:
    """Fingerprint of what decides tags in a vocabulary, and of the tagging code.

    Comments, labels, kinds, months and the order of entries do not count, unless two entries
    share a word: then the first one decides.
    """
    return _fingerprint(vocabulary, VERSION)


@lru_cache(maxsize=2)
def _fingerprint(vocabulary: Vocabulary, version: int) -> str:
    rules = vocabulary.rules
    words: dict[str, list[Any]] = {}
    for word, role, value in entries(vocabulary):
        entry = [role, _plain(value)]
        if entry not in words.setdefault(word, []):
            words[word].append(entry)
    document = {
        "version": version,
        "words": words,
        "units": {one.name: [one.points, *sorted({*one.units})] for one in rules.supports},
        "quantities": sorted({*rules.quantities}),
        "unworked": {group.name: group.unworked for group in vocabulary.groups.values()},
        "characters": dict(rules.characters),
        "negations": sorted({*rules.negations}),
        "contrasts": sorted({*rules.contrasts}),
        "styles": {word: sorted({*styles}) for word, styles in rules.styles.items()},
        "leads": sorted({*rules.leads}),
        "states": [sorted({*rules.states_before}), sorted({*rules.states_after})],
        "products": [[rule.product_type, bool(rule.beside)] for rule in rules.product_types],
        "ages": [[rule.claim, rule.years] for rule in rules.age_claims],
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


def _plain(value: object) -> Any:
    """A pattern's value as plain data, without labels and lists of words."""
    if isinstance(value, Reason):
        return ["reason", value.name, value.outcome, value.against, value.whole]
    if isinstance(value, Support):
        return ["support", value.name, value.points]
    if isinstance(value, Cover):
        return ["cover", _plain(value.reason), value.group]
    if isinstance(value, Term | Step):
        return list(value)
    return value
