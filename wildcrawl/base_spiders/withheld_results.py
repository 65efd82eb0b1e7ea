"""Withheld results: searches that a site does not answer because of its own rules or the law.

Large Chinese sites answer a search for 象牙 with "under the laws and regulations, no results can
be shown", in the place of "nothing found". Such a page does not show that nothing is offered.
"""

from __future__ import annotations

import re

from wildcrawl.base_spiders.own_words import Words

MOST = 0.5
"""Share of the searches from which on a run has hardly searched the site."""
_RULES = r"(?:法律|法规|法規|政策|违规|違規|违禁|違禁|敏感|禁售|社区规范|平台规则)"
_SHOWN = r"(?:显示|顯示|展示|搜索|搜尋|查看|提供|呈现)"
_NOT = r"(?:不予|未予|无法|無法|不能|不可|禁止|暂不|不支持|不)"
_WITHHELD = re.compile(
    rf"{_RULES}[^。！!\n]{{0,30}}{_NOT}[^。！!，,\n]{{0,4}}{_SHOWN}"
    rf"|{_NOT}{_SHOWN}[^。！!\n]{{0,30}}(?:{_RULES}|违反)"
    r"|(?:results?|items?|content)[^.\n]{0,40}(?:cannot|can't|not) be (?:shown|displayed)"
    r"[^.\n]{0,40}(?:laws?|regulations?|polic)",
    re.IGNORECASE,
)
_LONGEST = 40
_NAMED = 3


class WithheldResults:
    """Finds the searches without results whose page says that results are withheld."""

    def __init__(self) -> None:
        self.searches = 0
        self._usual: set[str] = set()
        """Such sentences on pages with results, as in a footer."""
        self._said: dict[str, str] = {}
        """Phrase to the sentence on its page."""

    def add(self, phrase: str, words: Words, *, found: bool) -> None:
        """Records the first page of a search, and whether it has results."""
        self.searches += 1
        said = next(filter(_WITHHELD.search, words.unlinked.splitlines()), "")
        if said and found:
            self._usual.add(said)
        elif said:
            self._said[phrase] = said

    def thin(self) -> str:
        """A sentence if the site withholds the results of most searches, else ""."""
        return self._sentence() if len(self._withheld()) > MOST * self.searches else ""

    def note(self) -> str:
        """A sentence if the site withholds the results of some searches, else ""."""
        return "" if self.thin() else self._sentence()

    def _withheld(self) -> dict[str, str]:
        return {phrase: said for phrase, said in self._said.items() if said not in self._usual}

    def _sentence(self) -> str:
        withheld = self._withheld()
        if not withheld:
            return ""
        named = ", ".join(f"'{phrase}'" for phrase in list(withheld)[:_NAMED])
        more = f" and {len(withheld) - _NAMED} more" if len(withheld) > _NAMED else ""
        said = next(iter(withheld.values()))
        said = said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
        return (
            f"the site withholds the results of {len(withheld)} of {self.searches} searches "
            f"({named}{more}: '{said}'): not certain that it has none; search by hand in other "
            "words, or in its categories"
        )
