"""Reasons of verdicts: what an irrelevant or fake advertisement showed instead.

They are documents beside the advertisements, each with the verdict that it explains; a reason
counts only as long as the advertisement has that verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from wildcrawl.items import Advertisement, Key, Verdict
from wildcrawl.labels import VERDICT_REASONS
from wildcrawl.store import DocumentStore, StoreError
from wildcrawl.store.documents import clean_surrogates

KIND = "verdict_reasons"
"""Kind of the documents, by site and ad_id."""
_DIGITS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "0")
REASONS: Mapping[str, tuple[str, str, str]] = {
    reason: (digit, *label)
    for digit, (reason, label) in zip(_DIGITS, VERDICT_REASONS.items(), strict=True)
}
"""Reasons with their key and their names in English and Chinese."""
EXPLAINED = (Verdict.IRRELEVANT, Verdict.FAKE)
"""Verdicts that have reasons."""


class ReasonError(ValueError):
    """Raised when a reason cannot be given to an advertisement."""


def give_reason(
    store: DocumentStore, ad: Advertisement, reason: str, by: str, at: datetime
) -> None:
    """Stores the reason of the verdict on `ad`; "" takes it back.

    ReasonError for an unknown reason, or a verdict that has none.
    """
    if reason and reason not in REASONS:
        raise ReasonError(f"'{reason}' is not a valid reason; choose one of {', '.join(REASONS)}")
    if ad.verdict not in EXPLAINED:
        raise ReasonError(f"the verdict '{ad.verdict}' has no reasons")
    name = _name((ad.site, ad.ad_id))
    if not reason:
        store.remove_documents(KIND, [name])
        return
    store.put_documents(
        KIND,
        {
            name: {
                "site": ad.site,
                "ad_id": ad.ad_id,
                "verdict": ad.verdict,
                "reason": reason,
                "by": by,
                "at": at.isoformat(timespec="milliseconds"),
            }
        },
    )


def reason_of(store: DocumentStore, ad: Advertisement) -> str:
    """The reason of the verdict on `ad`; "" if there is none, or an unknown one: give it anew."""
    if ad.verdict not in EXPLAINED:
        return ""
    name = _name((ad.site, ad.ad_id))
    document = store.documents(KIND, keys=[name]).get(name, {})
    reason = str(document.get("reason", "")) if document.get("verdict") == ad.verdict else ""
    return reason if reason in REASONS else ""


def all_reasons(store: DocumentStore) -> dict[Key, tuple[str, str]]:
    """Verdict and reason of all explained advertisements, as they were given.

    StoreError for an unknown reason, as another program or a later version may have stored.
    """
    found = {}
    for _, document in store.each_document(KIND):
        site, ad_id, reason = document["site"], document["ad_id"], document["reason"]
        if reason not in REASONS:
            raise StoreError(
                f"the store has the reason '{reason}' for the verdict on {site} {ad_id}, which is "
                f"not valid; give it anew at the desk: {', '.join(REASONS)}"
            )
        found[site, ad_id] = (document["verdict"], reason)
    return found


def _name(key: Key) -> str:
    return clean_surrogates(f"{key[0]}\n{key[1]}")
