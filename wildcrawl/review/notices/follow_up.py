"""Follow-up letters: what the letters before listed, and what rechecks have found since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from wildcrawl.review.notices.model import State

if TYPE_CHECKING:
    from wildcrawl.items import Advertisement, Key
    from wildcrawl.review.notices.letters import Letter
    from wildcrawl.review.notices.removals import RemovalOutcome


@dataclass(frozen=True)
class FollowUp:
    """What a letter says of the letters sent before it about the same site and month.

    `sent` are those letters, by number. Of the advertisements that they list, `removed` were found
    removed by the last recheck, `up` were found up, `unclear` are those of which no recheck tells,
    and `withdrawn` are not in this letter for another reason, such as a changed verdict.
    `up_on` has the advertisements of this letter that an earlier one lists, with the last day on
    which a recheck found each up; `added` counts those that none lists.
    """

    sent: Sequence[Letter]
    removed: int
    up: int
    unclear: int
    withdrawn: int
    added: int
    up_on: Mapping[str, date | None]

    @property
    def listed(self) -> int:
        """The advertisements that the earlier letters list."""
        return self.removed + self.up + self.unclear + self.withdrawn

    @property
    def repeated(self) -> int:
        """The advertisements of this letter that an earlier one lists."""
        return self.up + self.unclear


def sent_before(earlier: Iterable[Letter], site: str, month: str) -> list[Letter]:
    """The letters about a site and month that were sent, by number."""
    sent = (each for each in earlier if (each.site, each.month) == (site, month) and each.sent)
    return sorted(sent, key=lambda letter: letter.number)


def not_removed(
    ads: Iterable[Advertisement], found: Mapping[Key, RemovalOutcome]
) -> list[Advertisement]:
    """The advertisements without those that the last recheck found removed."""
    return [ad for ad in ads if _state((ad.site, ad.ad_id), found) is not State.REMOVED]


def follow_up(
    sent: Sequence[Letter], ads: Iterable[Advertisement], found: Mapping[Key, RemovalOutcome]
) -> FollowUp | None:
    """What a letter that lists `ads` says of the letters `sent` before; None if there are none.

    `found` are the outcomes of rechecks by advertisement.
    """
    if not sent:
        return None
    site = sent[0].site
    here = {ad.ad_id for ad in ads}
    before = {ad_id for letter in sent for ad_id in letter.ad_ids}
    states = {ad_id: _state((site, ad_id), found) for ad_id in before}
    removed = sum(state is State.REMOVED for state in states.values())
    repeated = [states[ad_id] for ad_id in before & here]
    up = sum(state is State.UP for state in repeated)
    return FollowUp(
        sent=sent,
        removed=removed,
        up=up,
        unclear=len(repeated) - up,
        withdrawn=len(before) - removed - len(repeated),
        added=len(here - before),
        up_on={ad_id: _up_on((site, ad_id), found) for ad_id in before & here},
    )


def _state(key: Key, found: Mapping[Key, RemovalOutcome]) -> State:
    return found[key].state if key in found else State.UNKNOWN


def _up_on(key: Key, found: Mapping[Key, RemovalOutcome]) -> date | None:
    outcome = found.get(key)
    return outcome.up if outcome and outcome.state is State.UP else None
