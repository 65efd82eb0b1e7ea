"""Charset of keywords: whether a site understood the bytes in which its keywords were sent."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from parsel import Selector

from wildcrawl.analysis.charsets import as_sent

_KNOWN = {"utf-8": "utf-8", "gb18030": "gb18030", "big5hkscs": "big5"}
"""Codec in which a site may read keywords, to the charset to declare."""
_CHANCE = 0.1
"""Share of searches whose keyword may be on their page without having been understood."""
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_FEW = 4
"""Chinese characters below which a page does not show its charset."""
_LOST = re.compile(r"\ufffd{2,}|\?{2,}|锟斤拷")
"""Remains of characters that a site could not decode."""
_SHOWN = 12
"""Characters of a garbled keyword in a message."""


@dataclass
class KeywordCharsetCheck:
    """Looks on the first page of each search for its keyword, and for what it may have become."""

    sent: str
    """The codec in which keywords are sent."""
    searches: int = 0
    understood: int = 0
    """Searches whose page shows the keyword, or a result that mentions it."""
    codecs: Counter[str] = field(default_factory=Counter)
    """Codecs of the pages that have Chinese text."""
    garbled: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Keyword to what the page shows in its place, and the codec that explains it, or ""."""
    boxes: dict[str, str] = field(default_factory=dict)
    """Keyword to another word that the page's search box shows."""
    boxed: int = 0
    """Searches whose page has a filled search box."""
    sample: str = ""
    """The first page, to tell what all pages have from what one search brought."""

    def add(self, phrase: str, text: str, box: str, codec: str, *, mentioned: bool) -> None:
        """Records the first page of a search.

        `box`: the content of the page's search box; `codec`: that of the page, "" if unknown;
        `mentioned`: whether a result mentions the phrase.
        """
        text = html.unescape(text)
        self.searches += 1
        forms = {phrase, as_sent(phrase, self.sent)}
        shown = any(form in text for form in forms)
        fixed = any(form in self.sample for form in forms)
        self.sample = self.sample or text.replace(phrase, "")
        self.understood += mentioned or (shown and not fixed)
        self.boxed += bool(box)
        if codec and len(_CHINESE.findall(text)) >= _FEW:
            self.codecs[codec] += 1
        if shown and not fixed:
            return
        garbled = next((each for each in _misread(phrase, self.sent) if each[0] in text), None)
        if garbled is None and (lost := _LOST.search(box)):
            garbled = (lost[0], "")
        if garbled:
            self.garbled[phrase] = garbled
        elif box and not any(set(box) & set(form) for form in forms):
            self.boxes[phrase] = box

    def message(self) -> str:
        """A sentence if the site reads keywords in another charset, else ""."""
        return self._by_echo() or self._by_pages() or self._by_box()

    def _by_echo(self) -> str:
        if not self.garbled or self.understood > len(self.garbled):
            return ""
        phrase, (shown, codec) = next(iter(self.garbled.items()))
        return (
            f"the keywords were sent in {_KNOWN.get(self.sent, self.sent)}, but the site reads "
            f"them otherwise ('{phrase}' came back as '{shown[:_SHOWN]}' in {len(self.garbled)} of "
            f"{self.searches} searches); {self._fix(codec or self._of_pages())}"
        )

    def _by_pages(self) -> str:
        codec = self._of_pages()
        if codec == self.sent or codec not in _KNOWN:
            return ""
        if self.understood > _CHANCE * self.searches:
            return ""
        return (
            f"the keywords were sent in {_KNOWN.get(self.sent, self.sent)} but the pages are in "
            f"{_KNOWN[codec]}, and no page shows the keyword that was searched for; "
            f"{self._fix(codec)}"
        )

    def _by_box(self) -> str:
        different = len(set(self.boxes.values()))
        if different < 2 or 2 * len(self.boxes) <= self.boxed or self.understood > len(self.boxes):
            return ""
        phrase, box = next(iter(self.boxes.items()))
        return (
            f"the search box shows another word than was sent ('{box[:_SHOWN]}' for '{phrase}') "
            f"in {len(self.boxes)} of {self.searches} searches; check charset, and {{keyword}} in "
            "search_url"
        )

    def _of_pages(self) -> str:
        return self.codecs.most_common(1)[0][0] if self.codecs else ""

    def _fix(self, codec: str) -> str:
        if codec == self.sent or codec not in _KNOWN:
            codec = "gb18030" if self.sent == "utf-8" else "utf-8"
        return f"declare charset = '{_KNOWN[codec]}'"


def _misread(phrase: str, sent: str) -> Iterator[tuple[str, str]]:
    """What a phrase becomes if its bytes are read in another codec, and that codec."""
    raw = as_sent(phrase, sent).encode(sent, "replace")
    for codec in (*_KNOWN, "cp1252", "latin-1"):
        if codec == sent:
            continue
        text = raw.decode(codec, "replace").split("\ufffd")[0]
        if len(text) > 1 and not text.isascii():
            yield text, codec if codec in _KNOWN else ""


def box_of(page: Selector, template: str) -> str:
    """The content of the input on a page that has the name of the {keyword} in an address."""
    pairs = parse_qsl(urlsplit(template).query, keep_blank_values=True)
    names = [name for name, value in pairs if "{keyword}" in value]
    if not names:
        return ""
    found = page.xpath("//input[@name=$name and not(@type='hidden')]/@value", name=names[0])
    return (found.get() or "").strip()
