"""Text read in pictures, given to the advertisements that show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import datetime
from typing import TYPE_CHECKING

from wildcrawl.analysis.tagging.apply import tag_again
from wildcrawl.items import Advertisement, Verdict
from wildcrawl.store.documents import moment
from wildcrawl.store.identity import keep_waiting, last_reuse
from wildcrawl.store.tags import note_tags

if TYPE_CHECKING:
    from wildcrawl.analysis.tagging import Tagger
    from wildcrawl.evidence import Capture
    from wildcrawl.items import Key
    from wildcrawl.review.looking.seen import Seen
    from wildcrawl.store import Store

LONGEST = 6_000
"""Characters kept of the text in all pictures of one advertisement."""
_BATCH = 200


def give_texts(
    store: Store,
    tagger: Tagger,
    captures: Mapping[Key, list[Capture]],
    seen: Mapping[str, Seen],
    at: datetime,
) -> tuple[int, int]:
    """Writes the text in their pictures to advertisements, and tags image-only ones anew.

    Returns the numbers of advertisements whose text changed, and of those that were tagged anew.
    Those with a verdict keep their tags. The old tags go to the history at the moment `at`.
    """
    at = moment(at, "the moment of looking:")
    changed: set[Key] = set()
    tagged: set[Key] = set()

    def change(ad: Advertisement) -> None:
        key = (ad.site, ad.ad_id)
        text = text_in(ad, captures[key], seen)
        if text == ad.picture_text:
            return
        before = copy(ad)
        ad.picture_text = text
        changed.add(key)
        if image_only(ad) and ad.verdict in ("", Verdict.PENDING):
            tag_again(ad, tagger)
            keep_waiting(ad)
            note_tags(before, ad, at)
            tagged.add(key)

    # Also those without: a better reader may find that what they have was none.
    keys = [key for key, own in captures.items() if any(one.payload in seen for one in own)]
    for start in range(0, len(keys), _BATCH):
        store.revise(keys[start : start + _BATCH], change)
    return len(changed), len(tagged)


def image_only(ad: Advertisement) -> bool:
    """Whether an advertisement has no text of its own."""
    return not (ad.title.strip() or ad.description.strip())


def text_in(ad: Advertisement, captures: Iterable[Capture], seen: Mapping[str, Seen]) -> str:
    """The text in the pictures of an advertisement, each picture once, in order of capture.

    Pictures of another advertisement that had the id before are left out.
    """
    since = last_reuse(ad.history)
    own = [
        capture for capture in captures if not since or capture.at >= datetime.fromisoformat(since)
    ]
    texts = dict.fromkeys(_text(capture, seen) for capture in own)
    return "\n".join(text for text in texts if text)[:LONGEST]


def _text(capture: Capture, seen: Mapping[str, Seen]) -> str:
    found = seen.get(capture.payload)
    return found.text if found else ""
