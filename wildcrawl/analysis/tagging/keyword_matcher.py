"""Keyword matching for sites whose own search may not be used (forum boards, catalogues)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wildcrawl.analysis.tagging.patterns import Role
from wildcrawl.analysis.tagging.scan import Scan
from wildcrawl.analysis.tagging.tagger import Tagger
from wildcrawl.analysis.vocabulary import Keyword
from wildcrawl.items import Relevance

_SUPPORTS = (Role.SIGN, Role.SUPPORT, Role.PRODUCT, Role.CATEGORY_SUPPORT)


class KeywordMatcher:
    """Matches `keywords` in titles, including the disguises that the tagger recognises."""

    def __init__(self, tagger: Tagger, keywords: Sequence[Keyword]) -> None:
        self.tagger = tagger
        given = set(keywords)
        self.all = all(keyword.until or keyword in given for keyword in tagger.vocabulary.keywords)
        fold = tagger.patterns.normaliser
        self.keywords = [
            (keyword, _pattern(fold(keyword.term).text.strip())) for keyword in keywords
        ]

    def read(self, title: str, text: str = "", category: str = "") -> list[Keyword] | None:
        """Keywords in one row of a list of threads; None if its page need not be fetched.

        An extreme keyword (nearly all of its use is legal) counts only with support from the
        context. When all keywords are searched, a text without any of them that is likely by
        other words of the vocabulary gives an empty list.
        """
        scan = Scan(self.tagger.patterns, title, text, category)
        if not scan.any_term:
            return None
        plain = self.tagger.patterns.normaliser(f"{title}\n{text}").text
        matched = [
            keyword
            for keyword, pattern in self.keywords
            if pattern.search(plain) or pattern.search(scan.text)
        ]
        if all(keyword.extreme for keyword in matched) and not (matched and _supported(scan)):
            likely = self.tagger.tag(title, text, category).relevance is Relevance.LIKELY
            return matched if likely and (matched or self.all) else None
        return matched


def _pattern(folded: str) -> re.Pattern[str]:
    """Pattern of a folded keyword; a letter or digit at its edge must be at a word boundary."""
    before = r"(?<![a-z0-9])" if folded[:1].isascii() else ""
    after = r"(?![a-z0-9])" if folded[-1:].isascii() else ""
    return re.compile(before + re.escape(folded) + after)


def _supported(scan: Scan) -> bool:
    """Whether a word outside the terms supports them."""
    terms = scan.hits[Role.TERM]
    return any(measure[2] for measure in scan.measures) or any(
        not any(term[0] <= hit[0] and hit[1] <= term[1] for term in terms)
        for role in _SUPPORTS
        for hit in scan.hits[role]
        if role != Role.CATEGORY_SUPPORT or scan.in_category(hit)
    )
