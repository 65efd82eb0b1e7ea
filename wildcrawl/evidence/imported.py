"""Verdicts that were read from a file, as entries of the custody log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from wildcrawl.evidence.canonical import canonical, digest
from wildcrawl.evidence.captures import Captures
from wildcrawl.evidence.custody import Action, Custody
from wildcrawl.items import FileVerdict
from wildcrawl.store.base import DocumentStore

NO_NAME = "(no name given)"
"""Who judged or opened a card without saying a name."""
_ENTRIES = 1000
"""Advertisements of one link, since databases limit a document's size."""


def log_verdicts(
    store: DocumentStore, verdicts: Collection[FileVerdict], run: str, file: str
) -> None:
    """Appends the verdicts that the import `run` took of a file with the SHA-256 `file`.

    Each person has a link with the numbers and a hash of the ids, then the captures of each
    advertisement that has some; a link for every _ENTRIES of them.
    """
    people: dict[str, list[FileVerdict]] = {}
    for verdict in verdicts:
        people.setdefault(verdict.who or NO_NAME, []).append(verdict)
    parts = (
        (who, sorted(given)[start : start + _ENTRIES])
        for who, given in sorted(people.items())
        for start in range(0, len(given), _ENTRIES)
    )
    links = (
        (Action.JUDGED, who, [_summary(part, run, file), *_captured(store, part)])
        for who, part in parts
    )
    for _ in Custody(store).append_each(links):
        pass


def _summary(verdicts: Collection[FileVerdict], run: str, file: str) -> str:
    numbers = Counter(verdict.verdict for verdict in verdicts)
    ids = digest([[*verdict.key, verdict.verdict] for verdict in verdicts])
    return canonical({"file": file, "run": run, "verdicts": dict(numbers), "ads": ids})


def _captured(store: DocumentStore, verdicts: Collection[FileVerdict]) -> Iterator[str]:
    """An entry, as the desk writes them, for each advertisement with captures."""
    captures = Captures(store).of_all([verdict.key for verdict in verdicts])
    for key, _, verdict in verdicts:
        if own := [capture.digest for capture in captures[key] if capture.record]:
            yield canonical({"site": key[0], "captures": own, "verdict": verdict})
