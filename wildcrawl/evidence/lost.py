"""Lost objects: files of captures that are nowhere any longer, as a person declared.

The captures stay, with their hashes; the custody log names them, and what was lost of them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from secrets import randbelow
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wildcrawl.evidence.objects import ObjectStore
    from wildcrawl.store.base import DocumentStore

KIND = "lost_object"
"""Kind of the documents of what was declared lost, by SHA-256."""
LOOKED_FOR = 1_000
"""Lost objects that a crawl looks for at its start, about; of fewer, all."""


class LostObjects:
    """The objects of a store's captures that were declared lost."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    def among(self, shas: Collection[str]) -> dict[str, str]:
        """Those of `shas` that were declared lost, each with when and by whom, as a phrase."""
        found = self._store.documents(KIND, keys=shas) if shas else {}
        return {
            sha: f"it was declared lost on {each['at'][:10]} by {each['who']}"
            for sha, each in found.items()
        }

    def absent(self, objects: ObjectStore) -> set[str]:
        """Those declared lost that did not come back; what came back is lost no longer."""
        noted = set(self._store.documents(KIND))
        back = {sha for sha in noted if objects.has(sha)}
        if back:
            self.remove(back)
        return noted - back

    def look_again(self, objects: ObjectStore) -> None:
        """Forgets the loss of what came back: LOOKED_FOR are looked for, all if one is there.

        Others are looked for each time, so that one that came back is found in the end.
        """
        noted = sorted(self._store.documents(KIND))
        every = max(1, len(noted) // LOOKED_FOR)
        if any(objects.has(sha) for sha in noted[randbelow(every) :: every]):
            self.absent(objects)

    def found(self, shas: Collection[str]) -> None:
        """Forgets the loss of objects that are there, as when they were captured again."""
        back = self.among(shas).keys()
        if back:
            self.remove(back)

    def add(self, shas: Collection[str], who: str, at: datetime) -> None:
        """Notes that objects are lost."""
        note = {"at": at.astimezone(UTC).isoformat(timespec="milliseconds"), "who": who}
        self._store.put_documents(KIND, dict.fromkeys(shas, note))

    def remove(self, shas: Collection[str]) -> None:
        """Forgets objects that no capture needs any longer."""
        self._store.remove_documents(KIND, shas)
