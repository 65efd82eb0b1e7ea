"""Links between advertisements: pictures of the same photograph, and reposted texts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wildcrawl.evidence.captures import note_change
from wildcrawl.items import Key
from wildcrawl.store import DocumentStore, Store
from wildcrawl.store.documents import clean_surrogates

SAME_PICTURE, REPOST = "same_picture", "repost"
LOOKED = "looked"
"""Kind of the documents of what was linked already, by advertisement."""
STOCK = "stock_picture"
"""Kind of the documents of stock photographs, by SHA-256."""


@dataclass(frozen=True)
class Link:
    """A link from an advertisement to another one.

    For SAME_PICTURE `sha` and `other_sha` are the pictures and `how` says how they are the same, or
    alike if it is not `sure`;
    for REPOST `how` says what is alike, and `removed` is the ISO moment at which the other one
    was found removed, before this one was first seen ("" otherwise).
    """

    kind: str
    key: Key
    other: Key
    how: str
    sha: str = ""
    other_sha: str = ""
    removed: str = ""
    sure: bool = True


def save_links(store: Store, links: Iterable[Link]) -> int:
    """Stores links; returns how many are new. One that is not sure replaces none."""
    links = list(links)
    documents: dict[tuple[str, bool], dict[str, dict[str, Any]]] = {}
    for link in links:
        name = _name(link.key, f"{link.other[0]}\n{link.other[1]}\n{link.sha}\n{link.other_sha}")
        documents.setdefault((link.kind, link.sure), {})[name] = {
            "site": link.key[0],
            "ad_id": link.key[1],
            "other_site": link.other[0],
            "other_ad": link.other[1],
            "how": link.how,
            "sha": link.sha,
            "other_sha": link.other_sha,
            "removed": link.removed,
            "sure": int(link.sure),
        }
    new = sum(
        len(store.put_documents(kind, each, replace=sure))
        for (kind, sure), each in sorted(documents.items(), reverse=True)
    )
    store.mark_links({link.key for link in links if link.kind == SAME_PICTURE})
    if links:
        note_change(store)
    return new


def links_of(store: DocumentStore, key: Key, kind: str = SAME_PICTURE) -> list[Link]:
    """The links of an advertisement to others; those through stock photographs are left out."""
    return links_of_all(store, [key], kind)[key]


def links_of_all(
    store: DocumentStore, keys: Collection[Key], kind: str = SAME_PICTURE
) -> dict[Key, list[Link]]:
    """The links of several advertisements, as `links_of`, read at once."""
    documents = store.documents(kind, prefix=tuple(_name(key, "") for key in keys))
    links = [_link(kind, document) for document in documents.values()]
    shas = {sha for link in links for sha in (link.sha, link.other_sha) if sha}
    stock = store.documents(STOCK, keys=shas) if shas else {}
    found: dict[Key, list[Link]] = {}
    for link in links:
        if link.sha not in stock and link.other_sha not in stock:
            found.setdefault(link.key, []).append(link)
    return {
        (site, ad_id): found.get((clean_surrogates(site), clean_surrogates(ad_id)), [])
        for site, ad_id in keys
    }


def save_stock(store: Store, counts: Mapping[str, int]) -> None:
    """Marks pictures as stock photographs, with the number of advertisements that have them."""
    documents = {sha: {"advertisements": count} for sha, count in counts.items()}
    if documents:
        store.put_documents(STOCK, documents)
        note_change(store)
        # Those raised for a picture that is stock must fall back.
        store.mark_links(store.raised())


def _name(key: Key, rest: str) -> str:
    return clean_surrogates(f"{key[0]}\n{key[1]}\n{rest}")


def _link(kind: str, document: Mapping[str, Any]) -> Link:
    return Link(
        kind,
        (document["site"], document["ad_id"]),
        (document["other_site"], document["other_ad"]),
        document["how"],
        document["sha"],
        document["other_sha"],
        document["removed"],
        bool(document.get("sure", 0)),
    )
