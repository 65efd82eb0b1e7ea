"""Search progress: what an unfinished run has searched to the end, with the pages it read.

A head for each keyword, and a document for each page. They are erased when the run ends.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from wildcrawl.items import Health
from wildcrawl.store.base import DocumentStore, Store
from wildcrawl.store.documents import Document

KIND = "searched"
"""The kind of the documents."""
_HEAD, _PAGE = "0", "1"
"""The second line of a key, after the site."""
_COUNTED = "counted_runs"
"""The kind that has, for a killed run, the one that counts its finds."""


@dataclass(frozen=True, order=True)
class SearchedKeyword:
    """A keyword whose searches were read to their end by one run."""

    site: str
    run: str
    number: int
    """Number of keywords that the run had searched before."""
    month: str
    mark: str
    """Fingerprint of all that decides what a search asks for and how it is read."""
    term: str
    found: int
    """Number of results."""
    turned: int
    """1 if a page after the first had brought something new by then, in any search; else 0."""
    at: str
    """The moment, as ISO text in UTC."""
    phrases: tuple[str, ...]
    endings: tuple[str, ...]
    """For each phrase how its search ended, if that was at an error; else ""."""
    pages: tuple[str, ...]
    """The keys of the pages."""

    @property
    def key(self) -> str:
        """The key of the head."""
        return _key(self.site, _HEAD, self.run, self.number)


def page_key(site: str, run: str, number: int, search: int, page: int) -> str:
    """The key of a page of one of a keyword's searches."""
    return f"{_key(site, _PAGE, run, number)}\n{search}\n{page}"


def _key(site: str, kind: str, run: str, number: int) -> str:
    return f"{site}\n{kind}\n{run}\n{number:06d}"


def keep(store: DocumentStore, searched: SearchedKeyword, pages: Mapping[str, Document]) -> None:
    """Stores a keyword and its pages; StoreError if that fails."""
    head = {name: value for name, value in vars(searched).items() if name not in ("site", "run")}
    for name in ("phrases", "endings", "pages"):
        head[name] = list(head[name])
    # The head first: pages without one could not be erased. Without all pages it is void.
    store.put_documents(KIND, {searched.key: head, **pages})


def searched_keywords(store: DocumentStore, site: str) -> list[SearchedKeyword]:
    """The keywords of all runs of a site, oldest run first, in the order of their searches."""
    found = []
    for key, head in store.documents(KIND, prefix=f"{site}\n{_HEAD}\n").items():
        run = key.split("\n")[2]
        lists = {name: tuple(head[name]) for name in ("phrases", "endings", "pages")}
        found.append(SearchedKeyword(**{**head, **lists, "site": site, "run": run}))
    return found


def pages_of(store: DocumentStore, searched: SearchedKeyword) -> dict[str, Document] | None:
    """The pages of a keyword by key; None if one is missing."""
    pages = store.documents(KIND, keys=searched.pages) if searched.pages else {}
    return pages if len(pages) == len(searched.pages) else None


def count_finds_of(store: Store, runs: Collection[str], by: str) -> set[str]:
    """Those of the killed `runs` whose finds the run `by` counts as its own: no two runs do.

    A run that has counted them and was then killed has no numbers, so that they are free again.
    """
    store.put_documents(_COUNTED, {run: {"by": by} for run in runs}, replace=False)
    counted = store.documents(_COUNTED, keys=runs)
    for run, document in counted.items():
        other = store.get_run(document["by"]) if document["by"] != by else None
        if other is not None and other.health == Health.KILLED:
            counted[run] = {"by": by}
            store.put_documents(_COUNTED, {run: counted[run]})
    return {run for run, document in counted.items() if document["by"] == by}


def erase(store: DocumentStore, searched: Collection[SearchedKeyword]) -> None:
    """Erases keywords and their pages."""
    if searched:
        pages = [key for each in searched for key in each.pages]
        store.remove_documents(KIND, [*pages, *(each.key for each in searched)])
