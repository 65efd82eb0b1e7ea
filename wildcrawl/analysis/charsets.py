"""Charsets: encodes keywords for a site and decodes its pages, whatever they declare."""

from __future__ import annotations

import codecs
import re
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

if TYPE_CHECKING:
    from opencc import OpenCC

# Pages that call themselves by the older name use characters of the larger set all the same.
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
    """What came is not text: a picture, an archive, nothing at all."""


def widest(charset: str) -> str:
    """The Python codec that reads `charset` and all that pages put under its name.

    >>> widest("GB2312")
    'gb18030'
    """
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        raise LookupError(f"'{charset}' is not a charset that Python knows") from None
    return _WIDER.get(name, name)


@cache
def _traditional() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("s2tw")


def quote_keyword(term: str, charset: str) -> str | None:
    """`term` percent-encoded as the site reads it; None if its charset cannot write it.

    A Big5 site is searched for in traditional characters.

    >>> quote_keyword("象牙", "gbk")
    '%CF%F3%D1%C0'
    """
    codec = widest(charset)
    text = _traditional().convert(term) if codec == "big5hkscs" else term
    try:
        return quote(text.encode(codec), safe="")
    except UnicodeEncodeError:
        return None


def charset_of(body: bytes, site_charset: str, content_type: str = "") -> str:
    """The codec that reads `body` with the fewest unreadable characters.

    Headers lie and pages are cut short, so each candidate is tried: valid UTF-8 first (other
    charsets are never valid UTF-8 by chance), then the site's declared charset, the page's
    meta and the header. NotAPage if the body is empty or binary.
    """
    if not body.strip():
        raise NotAPage("the page is empty")
    bom = read_bom(body)[0]
    if bom:
        return str(bom)
    if b"\0" in body[:4096] or len(_CONTROL.findall(body[:4096])) > 40:
        raise NotAPage("the page is not text")
    named = [
        site_charset,
        html_body_declared_encoding(body),
        http_content_type_encoding(content_type),
    ]
    candidates = ["utf-8"]
    for name in named:
        codec = _known(name)
        if codec and codec not in candidates:
            candidates.append(codec)
    return min(candidates, key=lambda codec: _unreadable(body, codec))


_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def _known(name: str | None) -> str | None:
    try:
        return widest(name) if name else None
    except LookupError:
        return None


def _unreadable(body: bytes, codec: str) -> int:
    """How many characters of `body` the codec cannot read; a cut at the very end is none."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    text = decoder.decode(body, final=False)
    return text.count("�") + (len(_C1.findall(text)) if codec == "cp1252" else 0)


# A Western reading of Chinese bytes always "succeeds"; its odd letters give it away.
_C1 = re.compile(r"[\x80-\xff]")
