"""Photographs of a report: chosen in report.yaml, from evidence, for publication.

Contacts and codes that are read in a picture are covered. Whether anyone's face, or a contact that
no reader finds, can be seen is for the person to say who looked at it: `checked_by`.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from exports.author import AuthorError, ChosenPhotograph, markdown
from wildcrawl.analysis.contacts import hide_contacts
from wildcrawl.evidence import Action, Capture, Evidence, EvidenceError
from wildcrawl.items import Advertisement
from wildcrawl.months import CHINA
from wildcrawl.pictures.apart import view_apart
from wildcrawl.pictures.covering import LONGEST, covered_view, missing_to_cover
from wildcrawl.pictures.decode import LIMITS, Limits, PictureError
from wildcrawl.review.gallery import gallery_of
from wildcrawl.store import Store


@dataclass(frozen=True)
class Photograph:
    """A photograph as the report shows it.

    `data` is a JPEG without metadata; `sha256` is that of the picture in the evidence, and `day`
    that of the capture in China. `alt` is "" if its author gave none.
    """

    name: str
    data: bytes
    width: int
    height: int
    site: str
    day: date
    species: str
    sha256: str
    caption: str
    alt: str
    checked_by: str
    capture: Capture

    @property
    def source(self) -> str:
        """The picture as a data: address."""
        return f"data:image/jpeg;base64,{base64.b64encode(self.data).decode()}"

    def own_caption(self) -> Markup:
        """The author's caption as HTML, without contacts; empty if there is none."""
        return markdown(self.caption)


def make_photographs(
    chosen: Sequence[ChosenPhotograph],
    store: Store,
    evidence: Evidence,
    limits: Limits = LIMITS,
) -> list[Photograph]:
    """The chosen photographs, in their order; AuthorError names the entry that cannot be shown.

    `limits` are those of a picture.
    """
    if not chosen:
        return []
    missing = missing_to_cover()
    if missing:
        raise AuthorError(
            f"photographs: {' and '.join(missing)} in pictures cannot be found here, so that "
            "contacts would stay visible; install the readers: pip install 'wildcrawl[pictures]'"
        )
    return [
        _photograph(number, entry, store, evidence, limits)
        for number, entry in enumerate(chosen, start=1)
    ]


def log_photographs(
    photographs: Sequence[Photograph], evidence: Evidence, who: str, report: str
) -> None:
    """Appends to the custody log that a report shows photographs, and who looked at them."""
    if photographs:
        captures = [each.capture for each in photographs]
        checked = ", ".join(dict.fromkeys(each.checked_by for each in photographs))
        evidence.note(Action.EXPORTED, who, captures, report=report, checked_by=checked)


def _photograph(
    number: int, entry: ChosenPhotograph, store: Store, evidence: Evidence, limits: Limits
) -> Photograph:
    place = f"photographs: {number}"
    site, mark, ad_id = entry.advertisement.strip().partition(":")
    ad = store.get(site, ad_id) if mark else None
    if ad is None:
        raise AuthorError(
            f"{place}: '{entry.advertisement}' is not a stored advertisement; name it as "
            "site:ad_id, or take the entry out if it was forgotten"
        )
    capture = _capture(place, entry, ad, evidence)
    try:
        # The bytes of a seller are decoded in another process; what is read here is its JPEG.
        own = view_apart(evidence.payload(capture), LONGEST, limits)
        shown = covered_view(own.data, entry.cover)
    except (EvidenceError, PictureError) as error:
        raise AuthorError(f"{place}: the picture cannot be shown: {error}") from error
    return Photograph(
        f"photograph-{number}",
        shown.view.data,
        shown.view.width,
        shown.view.height,
        ad.site,
        capture.at.astimezone(CHINA).date(),
        ad.species[0] if ad.species else "",
        capture.payload,
        entry.caption,
        hide_contacts(entry.alt).text,
        entry.checked_by,
        capture,
    )


def _capture(place: str, entry: ChosenPhotograph, ad: Advertisement, evidence: Evidence) -> Capture:
    """The capture of the picture that an entry names, by its number on the card or its hash."""
    pictures = gallery_of(evidence.captures.of(ad.site, ad.ad_id)).pictures
    for picture in pictures:
        if entry.picture in (picture.number, picture.capture.payload):
            return picture.capture
    kept = "no picture is kept" if not pictures else f"pictures 1 to {len(pictures)} are kept"
    raise AuthorError(
        f"{place}: {entry.advertisement} has no picture {entry.picture}: {kept}; give its number "
        "on the card in 'scrapy desk', or its SHA-256"
    )
