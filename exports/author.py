"""Author of a report: organisation, authors, licence and own words (Markdown), from a file."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field, field_validator

from wildcrawl.analysis.contacts import hide_contacts, hide_in_address
from wildcrawl.analysis.settings_files import load_settings_file

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore

_LOGOS = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_MOST_BYTES = 500_000
_MOST_PIXELS = 4000
_OWN = "own"
_SAFE_LINK = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)


MOST_PHOTOGRAPHS = 12
_UNCHECKED = (
    "a person has to look at the photograph: whether a face can be seen is not found by a "
    "program; cover such parts with 'cover', and give the name of who looked"
)


class AuthorError(ValueError):
    """Raised when the file of a report's author cannot be used; the message says what to fix."""


class ChosenPhotograph(BaseModel):
    """A photograph that a report shows: a picture of an advertisement, named as site:ad_id.

    `picture` is its number on the card of the desk, or its SHA-256. `checked_by` names the person
    who looked at it and found neither a face nor a contact outside of `cover`, whose parts are
    left, top, right and bottom in percent. `caption` is Markdown.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    advertisement: str
    picture: int | str = 1
    caption: str = ""
    alt: str = ""
    checked_by: str = Field(default="", validate_default=True)
    cover: tuple[tuple[float, float, float, float], ...] = ()

    @field_validator("checked_by")
    @classmethod
    def _checked(cls, name: str) -> str:
        if not name.strip():
            raise ValueError(_UNCHECKED)
        return name.strip()

    @field_validator("cover")
    @classmethod
    def _parts(
        cls, parts: tuple[tuple[float, float, float, float], ...]
    ) -> tuple[tuple[float, float, float, float], ...]:
        for left, top, right, bottom in parts:
            if not (0 <= left < right <= 100 and 0 <= top < bottom <= 100):
                raise ValueError(
                    f"[{left:g}, {top:g}, {right:g}, {bottom:g}] is not left, top, right and "
                    "bottom in percent, each from 0 to 100"
                )
        return parts


class Author(BaseModel):
    """Entries of report.yaml; `introduction`, `recommendations` and `captions` are Markdown.

    `captions` are by the name of a table, or of a figure as in its address: figure-monthly.
    `photographs` are shown in their order.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    organisation: str = ""
    authors: tuple[str, ...] = ()
    contact: str = ""
    licence: str = ""
    cite: str = ""
    logo: str = ""
    introduction: str = ""
    recommendations: str = ""
    captions: dict[str, str] = {}
    photographs: tuple[ChosenPhotograph, ...] = Field(default=(), max_length=MOST_PHOTOGRAPHS)

    @property
    def source(self) -> str:
        """The logo as a data: address; "" if there is none."""
        if not self.logo:
            return ""
        path = Path(self.logo)
        kind = _LOGOS.get(path.suffix.lower())
        try:
            data = path.read_bytes()
        except OSError as error:
            raise AuthorError(f"the logo {path} cannot be read: {error.strerror}") from error
        if not kind or not data.startswith(_SIGNATURES):
            raise AuthorError(f"the logo {path} is not a PNG or JPEG picture; save it as one")
        if len(data) > _MOST_BYTES or max(_size(data, path)) > _MOST_PIXELS:
            raise AuthorError(
                f"the logo {path} is too large; save it with at most {_MOST_BYTES // 1000} kB "
                f"and {_MOST_PIXELS} pixels in width and height"
            )
        return f"data:{kind};base64,{base64.b64encode(data).decode()}"

    def words(self, name: str) -> Markup:
        """The introduction or the recommendations as HTML; see `markdown`."""
        return markdown(getattr(self, name), self.contact)

    def caption(self, name: str) -> Markup:
        """The caption of a table or figure as HTML; empty if the file has none."""
        return markdown(self.captions.get(name, ""), self.contact)


def load_author(path: Path | None, names: Sequence[str] = ()) -> Author | None:
    """The author in a YAML file; None for no file. A logo is looked up beside it.

    `names` are the tables and figures that may have captions. AuthorError names the line.
    """
    if path is None:
        return None
    parts: dict[str, type[BaseModel]] = {"": Author, "photographs": ChosenPhotograph}
    try:
        author = load_settings_file(path, Author, parts)
    except ValueError as error:
        raise AuthorError(f"{error}; docs/report.md has the entries") from error
    unknown = [name for name in author.captions if names and name not in names]
    if unknown:
        raise AuthorError(
            f"{path}: captions: '{unknown[0]}' is not a valid table or figure; choose one of "
            f"{', '.join(names)}"
        )
    logo = str(path.parent / author.logo) if author.logo else ""
    return author.model_copy(update={"logo": logo} | _plain_words(author))


def _plain_words(author: Author) -> dict[str, Any]:
    """The entries that are no Markdown, with contacts hidden but for those in `contact`."""

    def hidden(words: str) -> str:
        return hide_contacts(words, author.contact).text

    named = {name: hidden(getattr(author, name)) for name in ("organisation", "licence", "cite")}
    return named | {"authors": tuple(map(hidden, author.authors))}


def _size(data: bytes, path: Path) -> tuple[int, int]:
    """Width and height of a picture; AuthorError if it is not whole."""
    # Imported here: only reports with a logo need it.
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as picture:
            size = picture.size
            picture.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise AuthorError(f"the logo {path} cannot be read as a picture; save it anew") from error
    return size


def markdown(text: str, own: str = "") -> Markup:
    """Markdown as HTML, without HTML of its own, pictures, and links but to web and mail.

    Contacts are hidden, but those in `own`, the contact of the organisation.

    >>> markdown("**a** <b> [x](javascript:1)")
    Markup('<p><strong>a</strong> &lt;b&gt; [x](javascript:1)</p>\\n')
    """
    # The library escapes HTML that is switched off.
    return Markup(_parser().render(text, {_OWN: own}))  # noqa: S704


@cache
def _parser() -> MarkdownIt:
    # Imported here: only reports with an author have Markdown.
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    # The stub of the library takes this attribute for a method.
    parser.validateLink = _is_safe  # type: ignore[method-assign]
    # The page's own headings are h1 and h2.
    parser.add_render_rule("heading_open", _smaller)
    parser.add_render_rule("heading_close", _smaller)
    parser.core.ruler.push("hide_contacts", _hide)
    return parser


def _is_safe(url: str) -> bool:
    return bool(_SAFE_LINK.match(url))


def _hide(state: StateCore) -> None:
    """Hides contacts in the parsed words, also those of which emphasis or a link has a part."""
    from markdown_it.token import Token

    own = state.env[_OWN]
    for token in state.tokens:
        if token.type != "inline":
            token.content = hide_contacts(token.content, own).text
            continue
        parts = token.children or []
        whole = _joined(parts)
        for part in parts:
            part.content = hide_contacts(part.content, own).text
            part.attrs = {
                name: _hidden_in_link(str(given), own) for name, given in part.attrs.items()
            }
        left = _joined(parts)
        if hide_contacts(left, own).text != left:
            only = Token("text", "", 0, content=hide_contacts(whole, own).text)
            token.children = [only]


def _joined(parts: Sequence[Any]) -> str:
    return "".join("\n" if part.type.endswith("break") else part.content for part in parts)


def _hidden_in_link(text: str, own: str) -> str:
    if text.lower().startswith("http"):
        return hide_in_address(text)
    before, scheme, address = text.rpartition("mailto:")
    return before + scheme + hide_contacts(address, own).text


def _smaller(self: Any, tokens: Sequence[Any], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    token.tag = f"h{min(6, int(token.tag[1]) + 2)}"
    rendered: str = self.renderToken(tokens, index, options, env)
    return rendered
