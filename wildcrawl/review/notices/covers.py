"""Known covers: which parts of a picture are covered in letters, so that it is read once.

Reading the contacts in a picture takes most of the time of a letter. Only the edges of the parts
are stored, by the SHA-256 of the picture's bytes, and never a view, so that erasing evidence leaves
no copy.
"""

from __future__ import annotations

from wildcrawl.pictures.covering import Parts, reading_name
from wildcrawl.store.base import DocumentStore

KIND = "picture_covers"


class KnownCovers:
    """The parts to cover of the pictures that were read before by the same readers and rules."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store
        self._reading = reading_name()

    def get(self, sha: str) -> Parts | None:
        """The parts of a picture; None if it was not read in this way."""
        found = self._store.documents(KIND, keys=[sha]).get(sha)
        if found is None or found.get("reading") != self._reading:
            return None
        return Parts(_edges(found["lines"]), _edges(found["codes"]))

    def keep(self, sha: str, parts: Parts) -> None:
        """Stores the parts of a picture."""
        document = {
            "reading": self._reading,
            "lines": [edge for part in parts.lines for edge in part],
            "codes": [edge for part in parts.codes for edge in part],
        }
        self._store.put_documents(KIND, {sha: document})


def _edges(numbers: list[int]) -> tuple[tuple[int, int, int, int], ...]:
    sides = (numbers[side::4] for side in range(4))
    return tuple(zip(*sides, strict=True))
