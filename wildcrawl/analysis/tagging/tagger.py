"""The tagger: relevance, species groups, product type and age claim of an advertisement."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from wildcrawl.analysis.tagging.attributes import age_claim, product_type
from wildcrawl.analysis.tagging.patterns import Part, Patterns
from wildcrawl.analysis.tagging.relevance import GENERAL, judge
from wildcrawl.analysis.tagging.result import Match, Tagging
from wildcrawl.analysis.tagging.scan import Scan
from wildcrawl.items import Relevance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from wildcrawl.analysis.tagging.terms import Found
    from wildcrawl.analysis.vocabulary import Vocabulary

_NONE = Relevance.NONE
_NOTHING = Tagging(_NONE, "no term of the vocabulary")


class Tagger:
    """Reads advertisements by the rules of one vocabulary; safe to share between threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.patterns = Patterns(vocabulary)
        self._groups = {each.term: each.group for each in vocabulary.keywords}

    def tag(
        self,
        title: str,
        description: str = "",
        category: str = "",
        found_by: Sequence[str] = (),
    ) -> Tagging:
        """What the text claims; `found_by` are the keywords that the search found it by.

        An advertisement of images alone is likely, under the groups of those keywords.
        """
        if not (title.strip() or description.strip()):
            return self._image_only(found_by)
        scan = Scan(self.patterns, title, description, category)
        if not scan.any_term or not scan.hits[Part.TERM]:
            return _NOTHING
        rules = self.vocabulary.rules
        judgement = judge(scan, rules, self._known(found_by) if found_by else ())
        relevance, reason, species, found, focus = judgement
        matches = partial(_matches, scan, found)
        counted = [each.term.term for each in found if each.excluded is None]
        terms = tuple(dict.fromkeys(counted))
        if relevance is _NONE:
            return Tagging(relevance, reason, terms=terms, explain=matches)
        unworked = self.vocabulary.groups[species[0]].unworked
        product = product_type(scan, rules, unworked, focus)
        return Tagging(relevance, reason, species, product, age_claim(scan, rules), terms, matches)

    def _known(self, found_by: Iterable[str]) -> list[str]:
        return [self._groups[each] for each in found_by if each in self._groups]

    def _image_only(self, found_by: Sequence[str]) -> Tagging:
        species = tuple(dict.fromkeys(self._known(found_by) if found_by else ())) or (GENERAL,)
        return Tagging(Relevance.LIKELY, "image-only post", species)


def _matches(scan: Scan, found: list[Found]) -> tuple[Match, ...]:
    return tuple(_match(scan, each) for each in found)


def _match(scan: Scan, found: Found) -> Match:
    field, start, end, text = scan.place(found.hit)
    label = f"{found.excluded.label}: {found.by}" if found.excluded else ""
    return Match(
        field,
        start,
        end,
        text,
        found.term.term,
        found.term.group,
        found.strength,
        found.supports,
        label,
    )
