"""Proofs of notices: a thumbnail of each advertisement's first picture, and hashes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wildcrawl.evidence import Action, EvidenceError
from wildcrawl.evidence.canonical import canonical
from wildcrawl.pictures.apart import view_apart
from wildcrawl.pictures.decode import LIMITS, Limits, PictureError
from wildcrawl.pictures.views import MEDIA_TYPE, THUMBNAIL
from wildcrawl.review.gallery import gallery_of
from wildcrawl.review.notices.writer import Proof

if TYPE_CHECKING:
    from wildcrawl.evidence import Capture, Evidence
    from wildcrawl.items import Advertisement, Key


@dataclass
class Proofs:
    """Proofs by (site, ad_id), the captures they show, and a sentence for each unread picture."""

    of: dict[Key, Proof] = field(default_factory=dict)
    captures: list[Capture] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def proofs_of(
    evidence: Evidence, ads: Iterable[Advertisement], limits: Limits | None = LIMITS
) -> Proofs:
    """Proofs of those of `ads` of which something was captured.

    `limits` are those of the pictures; None: no thumbnails, hashes alone.
    """
    result = Proofs()
    for ad in ads:
        gallery = gallery_of(evidence.captures.of(ad.site, ad.ad_id))
        pictures = [each.capture for each in gallery.pictures if not each.screenshot]
        shown = [*pictures[:1], *gallery.pages[:1]]
        if not shown:
            continue
        small = b""
        if pictures and limits:
            try:
                small = view_apart(evidence.payload(pictures[0]), THUMBNAIL, limits).data
            except (EvidenceError, PictureError) as error:
                result.problems.append(f"{ad.site}: {ad.ad_id} has no thumbnail: {error}")
        result.captures += shown
        result.of[ad.site, ad.ad_id] = Proof(
            small, MEDIA_TYPE, _payload(pictures), _payload(gallery.pages), shown[0].at
        )
    return result


def log_notice(evidence: Evidence, who: str, month: str, captures: Iterable[Capture]) -> None:
    """Appends to the custody log that a notice of `month` shows `captures`."""
    digests = [capture.digest for capture in captures]
    if digests:
        entry = canonical({"notice": month, "captures": digests})
        evidence.custody.append(Action.EXPORTED, who, [entry])


def _payload(captures: Iterable[Capture]) -> str:
    return next((capture.payload for capture in captures), "")
