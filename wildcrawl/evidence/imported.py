"""Verdicts that were read from a file, as entries of the custody log.

The rows are noted in the store before it takes them, until the log has their verdicts, so that a
later run can complete the log of an import that was killed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from wildcrawl.evidence.canonical import canonical, digest
from wildcrawl.evidence.captures import Captures
from wildcrawl.evidence.custody import Action, Custody
from wildcrawl.items import Advertisement, FileVerdict
from wildcrawl.processes import has_ended
from wildcrawl.store.base import DocumentStore, Store
from wildcrawl.store.documents import clean_surrogates, moment
from wildcrawl.store.merge import TYPED_VERDICT
from wildcrawl.store.verdicts import is_judged

KIND = "file_verdict_due"
"""Kind of the documents of noted rows, by site, ad_id and run."""
NO_NAME = "(no name given)"
"""Who judged or opened a card without saying a name."""
_ENTRIES = 1000
"""Advertisements of one link, since databases limit a document's size."""


def note_rows(store: DocumentStore, rows: Iterable[Advertisement], run: str, file: str) -> bool:
    """Notes those rows of the file that give a verdict, before the store takes them.

    Returns whether there are any; `complete` or `log_verdicts` removes the notes.
    """
    notes = {
        clean_surrogates(f"{row.site}\n{row.ad_id}\n{run}"): {
            "run": run,
            "file": file,
            "who": row.screened_by,
            "verdict": row.verdict,
            "at": _iso(row.origin.read_at),
            "found_at": _iso(row.found_at),
        }
        for row in rows
        if row.origin and is_judged(row)
    }
    if notes:
        store.put_documents(KIND, notes)
    return bool(notes)


def log_verdicts(
    store: DocumentStore, verdicts: Collection[FileVerdict], run: str, file: str
) -> None:
    """Appends the verdicts that the import `run` took of a file with the SHA-256 `file`.

    Each person has a link with the numbers and a hash of the ids, then the captures of each
    advertisement that has some; a link for every _ENTRIES of them.
    """
    _append(store, verdicts, run, file, logged=())
    store.remove_documents(KIND, [*_notes(store, run)])


def complete(store: Store) -> int:
    """Logs what imports that were killed left out, as `log_verdicts`; returns how many verdicts.

    Only verdicts that the store has from those rows; what the log has already is not repeated.
    """
    runs = {note["run"] for _, note in store.each_document(KIND)}
    number = 0
    for run in sorted(runs):
        recorded = store.get_run(run)
        if recorded and not recorded.finished and not has_ended(recorded.process):
            continue
        notes = _notes(store, run)
        verdicts = _taken(store, notes)
        if verdicts:
            since = min(note["at"] for note in notes.values())
            logged = Custody(store).entries_since(since)
            (file,) = {note["file"] for note in notes.values()}
            number += _append(store, verdicts, run, file, logged)
        store.remove_documents(KIND, [*notes])
    return number


def _append(
    store: DocumentStore,
    verdicts: Collection[FileVerdict],
    run: str,
    file: str,
    logged: Collection[str],
) -> int:
    """Appends a link for each part of the verdicts that `logged` lacks; returns their number."""
    people: dict[str, list[FileVerdict]] = {}
    for verdict in verdicts:
        people.setdefault(verdict.who or NO_NAME, []).append(verdict)
    parts = [
        (who, part)
        for who, given in sorted(people.items())
        for part in _in_parts(sorted(given))
        if _summary(part, run, file) not in logged
    ]
    links = (
        (Action.JUDGED, who, [_summary(part, run, file), *_captured(store, part)])
        for who, part in parts
    )
    for _ in Custody(store).append_each(links):
        pass
    return sum(len(part) for _, part in parts)


def _in_parts(verdicts: Sequence[FileVerdict]) -> Iterator[Sequence[FileVerdict]]:
    for start in range(0, len(verdicts), _ENTRIES):
        yield verdicts[start : start + _ENTRIES]


def _notes(store: DocumentStore, run: str) -> dict[str, Mapping[str, Any]]:
    """The noted rows of a run by their keys."""
    return {key: note for key, note in store.each_document(KIND) if note["run"] == run}


def _taken(store: Store, notes: Mapping[str, Mapping[str, Any]]) -> list[FileVerdict]:
    """The verdicts of noted rows that the store took, by the history."""
    rows = {(key.split("\n")[0], key.split("\n")[1]): note for key, note in notes.items()}
    keys = list(rows)
    return [
        FileVerdict(key, rows[key]["who"], rows[key]["verdict"])
        for start in range(0, len(keys), _ENTRIES)
        for key, ad in store.get_all(keys[start : start + _ENTRIES]).items()
        if any(
            change.field == TYPED_VERDICT
            and change.new == rows[key]["verdict"]
            and _iso(change.at) in (rows[key]["at"], rows[key]["found_at"])
            for change in ad.history
        )
    ]


def _iso(at: datetime | None) -> str:
    return moment(at, "the moment of a row").isoformat(timespec="milliseconds") if at else ""


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
