"""Charsets: encoding of keywords for a site, and detection of the charset of a page."""

from __future__ import annotations

import codecs
import re
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

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
    """Raised for a body that is not text: an image, an archive, or empty."""


def widest(charset: str) -> str:
    """Python codec that decodes `charset` and its supersets that pages use under its name.

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
    """`term` percent-encoded in `charset`; None if the charset cannot encode it.

    For Big5, `term` is converted to traditional characters.

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
    """The codec that decodes `body` with the fewest unreadable characters.

    Headers may be wrong and pages truncated, so all candidates are tried: UTF-8 first (other
    charsets are not valid UTF-8 by chance), then the site's declared charset, the page's meta
    and the header. NotAPage if the body is empty or binary.
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
    """Number of characters of `body` that the codec cannot decode, except a cut at the end."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    text = decoder.decode(body, final=False)
    return text.count("�") + (len(_C1.findall(text)) if codec == "cp1252" else 0)


# cp1252 decodes any Chinese bytes; accented letters reveal the wrong choice.
_C1 = re.compile(r"[\x80-\xff]")
