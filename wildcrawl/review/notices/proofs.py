"""Proofs of notices: a thumbnail of each first picture, contacts covered, and hashes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wildcrawl.evidence import Action, EvidenceError
from wildcrawl.evidence.canonical import canonical
from wildcrawl.pictures.apart import view_apart
from wildcrawl.pictures.covering import LONGEST, covered_view, missing_to_cover
from wildcrawl.pictures.decode import LIMITS, Limits, PictureError
from wildcrawl.pictures.views import MEDIA_TYPE, thumbnail
from wildcrawl.review.gallery import gallery_of
from wildcrawl.review.notices.writer import Proof

if TYPE_CHECKING:
    from wildcrawl.evidence import Capture, Evidence
    from wildcrawl.items import Advertisement, Key
    from wildcrawl.review.notices.covers import KnownCovers


@dataclass
class Proofs:
    """Proofs by (site, ad_id), the captures they show, and a sentence for each problem."""

    of: dict[Key, Proof] = field(default_factory=dict)
    captures: list[Capture] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def proofs_of(
    evidence: Evidence,
    ads: Iterable[Advertisement],
    limits: Limits | None = LIMITS,
    known: KnownCovers | None = None,
) -> Proofs:
    """Proofs of those of `ads` of which something was captured.

    `limits` are those of the pictures; None: no thumbnails, hashes alone. Contacts and codes read
    in a picture are covered; without the readers (`missing_to_cover`) there are no thumbnails.
    Pictures whose covered parts are `known` are not read again.
    """
    result = Proofs()
    missing = missing_to_cover() if limits else []
    bare = 0
    for ad in ads:
        gallery = gallery_of(evidence.captures.of(ad.site, ad.ad_id))
        pictures = [each.capture for each in gallery.pictures if not each.screenshot]
        shown = [*pictures[:1], *gallery.pages[:1]]
        if not shown:
            continue
        small = b""
        if pictures and missing:
            bare += 1
        elif pictures and limits:
            try:
                small = _thumbnail(evidence, pictures[0], limits, known)
            except (EvidenceError, PictureError) as error:
                result.problems.append(f"{ad.site}: {ad.ad_id} has no thumbnail: {error}")
        result.captures += shown
        result.of[ad.site, ad.ad_id] = Proof(
            small, MEDIA_TYPE, _payload(pictures), _payload(gallery.pages), shown[0].at
        )
    if bare:
        result.problems.append(
            f"No thumbnails of {bare} advertisement{'' if bare == 1 else 's'}: "
            f"{' and '.join(missing)} in pictures cannot be found here, so that contacts would "
            "stay visible; install the readers: "
            "pip install 'wildcrawl[pictures]'"
        )
    return result


def _thumbnail(
    evidence: Evidence, capture: Capture, limits: Limits, known: KnownCovers | None
) -> bytes:
    # The bytes of a seller are decoded in another process; what is read here is its JPEG.
    own = view_apart(evidence.payload(capture), LONGEST, limits)
    parts = known.get(capture.payload) if known else None
    covered = covered_view(own.data, known=parts)
    if known and parts is None:
        known.keep(capture.payload, covered.parts)
    return thumbnail(covered.view.data).data


def log_notice(evidence: Evidence, who: str, month: str, captures: Iterable[Capture]) -> None:
    """Appends to the custody log that a notice of `month` shows `captures`."""
    digests = [capture.digest for capture in captures]
    if digests:
        entry = canonical({"notice": month, "captures": digests})
        evidence.custody.append(Action.EXPORTED, who, [entry])


def _payload(captures: Iterable[Capture]) -> str:
    return next((capture.payload for capture in captures), "")
