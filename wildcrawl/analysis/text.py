"""Text normalisation: cleaning for display and storage, folding for matching."""

from __future__ import annotations

import html
import re
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from mmap import ACCESS_COPY, mmap

_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*+)[^<>]*+>")
_BREAKING = {"br", "p", "div", "li", "ul", "ol", "tr", "td", "th", "table", "hr", "section"}
_BREAKING |= {f"h{level}" for level in range(1, 7)}
_UNSEEN = (("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>"))
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}

FIELD = "\x1e"
"""Separator of the fields of an advertisement that are folded together."""
_GONE = "\x03"
"""Placeholder of a character that folding removes."""
_LONGER = "\x01"
"""Placeholder of a character that reads as several characters."""
_UNREAD = "\x00"
"""Placeholder of a character whose reading is not made yet; no character is read as it."""
_LOUD = "\x02"
"""Placeholder of a visible sign, such as #, that may disguise a word."""
_HAN = "[\u3400-\u9fff〇\U00020000-\U0003ffff]"
_RUN = f"[ {_GONE}{_LOUD}]"
_PAUSES = frozenset(",，、。；;：:!！?？()（）[]【】「」《》“”‘’\"'")
_STROKES = frozenset("丨丶丿乀乁亅")
"""Characters that are only strokes, which sellers write between those of a word."""
_TABLE_SIZE = 0x30000
_PART = 0x1000
"""Characters whose readings are made at a time."""


def nfkc(text: str) -> str:
    """Unicode's form NFKC of a text: full-width letters become plain ones, in linear time.

    >>> nfkc("ＡＢ５８"), len(nfkc("e" + "\u0316\u0301" * 100_000))
    ('AB58', 30)
    """
    return unicodedata.normalize("NFKC", stream_safe(text))


def stream_safe(text: str) -> str:
    """A text that Unicode's forms take linear time for: of a run of combining marks, 30 stay.

    So has the stream-safe format of UAX #15. The marks of a longer run are sorted one by one, by
    `unicodedata` and for the host of an address by `urllib.parse`, too: 100,000 take eight seconds.
    """
    if len(text) <= _SORTED_FAST or text.isascii():
        return text
    return _long_run().sub(r"\1", text)


_SORTED_FAST = 1_000
"""Characters of a text whose marks, if it has nothing else, are sorted within a millisecond."""
_LAST_MARK = 0x1E94A


@cache
def _long_run() -> re.Pattern[str]:
    marks = "".join(chr(n) for n in range(_LAST_MARK + 1) if unicodedata.combining(chr(n)))
    return re.compile(f"([{marks}]{{30}})[{marks}]+")


def clean_text(raw: str) -> str:
    """`raw` as one line of plain text, for display and storage.

    Removes HTML tags, comments and scripts, decodes entities, applies NFKC, removes invisible
    and control characters, and folds white space to single spaces.

    >>> clean_text("<b>象\\u200b牙</b>&nbsp;手镯<br>５８圈口")
    '象牙 手镯 58圈口'
    """
    if not raw:
        return ""
    text = raw
    if "<" in text:
        for opening, closing in _UNSEEN:
            text = _cut(text, opening, closing)
        text = _TAG.sub(lambda tag: " " if tag[1].lower() in _BREAKING else "", text)
    return one_line(nfkc(html.unescape(text)))


def one_line(text: str) -> str:
    """`text` in one line, without invisible and direction-changing characters.

    For names and addresses: visible characters remain unchanged.

    >>> one_line(" a\\u200b<b>\\n商城\\x00 ")
    'a<b> 商城'
    """
    if not text.isprintable():
        text = "".join(
            character for character in text if character.isspace() or _visible(character)
        )
    return " ".join(text.split())


def squeezed(text: str) -> str:
    """A text for comparing: without blanks, case and width.

    >>> squeezed("老 象牙　ＡＢ")
    '老象牙ab'
    """
    return (_squeezed if len(text) <= _SHORT else _squeezed.__wrapped__)(text)


_SHORT = 200
"""Characters of a text up to which its squeezed form is kept: several checks of a page ask for the
same titles and prices."""


@lru_cache(maxsize=512)
def _squeezed(text: str) -> str:
    return "".join(nfkc(text).casefold().split())


def _visible(character: str) -> bool:
    return character.isprintable() or unicodedata.category(character) not in _INVISIBLE


def _cut(text: str, opening: str, closing: str) -> str:
    """`text` without every part from `opening` to `closing`, these included."""
    if opening not in text.lower():
        return text
    lowered, pieces, position = text.lower(), [], 0
    if len(lowered) != len(text):
        return text
    while (start := lowered.find(opening, position)) >= 0:
        end = lowered.find(closing, start)
        if end < 0:
            break
        pieces.append(text[position:start])
        position = end + len(closing)
    pieces.append(text[position:])
    return " ".join(pieces)


class Normalised:
    """A text folded for matching; `offsets[i]` is the original position of folded character i.

    Offsets never decrease. `cuts` maps each folded position before which characters were
    removed to their start and end in the original.
    """

    __slots__ = ("_offsets", "cuts", "text")

    def __init__(
        self,
        text: str,
        cuts: Mapping[int, tuple[int, int]] | None = None,
        offsets: Sequence[int] | None = None,
    ) -> None:
        self.text = text
        self._offsets = offsets
        if cuts is None:
            cuts = {} if offsets is None else _cuts(offsets)
        self.cuts = cuts

    @property
    def offsets(self) -> Sequence[int]:
        """Original position of each folded character."""
        if self._offsets is None:
            self._offsets = _offsets(len(self.text), self.cuts)
        return self._offsets

    def __repr__(self) -> str:
        return f"Normalised({self.text!r})"

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original start and end of the folded characters from `start` up to `end`."""
        return self.offsets[start], self.offsets[end - 1] + 1

    def has_gap(self, start: int, end: int) -> bool:
        """Whether characters were removed between the folded positions `start` and `end`."""
        cuts = self.cuts
        return bool(cuts) and any(position in cuts for position in range(start + 1, end))


def _cuts(offsets: Sequence[int]) -> dict[int, tuple[int, int]]:
    return {
        index: (before + 1, after)
        for index, (before, after) in enumerate(pairwise(offsets), 1)
        if after - before > 1
    }


def _offsets(length: int, cuts: Mapping[int, tuple[int, int]]) -> Sequence[int]:
    if not cuts:
        return range(length)
    offsets: list[int] = []
    shift = 0
    for position, (_, end) in cuts.items():
        offsets.extend(range(len(offsets) + shift, position + shift))
        shift = end - position
    offsets.extend(range(len(offsets) + shift, length + shift))
    return offsets


class Normaliser:
    """Folds texts for matching, so that disguised words become plain words.

    Applies NFKC, lower case and simplified characters. Removes invisible characters, signs
    between two Chinese characters (象#牙), and spaces and pauses beside a single Chinese
    character (象 牙); those between longer words become one space. `characters` adds readings
    of single characters, such as an emoji read as a word.
    """

    def __init__(self, characters: Mapping[str, str] | None = None) -> None:
        self._characters = dict(characters or {})
        # Zeros, of which only the parts that are read take memory.
        self._table = memoryview(mmap(-1, 4 * _TABLE_SIZE, access=ACCESS_COPY)).cast("I")
        self._longer: dict[str, str] = {}

    def __call__(self, text: str) -> Normalised:
        """Folds `text`, in time linear in its length."""
        folded = text.translate(self._table)
        if _UNREAD in folded:
            self._read({ord(raw) // _PART for raw, plain in zip(text, folded, strict=True)
                        if plain == _UNREAD})  # fmt: skip
            folded = text.translate(self._table)
        origins: Sequence[int] | None = None
        if _LONGER in folded:
            folded, origins = self._expand(text, folded)
        return _close_up(folded, origins)

    def _read(self, parts: Iterable[int]) -> None:
        """Makes the readings of the characters in `parts` of the table."""
        for part in parts:
            table, longer = _readings(part)
            table, longer = table[:], dict(longer)
            for character, reading in self._characters.items():
                if ord(character) // _PART != part:
                    continue
                longer.pop(character, None)
                if len(reading) != 1:
                    longer[character] = reading
                table[ord(character) % _PART] = ord(reading if len(reading) == 1 else _LONGER)
            self._longer |= longer
            # At once and last, since other threads may be reading.
            self._table[part * _PART : (part + 1) * _PART] = table

    def _expand(self, text: str, folded: str) -> tuple[str, Sequence[int]]:
        """Folds a text that has characters with longer readings; slower than the table."""
        pieces: list[str] = []
        origins: list[int] = []
        for index, (raw, plain) in enumerate(zip(text, folded, strict=True)):
            reading = self._longer.get(raw, "") if plain == _LONGER else plain
            pieces.append(reading)
            origins.extend([index] * len(reading))
        return "".join(pieces), origins


@cache
def _run() -> re.Pattern[str]:
    """Pattern of the runs to close up; compiled on first use, since that is slow."""
    # The first character is outside of the alternatives, so that others are skipped fast.
    return re.compile(
        f"{_RUN}(?:"
        # Removed: signs between two Chinese characters, and spaces beside a single one.
        f"(?<={_HAN}{_RUN})(?:(?<={_LOUD})|[ {_GONE}]*{_LOUD}){_RUN}*(?={_HAN})()"
        f"|(?<={_HAN}[ {_GONE}])(?<!{_HAN}{_HAN}[ {_GONE}])[ {_GONE}]*(?={_HAN})()"
        f"|(?<={_HAN}[ {_GONE}])[ {_GONE}]*(?={_HAN}(?!{_HAN}))()"
        # Other runs become one space, or nothing if all of it is invisible.
        f"|(?<=[{_GONE}{_LOUD}]){_RUN}*|(?<= )(?: *[{_GONE}{_LOUD}]{_RUN}*| +))"
    )


@cache
def _lone() -> re.Pattern[str]:
    """Faster pattern for text without signs, invisible characters and double spaces."""
    return re.compile(
        f" (?:(?<={_HAN} )(?<!{_HAN}{_HAN} )(?={_HAN})()|(?<={_HAN} )(?={_HAN}(?!{_HAN}))())"
    )


def _close_up(folded: str, origins: Sequence[int] | None) -> Normalised:
    """Removes invisible characters, and separators between the characters of a word."""
    silent = not (_LOUD in folded or _GONE in folded)
    if silent and " " not in folded:
        return Normalised(folded, None if origins is not None else {}, origins)
    pieces: list[str] = []
    cuts: dict[int, tuple[int, int]] = {}
    position = length = 0
    plain = silent and "  " not in folded
    for run in (_lone() if plain else _run()).finditer(folded):
        start, end = run.span()
        pieces.append(folded[position:start])
        length += start - position
        if run.lastindex is None and run[0].strip(_GONE):
            pieces.append(" ")
            # The remaining space is at the end of the run, so that the cut comes before it.
            cuts[length] = (start, end - 1)
            length += 1
        else:
            cuts[length] = (start, end)
        position = end
    if not position:
        return Normalised(folded, None if origins is not None else {}, origins)
    pieces.append(folded[position:])
    text = "".join(pieces)
    if length == len(text):
        cuts.pop(length, None)
    closed = Normalised(text, cuts)
    if origins is None:
        return closed
    return Normalised(text, None, [origins[offset] for offset in closed.offsets])


def simplified(text: str) -> str:
    """`text` in simplified characters.

    >>> simplified("象牙鐲")
    '象牙镯'
    """
    return _simplify()(text)


@cache
def _simplify() -> Callable[[str], str]:
    # Once for all of a process and on first use, since its dictionaries take 3 MB.
    from opencc import OpenCC

    return OpenCC("t2s").convert


@cache
def _readings(part: int) -> tuple[array[int], dict[str, str]]:
    """Readings of the characters of a part: those of one character by place, and longer ones.

    In parts, since a crawl meets a fifth of all characters, and four bytes for each, where text
    objects take eighty.
    """
    table = array("I", [ord(_GONE)]) * _PART
    several: dict[str, str] = {}
    span = range(part * _PART, (part + 1) * _PART)
    letters = [chr(code) for code in span if not 0xD800 <= code < 0xE000]
    folded = [unicodedata.normalize("NFKC", letter).lower() for letter in letters]
    rows = "\n".join(text if text.strip() else "-" for text in folded)
    for letter, plain in zip(letters, simplified(rows).split("\n"), strict=True):
        reading = _reading(letter, plain)
        table[ord(letter) % _PART] = ord(reading) if len(reading) == 1 else ord(_LONGER)
        if len(reading) > 1:
            several[letter] = reading
    return table, several


def _reading(letter: str, plain: str) -> str:
    kind = unicodedata.category(letter)
    if letter == FIELD:
        return FIELD
    if letter in _STROKES:
        return _LOUD
    if kind in {"Cf", "Cs", "Co", "Cn", "Mn", "Me"}:
        return _GONE
    if kind[0] in "ZPSC":
        worded = "".join(
            character for character in plain if unicodedata.category(character)[0] in "LN"
        )
        if worded:
            return worded
        return " " if kind[0] == "Z" or kind == "Cc" or letter in _PAUSES else _LOUD
    if len(plain) > 1:
        plain = "".join(
            character if unicodedata.category(character)[0] in "LN" else " " for character in plain
        )
    return plain or _GONE


@cache
def _plain() -> Normaliser:
    return Normaliser()


def normalise(text: str) -> Normalised:
    """`text` folded for matching, without the readings of a vocabulary.

    >>> normalise("象 牙·鐲").text
    '象牙镯'
    """
    return _plain()(text)
