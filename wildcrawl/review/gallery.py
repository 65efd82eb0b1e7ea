"""Gallery of a card: the captured pictures, screenshots and pages of one advertisement.

Plain functions over captures; the pages serve the bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wildcrawl.evidence import Capture, CaptureKind, CaptureReason, View


@dataclass(frozen=True)
class Same:
    """Another advertisement with the same photograph or text, and the verdict on it.

    `how` says what is the same, or alike if it is not `sure`; `removed` is the ISO moment at which
    it was found removed, before this one was first seen, and "" otherwise.
    """

    site: str
    ad_id: str
    title: str
    verdict: str
    by: str = ""
    how: str = ""
    removed: str = ""
    sure: bool = True


@dataclass(frozen=True)
class Read:
    """What `scrapy look` read in a picture: its text, and the numbers of codes and contacts.

    `unread` is the reason why nothing was read, "" if it was.
    """

    text: str = ""
    codes: int = 0
    contacts: int = 0
    unread: str = ""


@dataclass(frozen=True)
class Picture:
    """A captured picture on a card.

    `number` counts from 1. `earlier` pictures belong to an earlier capture of the advertisement
    than the last one with pictures, and are not part of it any more.
    """

    number: int
    capture: Capture
    read: Read = Read()
    same: tuple[Same, ...] = ()
    earlier: bool = False

    @property
    def screenshot(self) -> bool:
        """Whether it is a screenshot, not a picture of the seller."""
        return self.capture.kind is CaptureKind.SCREENSHOT

    @property
    def card(self) -> bool:
        """Whether it shows the advertisement's card alone, cut from the page of results."""
        return self.capture.view is View.CARD


@dataclass(frozen=True)
class Gallery:
    """What a card shows of the evidence: pictures of the last capture first.

    `skipped` are pictures that could not be captured, with the reason; `pages` are the captured
    pages, newest first; `removed` is when a recheck found the advertisement gone.
    """

    pictures: tuple[Picture, ...] = ()
    skipped: tuple[Capture, ...] = ()
    pages: tuple[Capture, ...] = ()
    removed: datetime | None = None

    def chosen(self, number: str) -> int:
        """The number of the picture to show first: `number` if there is one, else 1."""
        known = {str(picture.number): picture.number for picture in self.pictures}
        return known.get(number, 1)

    @property
    def shown(self) -> tuple[Capture, ...]:
        """Captures of all that the card shows or offers."""
        return (*(picture.capture for picture in self.pictures), *self.pages)


def gallery_of(
    captures: Sequence[Capture],
    read: Mapping[str, Read] | None = None,
    same: Mapping[str, Sequence[Same]] | None = None,
) -> Gallery:
    """The gallery of one advertisement's captures, which are in the order of their moments.

    `read` and `same` are by the SHA-256 of a picture's bytes.
    """
    kept = [capture for capture in captures if not capture.skipped]
    pages = [capture for capture in reversed(kept) if capture.kind is CaptureKind.PAGE]
    return Gallery(
        tuple(_pictures(kept, read or {}, same or {})),
        tuple(_skipped(captures)),
        tuple(pages),
        pages[0].at if pages and pages[0].reason is CaptureReason.REMOVED else None,
    )


def _pictures(
    kept: Sequence[Capture], read: Mapping[str, Read], same: Mapping[str, Sequence[Same]]
) -> Iterable[Picture]:
    """Pictures by run, the last run first; each payload once, where it was seen last."""
    runs = list(
        dict.fromkeys(each.run for each in reversed(kept) if each.kind is not CaptureKind.PAGE)
    )
    shown: dict[str, Picture] = {}
    for place, run in enumerate(runs):
        of_run = [each for each in kept if each.run == run and each.kind is not CaptureKind.PAGE]
        for capture in sorted(of_run, key=_rank):
            if capture.payload not in shown:
                shown[capture.payload] = Picture(
                    len(shown) + 1,
                    capture,
                    read.get(capture.payload, Read()),
                    tuple(same.get(capture.payload, ())),
                    earlier=place > 0,
                )
    return shown.values()


def _rank(capture: Capture) -> int:
    """A seller's own pictures say most, then the card, and the whole page of results least."""
    if capture.kind is not CaptureKind.SCREENSHOT:
        return 0
    return 1 if capture.view is View.CARD else 2


def _skipped(captures: Sequence[Capture]) -> Iterable[Capture]:
    """The last skip of each address that has not been captured since."""
    last: dict[tuple[str, str], Capture] = {}
    for capture in captures:
        last[capture.kind, capture.url] = capture
    return (capture for capture in last.values() if capture.skipped)
