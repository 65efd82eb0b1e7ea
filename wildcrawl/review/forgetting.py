"""Forgetting: advertisements erased, or kept as counts alone, wherever a store holds them."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wildcrawl.evidence import Action, Evidence
from wildcrawl.evidence.archive import Erased
from wildcrawl.evidence.canonical import canonical
from wildcrawl.items import Advertisement, Key
from wildcrawl.review.looking.links import REPOST, SAME_PICTURE
from wildcrawl.store import Store, search_progress
from wildcrawl.store.forgotten import pseudonym, remains_of
from wildcrawl.store.verdicts import is_judged

BY_LINES = (
    "unsure", "verdict_reasons", "capture_pending", "own_page_due", "looked", "custody_due",
    "file_verdict_due", SAME_PICTURE, REPOST,
)  # fmt: skip
"""Kinds of documents whose keys begin with the lines site and ad_id."""
BY_JSON = ("leases", "second_looks_due", "second_looks", "notified", "checks")
"""Kinds of documents whose keys are JSON lists that begin with site and ad_id."""
COUNTED = ("verdict_reasons", "second_looks", "notified", "checks")
"""Kinds of documents that reports count, and that go with what remains of an advertisement."""
CONTACT, LETTERS = "picture_contact", "letters"
_SECRET, _SECRET_KEY = "secret", "forgetting"
_BATCH = 500


@dataclass(frozen=True)
class ErasurePlan:
    """What is to be forgotten: advertisements that remain as counts, and those that are erased."""

    kept: frozenset[Key]
    erased: frozenset[Key]

    @property
    def keys(self) -> list[Key]:
        """All of them, in order."""
        return sorted(self.kept | self.erased)


@dataclass(frozen=True)
class Forgotten:
    """What was erased: documents beside the advertisements, and evidence."""

    documents: int
    evidence: Erased


def plan_of(ads: Iterable[Advertisement], *, erase: bool) -> ErasurePlan:
    """How to forget `ads`: those with a verdict remain as counts, unless `erase` is true.

    One without a verdict is erased: it could not be judged without its texts.
    """
    ads = list(ads)
    kept = frozenset((ad.site, ad.ad_id) for ad in ads if is_judged(ad) and not erase)
    return ErasurePlan(kept, frozenset((ad.site, ad.ad_id) for ad in ads) - kept)


def plan_of_keys(keys: Iterable[Key]) -> ErasurePlan:
    """How to forget what retention names: all of them remain as counts."""
    return ErasurePlan(frozenset(keys), frozenset())


def forget(
    store: Store, evidence: Evidence, plan: ErasurePlan, who: str, at: datetime, rule: str = ""
) -> Forgotten:
    """Forgets advertisements, for `who`; writes it to the custody log, without their ids.

    `rule` is the setting by which they were chosen, for the log; "" if somebody named them.
    The advertisements themselves come last: after an interruption, the same call completes it.
    """
    keys, secret = plan.keys, _secret(store)
    entry: dict[str, int | str] = {
        "advertisements": len(keys),
        "erased": len(plan.erased),
        "keys": _digest(secret, keys),
        "pseudonymised": len(plan.kept),
    }
    if rule:
        entry["rule"] = rule
    evidence.custody.append(Action.FORGOTTEN, who, [canonical(entry)], at)
    remaining = {key: _pseudonym(store, key, secret) if key in plan.kept else "" for key in keys}
    erased = evidence.forget(keys, who, at)
    store.mark_links(_linked_to(store, plan.kept | plan.erased))
    documents = sum(_forget_documents(store, key, ad_id) for key, ad_id in remaining.items())
    documents += _forget_mentions(store, remaining)
    for site in sorted({site for site, _ in keys}):
        # Their pages may show what is forgotten; a run that would continue searches again.
        search_progress.erase(store, search_progress.searched_keywords(store, site))

    def remains(ad: Advertisement) -> Advertisement | None:
        ad_id = remaining[ad.site, ad.ad_id]
        return remains_of(ad, ad_id) if ad_id else None

    for start in range(0, len(keys), _BATCH):
        store.forget(keys[start : start + _BATCH], remains)
    return Forgotten(documents, erased)


def _pseudonym(store: Store, key: Key, secret: bytes) -> str:
    ad = store.get(*key)
    return pseudonym(ad, secret) if ad else ""


def _secret(store: Store) -> bytes:
    """The key of pseudonyms; made once, the same for every process."""
    if not store.documents(_SECRET, keys=[_SECRET_KEY]):
        document = {"hex": secrets.token_hex(32)}
        store.put_documents(_SECRET, {_SECRET_KEY: document}, replace=False)
    return bytes.fromhex(store.documents(_SECRET, keys=[_SECRET_KEY])[_SECRET_KEY]["hex"])


def _digest(key: bytes, keys: Sequence[Key]) -> str:
    """Keyed, since ids are easily guessed."""
    return hmac.new(key, json.dumps(keys).encode(), hashlib.sha256).hexdigest()


def _forget_documents(store: Store, key: Key, remaining: str) -> int:
    """Erases the documents of one advertisement, or renames those that are counted."""
    number = 0
    for kind, documents in _documents_of(store, key):
        if remaining and kind in COUNTED:
            renamed = dict(
                _renamed(name, document, key, remaining) for name, document in documents.items()
            )
            store.put_documents(kind, renamed)
        number += store.remove_documents(kind, documents)
    return number


def _documents_of(store: Store, key: Key) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    """The documents whose keys begin with that of the advertisement, by kind."""
    lines = "\n".join(key)
    listed = json.dumps(list(key), ensure_ascii=False)
    for kinds, own, more in (
        (BY_LINES, lines, f"{lines}\n"),
        (BY_JSON, listed, f"{listed[:-1]}, "),
    ):
        for kind in kinds:
            found = store.documents(kind, keys=[own]) | store.documents(kind, prefix=more)
            if found:
                yield kind, found


def _renamed(
    name: str, document: Mapping[str, Any], key: Key, ad_id: str
) -> tuple[str, dict[str, Any]]:
    """A counted document under the pseudonym, without texts."""
    site = key[0]
    if name.startswith("["):
        parts = [site, ad_id, *json.loads(name)[2:]]
        renamed = json.dumps(parts, ensure_ascii=False)
    else:
        renamed = f"{site}\n{ad_id}"
    result = dict(document)
    if "ad_id" in result:
        result["ad_id"] = ad_id
    for field in ("url", "mark"):
        if field in result:
            result[field] = ""
    if "state" in result:  # the reason of a recheck may quote the page
        result["reason"] = ""
    for look in ("first", "second", "settled"):
        if result.get(look):
            result[look] = {**result[look], "note": ""}
    return renamed, result


def _linked_to(store: Store, keys: Collection[Key]) -> set[Key]:
    """Advertisements that are linked to some of `keys`, and may be raised for that."""
    return {
        (document["site"], document["ad_id"])
        for _, document in store.each_document(SAME_PICTURE)
        if (document["other_site"], document["other_ad"]) in keys
    }


def _forget_mentions(store: Store, remaining: Mapping[Key, str]) -> int:
    """Erases the links of others, contacts, and the places in letters."""
    number = 0
    for kind in (SAME_PICTURE, REPOST):
        number += _erase_if(
            store, kind, lambda one: (one["other_site"], one["other_ad"]) in remaining
        )
    number += _erase_if(store, CONTACT, lambda one: (one["site"], one["ad_id"]) in remaining)
    letters = {
        name: {**document, "ad_ids": ad_ids}
        for name, document in store.each_document(LETTERS)
        if (ad_ids := _ids_left(document, remaining)) != document["ad_ids"]
    }
    if letters:
        store.put_documents(LETTERS, letters)
    return number


def _erase_if(store: Store, kind: str, condition: Callable[[Mapping[str, Any]], bool]) -> int:
    names = [name for name, document in store.each_document(kind) if condition(document)]
    return store.remove_documents(kind, names) if names else 0


def _ids_left(letter: Mapping[str, Any], remaining: Mapping[Key, str]) -> list[str]:
    ids = (remaining.get((letter["site"], ad_id), ad_id) for ad_id in letter["ad_ids"])
    return [ad_id for ad_id in ids if ad_id]
