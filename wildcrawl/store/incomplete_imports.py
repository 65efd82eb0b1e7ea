"""Incomplete imports: sites and months, and surveys, that came from a file with rejected rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from wildcrawl.store.base import DocumentStore

KIND = "incomplete_imports"
SURVEYS = "incomplete_surveys"


def note_import(
    store: DocumentStore, places: Collection[tuple[str, str]], run: str, *, rows: int, rejected: int
) -> None:
    """Notes that the import `run` of `places`, (site, month) pairs, rejected some of its `rows`.

    The site "" is one that is not known; a row of any site of its month may be what it lacks.

    One that rejects none completes the earlier imports of its places, with all their places, if it
    has as many rows as they rejected: the file again, or the corrected FILE.rejected.csv. An import
    with known places as well is not completed by its unknown ones alone.
    """
    keys = [f"{month}\n{site}" for site, month in sorted(places)]
    if rejected:
        store.put_documents(KIND, {key: {"run": run, "rejected": rejected} for key in keys})
        return
    if not keys:
        return
    noted = store.documents(KIND)
    of_known = {each["run"] for key, each in noted.items() if not key.endswith("\n")}
    unknown = [key for month in {month for _, month in places} if (key := f"{month}\n") in noted]
    touched = [noted[key] for key in keys if key in noted]
    touched += [noted[key] for key in unknown if noted[key]["run"] not in of_known]
    completed = {each["run"] for each in touched if each["rejected"] <= rows}
    if completed:
        done = [key for key, each in noted.items() if each["run"] in completed]
        store.revise_documents(KIND, done, lambda documents: documents.clear())


def incomplete_imports(store: DocumentStore, month: str = "") -> set[tuple[str, str]]:
    """The (site, month) pairs whose last import rejected rows; of one `month` if given."""
    found = store.documents(KIND, prefix=f"{month}\n" if month else "")
    return {(site, each) for each, _, site in (key.partition("\n") for key in found)}


def note_surveys(
    store: DocumentStore,
    taken: Mapping[str, int],
    rejected: Mapping[str, int],
    surveys: Collection[str] | None,
) -> None:
    """Notes of which surveys an import rejected rows; `taken` and `rejected` are rows by survey.

    One that rejects none of a survey completes it, with as many rows as were rejected. `surveys`
    are those on record, if the import had a list of surveys: a note of any other one is dropped.
    """
    noted = store.documents(SURVEYS)
    done = [
        name
        for name, note in noted.items()
        if name not in rejected
        and (
            taken.get(name, 0) >= note["rejected"] or (surveys is not None and name not in surveys)
        )
    ]
    store.revise_documents(SURVEYS, done, lambda documents: documents.clear())
    store.put_documents(SURVEYS, {name: {"rejected": rows} for name, rows in rejected.items()})


def incomplete_surveys(store: DocumentStore) -> dict[str, int]:
    """The surveys of which an import rejected rows, and their number."""
    return {name: note["rejected"] for name, note in store.documents(SURVEYS).items()}
