"""Page text: the visible text of a captured page, without markup, scripts or styles."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree, html  # type: ignore[import-untyped]

from wildcrawl.analysis.charsets import NotAPage, decode

MOST = 500_000
"""Characters of a page that are shown."""
_HIDDEN = ("script", "style", "noscript", "template", etree.Comment)


@dataclass(frozen=True)
class PageText:
    """The text of a page; `whole` is false if the page has more of it."""

    text: str
    whole: bool = True


def page_text(body: bytes, content_type: str = "") -> PageText:
    """The text of a page after content decoding, one line for each piece between tags.

    Bodies that are not HTML, such as JSON, are returned as they are. At most MOST characters;
    ValueError for a body that is not text.

    >>> page_text("<title>象牙</title><script>x()</script><p>手镯<p>一只".encode()).text
    '象牙\\n手镯\\n一只'
    """
    try:
        text = decode(body, "utf-8", content_type).text
    except NotAPage as error:
        raise ValueError(str(error)) from None
    whole = True
    if text.lstrip().startswith("<"):
        text, whole = _visible(text)
    return PageText(text[:MOST], whole and len(text) <= MOST)


def _visible(page: str) -> tuple[str, bool]:
    # As bytes, since lxml rejects an encoding declaration in decoded text.
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        # A document without an element, such as a comment alone.
        return page, True
    etree.strip_elements(root, *_HIDDEN, with_tail=False)
    pieces = (" ".join(piece.split()) for piece in root.itertext())
    # The parser leaves out what is nested deeper than its limit.
    whole = not any("depth" in each.message for each in parser.error_log)
    return "\n".join(piece for piece in pieces if piece), whole
