"""Keyword matching for sites whose own search may not be used (forum boards, catalogues)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wildcrawl.analysis.tagging.patterns import Role
from wildcrawl.analysis.tagging.scan import Scan
from wildcrawl.items import Relevance

if TYPE_CHECKING:
    from wildcrawl.analysis.tagging.tagger import Tagger
    from wildcrawl.analysis.vocabulary import Keyword

_SUPPORTS = (Role.SIGN, Role.SUPPORT, Role.PRODUCT, Role.CATEGORY_SUPPORT)


class Matcher:
    """Finds `keywords` in titles, in every disguise that the tagger recognises."""

    def __init__(self, tagger: Tagger, keywords: Sequence[Keyword]) -> None:
        self.tagger = tagger
        self.all = len(keywords) == len(tagger.vocabulary.keywords)
        fold = tagger.patterns.normaliser
        self.keywords = [(each, _pattern(fold(each.term).text.strip())) for each in keywords]

    def read(self, title: str, text: str = "", category: str = "") -> list[Keyword] | None:
        """The keywords in one row of a list of threads; None if its page need not be fetched.

        An extreme keyword (nearly all of its use is legal) counts only with support from the
        context. When all keywords are searched, a text without any of them that is likely by
        other words of the vocabulary gives an empty list.
        """
        scan = Scan(self.tagger.patterns, title, text, category)
        if not scan.any_term:
            return None
        plain = self.tagger.patterns.normaliser(f"{title}\n{text}").text
        found = [
            keyword
            for keyword, pattern in self.keywords
            if pattern.search(plain) or pattern.search(scan.text)
        ]
        if all(each.extreme for each in found) and not (found and _supported(scan)):
            likely = self.tagger.tag(title, text, category).relevance is Relevance.LIKELY
            return found if likely and (found or self.all) else None
        return found


def _pattern(folded: str) -> re.Pattern[str]:
    """A pattern for a keyword in a folded text; a letter at its edge must be a word boundary."""
    before = r"(?<![a-z0-9])" if folded[:1].isascii() else ""
    after = r"(?![a-z0-9])" if folded[-1:].isascii() else ""
    return re.compile(before + re.escape(folded) + after)


def _supported(scan: Scan) -> bool:
    """Whether anything outside the terms supports them."""
    terms = scan.hits[Role.TERM]
    return any(
        not any(term[0] <= hit[0] and hit[1] <= term[1] for term in terms)
        for role in _SUPPORTS
        for hit in scan.hits[role]
        if role != Role.CATEGORY_SUPPORT or scan.in_category(hit)
    )
