"""Image-only posts that reuse a photograph of a confirmed advertisement, for the queue."""

from __future__ import annotations

from wildcrawl.items import Advertisement, Verdict
from wildcrawl.review.looking.links import links_of
from wildcrawl.review.looking.picture_text import image_only
from wildcrawl.store import Store

REASON = "photograph of a confirmed advertisement"
ALIKE = "picture like one of a confirmed advertisement"


def raised_because(store: Store, ad: Advertisement) -> str:
    """Why an advertisement is raised in the queue; "" if it is not.

    An image-only post is, if one of its pictures is linked to one of an advertisement that a
    person judged valid.
    """
    if not image_only(ad):
        return ""
    links = sorted(links_of(store, (ad.site, ad.ad_id)), key=lambda link: not link.sure)
    for link in links:
        other = store.get(*link.other)
        if other and other.verdict == Verdict.VALID:
            return f"{REASON if link.sure else ALIKE}: {other.site} {other.ad_id} ({link.how})"
    return ""
