"""Incomplete imports: sites and months whose records came from a file with rejected rows."""

from __future__ import annotations

from collections.abc import Collection

from wildcrawl.store.base import DocumentStore

KIND = "incomplete_imports"


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
