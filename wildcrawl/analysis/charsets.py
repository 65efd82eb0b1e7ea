"""Charsets: encoding of keywords for a site, and detection of the charset of a page."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import quote

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from wildcrawl.utils import lazy_pattern

if TYPE_CHECKING:
    from opencc import OpenCC

# Pages that declare the older charset also use characters of the larger one.
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb2312-80": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "ascii": "utf-8",
}


class NotAPage(ValueError):
    """Raised for a body that is not text: an image, an archive, empty, or in no known charset."""


def widest(charset: str) -> str:
    """Python codec that decodes `charset` and its supersets that pages use under its name.

    >>> widest("GB2312")
    'gb18030'
    """
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        raise LookupError(
            f"'{charset}' is not a valid charset; choose one that Python knows, such as gb18030"
        ) from None
    return _WIDER.get(name, name)


@cache
def _traditional() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("s2tw")


def as_sent(term: str, codec: str) -> str:
    """`term` in the characters that are sent in `codec`: traditional ones for Big5."""
    return _traditional().convert(term) if codec == "big5hkscs" else term


def quote_keyword(term: str, charset: str) -> str | None:
    """`term` percent-encoded in `charset`; None if the charset cannot encode it.

    For Big5, `term` is converted to traditional characters.

    >>> quote_keyword("象牙", "gbk")
    '%CF%F3%D1%C0'
    """
    codec = widest(charset)
    try:
        return quote(as_sent(term, codec).encode(codec), safe="")
    except UnicodeEncodeError:
        return None


@dataclass(frozen=True)
class Decoded:
    """A page as text: without control characters, and with garbled text repaired."""

    text: str
    codec: str
    """The Python codec of the bytes."""
    declared: bool
    """Whether the site, the page or its header names the charset, or it is UTF-8."""
    repaired: str = ""
    """What was garbled and is repaired, in words; empty: nothing."""
    unchanged: bool = True
    """Whether `text` is the bytes decoded in `codec`, without anything left out or repaired."""


def decode(body: bytes, site_charset: str, content_type: str = "") -> Decoded:
    """The text of `body`, in the charset that decodes it into the most legible text.

    Headers may be wrong and pages truncated, so all candidates are tried: UTF-8 first (other
    charsets are not valid UTF-8 by chance), then the site's declared charset, the page's meta and
    the header. If their text is garbled, so are GB18030, Big5, UTF-16 and Windows-1252, and text
    that was decoded wrongly before it was sent is decoded again. NotAPage if the body is empty or
    binary, or if too much of it is legible in no charset.
    """
    if not body.strip(b"\0 \t\r\n\f"):
        raise NotAPage("the page is empty")
    if body.startswith(_BINARY):
        raise NotAPage("the page is not text")
    bom, mark = read_bom(body)
    codecs_named = [str(bom)] if bom else _candidates(body, site_charset, content_type)
    body = body[len(mark or b"") :]
    best = _seven_bit(body) or _best(body, codecs_named)
    plain = best.text if _CONTROLS.isdisjoint(best.characters) else _CONTROL.sub("", best.text)
    if len(plain) < len(best.text) * _TEXT:
        raise NotAPage("the page is not text")
    # The same reading keeps what is known of it.
    final = _unmixed(best if plain == best.text else replace(best, text=plain))
    if final.illegible:
        raise NotAPage(
            f"{final.illegible:.0%} of its characters beyond ASCII are illegible in {final.codec} "
            "and in all charsets tried"
        )
    unchanged = final.text == best.text and not bom
    return Decoded(final.text, best.codec, best.codec in codecs_named, final.repaired, unchanged)


def _best(body: bytes, codecs_named: Iterable[str]) -> _Reading:
    """The reading in one of the charsets that are named, unless another is clearly more legible."""
    readings = [_read(body, codec) for codec in codecs_named]
    named = min(readings, key=lambda reading: (reading.lost, reading.text.count("\ufffd")))
    return named if named.legible else _guess(body, readings, named)


def _seven_bit(body: bytes) -> _Reading | None:
    """The reading of a page that writes Chinese characters in ASCII: ISO-2022 or HZ.

    It is valid UTF-8, but its texts are not what it shows.
    """
    if not body.isascii() or _CODED.search(body):
        return None
    if len(_ESCAPED.findall(body)) >= _SEVERAL:
        return _read(body, "iso2022_jp_2")
    pairs = b"".join(_HZ.findall(body))
    if (
        not pairs
        or legibility(bytes(0x80 | each for each in pairs).decode("gb2312", "replace")) < _PIECE
    ):
        return None
    return _read(body, "hz")


def _guess(body: bytes, readings: list[_Reading], named: _Reading) -> _Reading:
    """The most legible reading in any charset, or `named` if none is clearly better."""
    if not (named.codec == "utf-8" and _is_utf8(body)):
        # Other charsets are not valid UTF-8 by chance.
        known = {reading.codec for reading in readings}
        unnamed = _CHINESE_CODECS + (_UTF_16 if b"\0" in body else ())
        if named.text.count("\ufffd") > _STRAY:
            unnamed += ("cp1252",)
        readings = readings + [_read(body, codec) for codec in unnamed if codec not in known]
    repairs: list[_Reading] = []
    if max(reading.score for reading in readings) < _ENOUGH and named.lost < named.beyond / 2:
        repairs = [*_pieces(body), *_again(named)]
    # The first of equals: the named charsets come before the guessed ones.
    best = max(readings + repairs, key=lambda reading: reading.score)
    if best.score >= max(named.score + _BETTER, _PIECE):
        return best
    for repair in repairs:
        if legibility(repair.text) >= legibility(named.text) + _BETTER:
            raise NotAPage(f"its text is {repair.repaired}, with losses")
    return named


def _is_utf8(body: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(body, final=False)
    except UnicodeDecodeError:
        return False
    return b"\0" not in body


def legibility(text: str) -> float:
    """The share of a text's characters beyond ASCII that real texts use, from 0 to 1.

    Chinese decoded in the wrong charset consists of rare characters. 1 for a text in ASCII.

    >>> legibility("老象牙手串"), legibility("绗竴鐧句竴")
    (1.0, 0.2)
    """
    return _legibility(text, frozenset(text[:_SAMPLE]))


def _legibility(text: str, characters: frozenset[str]) -> float:
    """`legibility`; `characters` are those of the text's beginning, or more."""
    text = text[:_SAMPLE]
    if not _ACCENTS.isdisjoint(characters):
        text = _ACCENT.sub("", text)
    number = _number_beyond(text)
    if not number:
        return 1.0
    unusual = _number_of(text, _unusual(characters))
    garbage = 0
    if not _MARKS.isdisjoint(characters):
        sample = "".join(_BEYOND.findall(text))
        garbage = sum(len(mark) * sample.count(mark) for mark in _GARBAGE)
    return max(0, number - unusual - garbage) / number


def _number_beyond(text: str) -> int:
    """Number of characters beyond ASCII."""
    return len(text) - len(text.encode("ascii", "ignore"))


def _number_of(text: str, characters: Collection[str]) -> int:
    """How often any of `characters` occurs in `text`."""
    if len(characters) > _FEW:
        counts = Counter(text)
        return sum(counts[character] for character in characters)
    return sum(map(text.count, characters))


def _number_up_to(text: str, characters: Iterable[str], enough: int) -> int:
    """How often any of `characters` occurs in `text`; not all are counted once it is `enough`."""
    number = 0
    for character in characters:
        number += text.count(character)
        if number >= enough:
            break
    return number


_FEW = 40
"""Characters up to which counting one by one is faster than counting all."""


_TEXT = 0.5
"""Share of a text that must not be control characters."""
_SAMPLE = 1 << 17
"""Characters of a text that are judged."""
_ENOUGH = 0.9
"""Legibility from which on no other charset is tried."""
_PIECE = 0.7
"""Legibility from which on a piece of a page counts as decoded rightly."""
_BETTER = 0.2
"""How much more legible a charset must be that nothing names."""
_BOUND = 0.05
"""Share of undecodable characters beyond which a page is not read."""
_STRAY = 2
"""Undecodable characters that any page may have."""
_CHINESE_CODECS = ("gb18030", "big5hkscs")
_UTF_16 = ("utf-16-le", "utf-16-be")
_GARBAGE = ("锟斤拷", "烫烫烫", "屯屯屯", "ï¿½", "嚙踝蕭")
"""What lost characters become when they are decoded once more."""
_MARKS = frozenset("锟烫屯\u00ef嚙")
"""Their first characters."""
_BINARY = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"%PDF-", b"\x1f\x8b", b"RIFF",
    b"Rar!", b"7z\xbc\xaf", b"\x00\x00\x01\x00", b"\xfd7zXZ", b"wOFF", b"wOF2",
)  # fmt: skip
_ESCAPED = re.compile(rb"\x1b\$[(@AB]")
"""The escape sequences with which ISO-2022 turns to Chinese characters."""
_CODED = re.compile(rb"\\u[4-9][0-9a-f]{3}|&#(?:x[4-9][0-9a-f]{3}|[2-4][0-9]{4});", re.IGNORECASE)
"""A Chinese character in the escape of JSON or HTML, as a page in ASCII has all of them."""
_SEVERAL = 3
"""Escape sequences from which on they are the page's own, and not one text's."""
_HZ = re.compile(rb"~\{((?:[!-w][!-~])+)~\}")
"""Chinese characters of HZ, two ASCII characters each."""
_CONTROL = lazy_pattern(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\ufeff]")
_CONTROLS = frozenset(
    map(chr, (*range(9), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F, 0xFEFF))
)
_BEYOND = lazy_pattern(r"[^\x00-\x7f]+")
_ACCENT = lazy_pattern(r"(?<![^\x00-\x7f])[\u00c0-\u017f](?![^\x00-\x7f])")
"""An accented letter between ASCII characters, as in Western languages."""
_ACCENTS = frozenset(map(chr, range(0xC0, 0x180)))
_CUT = lazy_pattern(r"(?<!\ufffd)\ufffd(?=[\x00-\x7f…]|$)")
"""A character of which a site cut off the end, as programs do that count bytes."""
_LATIN = lazy_pattern(r"[\x80-\xff]{2,}")


_LAST = 0x1FFFF
"""Code of the last character in the table of usual ones; neither it nor those after are usual."""


@cache
def _usual() -> bytearray:
    """By its code, whether a character beyond ASCII is one that texts of our sites use.

    Sites are Chinese, Japanese, Korean and Western ones. Of the Chinese characters, the first
    levels of GB 2312 and Big5, and what advertisements add to them. A set takes 4.6 MB.
    """
    simplified = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    traditional = (bytes((row, cell)) for row in range(0xA4, 0xC7) for cell in range(0x40, 0xFF))
    chinese = chain(
        (pair.decode("gb2312", "ignore") for pair in simplified),
        (pair.decode("big5", "ignore") for pair in traditional),
        _TRADE,
    )
    spans = (
        (0xA0, 0xBF), (0xD7, 0xD7), (0xF7, 0xF7), (0x2010, 0x2044), (0x20A0, 0x20BF),
        (0x2100, 0x214F), (0x2190, 0x21FF), (0x2460, 0x24FF), (0x25A0, 0x27BF), (0x3000, 0x30FF),
        (0xAC00, 0xD7A3), (0xFE0F, 0xFE0F), (0xFF01, 0xFF9F), (0xFFE0, 0xFFE6), (0x1F000, 0x1FAFF),
    )  # fmt: skip
    usual = bytearray(_LAST + 1)
    for first, last in spans:
        usual[first : last + 1] = b"\1" * (last + 1 - first)
    for character in filter(None, chinese):
        usual[ord(character)] = 1
    return usual


def _unusual(characters: Iterable[str]) -> set[str]:
    """The characters beyond ASCII that texts of our sites do not use."""
    usual = _usual()
    return {each for each in characters if each > "\x7f" and not usual[min(ord(each), _LAST)]}


_TRADE = "玳瑁砗磲犀麝璎珞琥珀翡翠珊瑚檀鬃羚鼋蟒蜥鹦鹉鹩鹰隼雕鹫鳄鲮鲨鳐蚺猕獾貂鬣狒狨獭豺貔貅"
"""Characters of advertisements for wildlife that are not on the first level."""


@dataclass(frozen=True)
class _Reading:
    """A body decoded in one charset."""

    text: str
    codec: str
    repaired: str = ""

    @cached_property
    def lost(self) -> int:
        """Number of undecodable characters, without those that the site itself cut in two."""
        count = self.text.count("\ufffd")
        if count and not self.repaired and count < self.beyond / 2:
            count -= len(_CUT.findall(self.text))
        if self.codec == "cp1252":
            # It decodes any Chinese bytes; runs of accented letters reveal the wrong choice.
            count += sum(len(run) for run in _LATIN.findall(self.text))
        return count

    @cached_property
    def characters(self) -> frozenset[str]:
        """The characters of the text, each once: there are few, and much need not be counted."""
        return frozenset(self.text)

    @cached_property
    def beyond(self) -> int:
        """Number of characters beyond ASCII."""
        return _number_beyond(self.text)

    @cached_property
    def garbage(self) -> int:
        """Number of characters that are lost, or the remains of lost ones."""
        if _MARKS.isdisjoint(self.characters):
            return self.lost
        return self.lost + sum(len(mark) * self.text.count(mark) for mark in _GARBAGE)

    @cached_property
    def illegible(self) -> float:
        """Share of lost characters beyond ASCII; 0 within the bound that any page may have."""
        sample = self.text[:_SAMPLE]
        unusual = "".join(_unusual(self.characters))
        rare = _number_of(sample, _CHINESE.findall(unusual))
        if rare > _STRAY:
            distinct = _CHINESE.findall("".join(self.characters))
            chinese = _number_up_to(sample, distinct, 2 * rare)
            if rare > chinese / 2:
                return rare / chinese
        share = self.garbage / max(1, self.beyond)
        stray = 0 if self.repaired else _STRAY
        return share if self.garbage > stray and share > _BOUND else 0.0

    @cached_property
    def legible(self) -> bool:
        """Whether nothing suggests another charset."""
        few = self.text.count("\ufffd") + self.lost <= _BOUND * self.beyond
        return few and not self.illegible and self.score >= _ENOUGH and "\0" not in self.text[:200]

    @cached_property
    def score(self) -> float:
        """Legibility, without the share of lost characters."""
        share = min(1.0, 2 * self.garbage / max(1, self.beyond))
        zeros = self.text[:_SAMPLE].count("\0") / max(1, len(self.text[:_SAMPLE]))
        return _legibility(self.text, self.characters) - share - zeros


def _candidates(body: bytes, site_charset: str, content_type: str) -> list[str]:
    named = [
        site_charset,
        html_body_declared_encoding(body),
        http_content_type_encoding(content_type),
    ]
    known = (_known(name) for name in named)
    return list(dict.fromkeys(["utf-8", *(codec for codec in known if codec)]))


def _known(name: str | None) -> str | None:
    return widest(name) if name and is_of_text(name) else None


_OF_NAMES = ("idna", "punycode")
"""Codecs of host names, which take quadratic time."""


def is_of_text(codec: str) -> bool:
    """Whether Python has a codec of this name that turns a page's bytes into text.

    >>> is_of_text("gb18030"), is_of_text("base64"), is_of_text("punycode")
    (True, False, False)
    """
    try:
        known = codecs.lookup(codec).name
        # An empty text would be decoded without a look at the codec.
        return known not in _OF_NAMES and isinstance(b"a".decode(known, "replace"), str)
    except (LookupError, ValueError, TypeError):
        return False


def _read(body: bytes, codec: str) -> _Reading:
    """The whole body in one charset; a character that is cut at its end is left out."""
    try:
        return _Reading(codecs.getincrementaldecoder(codec)("replace").decode(body), codec)
    except UnicodeError:
        # Python's utf-16 and utf-32 refuse a text without the mark of its byte order.
        codec = f"{codecs.lookup(codec).name}-le"
        return _Reading(codecs.getincrementaldecoder(codec)("replace").decode(body), codec)


def _pieces(body: bytes) -> Iterator[_Reading]:
    """UTF-8 with pieces in GB18030, as pages have that include others; nothing without any."""
    changed = False

    def piece(match: re.Match[bytes]) -> bytes:
        nonlocal changed
        text = match[0].decode("utf-8", "replace")
        if "\ufffd" not in text or text.count("\ufffd") * 3 < len(text):
            return match[0]
        other = match[0].decode("gb18030", "replace")
        if "\ufffd" in other or legibility(other) < _PIECE:
            return match[0]
        changed = True
        return other.encode()

    mixed = _HIGH.sub(piece, body)
    if changed:
        yield _Reading(_read(mixed, "utf-8").text, "utf-8", "parts of it are gb18030")


_HIGH = re.compile(rb"[\x80-\xff]+(?:[\x40-\x7e]?[\x80-\xff]+)*")
"""Bytes of text beyond ASCII, with the ASCII bytes that end characters of GBK."""


def _again(reading: _Reading) -> Iterator[_Reading]:
    """The texts that result if `reading` was decoded wrongly before it was sent."""
    for wrong, right, pieces in (
        ("cp1252", "utf-8", _WESTERN),
        ("cp1252", "gb18030", _WESTERN),
        ("gb18030", "utf-8", _WHOLE),
    ):

        def recoded(run: re.Match[str], wrong: str = wrong, right: str = right) -> str:
            return _recode(run[0], wrong, right)

        text = pieces.sub(recoded, reading.text)
        if text != reading.text:
            yield _Reading(text, reading.codec, f"{right} that had been decoded as {wrong}")


def _recode(text: str, wrong: str, right: str) -> str:
    """`text` encoded as `wrong` and decoded as `right`."""
    # Latin-1, and Windows-1252 where it is undefined, decode bytes to these control characters.
    raw = text.translate(_UNDEFINED) if wrong == "cp1252" else text
    return raw.encode(wrong, "surrogateescape").decode(right, "replace")


_UNDEFINED = {code: 0xDC00 + code for code in range(0x80, 0xA0)}
_MAPPED = "".join(bytes((code,)).decode("cp1252", "ignore") for code in range(0x80, 0xA0))
_WESTERN = lazy_pattern(rf"[\x00-\xff{re.escape(_MAPPED)}]+")
_WHOLE = lazy_pattern(r"[^\ufffd\ud800-\udfff]+")


def _unmixed(reading: _Reading) -> _Reading:
    """`reading` with garbled pieces repaired: a page may show such titles in a right frame."""
    changed = False
    if _LEADS.isdisjoint(reading.characters):
        return reading

    def piece(match: re.Match[str]) -> str:
        nonlocal changed
        found = _recode(match[0], "cp1252", "utf-8")
        if not (_CHINESE.search(found) and all(_usual()[min(ord(each), _LAST)] for each in found)):
            return match[0]
        changed = True
        return found

    text = _GARBLED.sub(piece, reading.text)
    if not changed:
        return reading
    return replace(
        reading,
        text=text,
        repaired=reading.repaired or "parts of it are utf-8 that had been decoded as cp1252",
    )


_LEADS = frozenset(map(chr, range(0xC2, 0xF5)))
"""First characters of UTF-8 that was decoded as Latin-1, and a few more."""
_TAIL = rf"[\x80-\xbf{re.escape(_MAPPED)}]"
_GARBLED = lazy_pattern(rf"(?:[\xc2-\xdf]{_TAIL}|[\xe0-\xef]{_TAIL}{{2}}|[\xf0-\xf4]{_TAIL}{{3}})+")
"""UTF-8 that was decoded as Windows-1252 or Latin-1."""
_CHINESE = lazy_pattern(r"[\u4e00-\u9fff]")
