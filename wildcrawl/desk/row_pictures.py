"""Pictures of worksheet rows: kept as evidence from the start, and tied to the advertisement later.

A row is known by its content, which changes while it is typed. A token of its form stays the same,
and a file beside the draft has which row a token belongs to.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wildcrawl.desk.drafts import key_of
from wildcrawl.desk.uploads import person_or_unnamed, pictures_of
from wildcrawl.evidence import Evidence
from wildcrawl.evidence.handed_in import move
from wildcrawl.utils import atomic_write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from wildcrawl.desk.model import Desk
    from wildcrawl.items import Key
    from wildcrawl.store import Store
    from wildcrawl.tabular.worksheet import Filled, WorksheetSite

EVIDENCE = "worksheet"
"""Site under which pictures of rows are kept until their worksheet is read in."""


@dataclass
class Tokens:
    """Tokens of rows: by token the row's key, the keyword of a new row, and the advertisement."""

    rows: dict[str, str] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)
    ads: dict[str, list[str]] = field(default_factory=dict)

    def of_row(self, key: str) -> str:
        """The token of a row; "" if it has none."""
        return next((token for token, row in self.rows.items() if row == key), "")

    def of_new(self, term: str) -> str:
        """The token of a keyword's row that only has pictures so far; "" if there is none."""
        return next((token for token, each in self.new.items() if each == term), "")

    def saved(self, token: str, key: str, term: str) -> None:
        """Notes that the form with `token` holds the row `key` now, or no row if that is ""."""
        if key:
            self.rows[token] = key
            self.new.pop(token, None)
        elif self.rows.pop(token, ""):
            self.new[token] = term

    def pictured(self, token: str, key: str, term: str) -> None:
        """Notes that the form with `token` has pictures."""
        if token not in self.rows:
            if key:
                self.rows[token] = key
            else:
                self.new[token] = term


def _path(desk: Desk, site: WorksheetSite, month: str) -> Path:
    return desk.drafts.folder / f".{site.name}-{month}.pictures.json"


def load(desk: Desk, site: WorksheetSite, month: str) -> Tokens:
    """The tokens of a worksheet's rows."""
    path = _path(desk, site, month)
    if not path.exists():
        return Tokens()
    return Tokens(**json.loads(path.read_text(encoding="utf-8")))


def save(desk: Desk, site: WorksheetSite, month: str, tokens: Tokens) -> None:
    """Stores the tokens, under the worksheet's lock."""
    text = json.dumps(vars(tokens), ensure_ascii=False)
    atomic_write(_path(desk, site, month), text.encode("utf-8", "surrogatepass"))


def evidence_key(site: WorksheetSite, month: str, token: str) -> Key:
    """The key under which the pictures of a row are kept until it is read in."""
    return EVIDENCE, f"{site.name}/{month}/{token}"


@dataclass(frozen=True)
class Tied:
    """Numbers of pictures that were tied to advertisements, and of those that wait."""

    tied: int = 0
    waiting: int = 0


def tie(
    desk: Desk,
    store: Store,
    site: WorksheetSite,
    month: str,
    filled: Filled,
    ads: Mapping[int, Key],
) -> Tied:
    """Ties the pictures of rows to the advertisements that were read in.

    `ads` has them by line: the first row is line 2. Pictures of other rows wait for their row.
    """
    evidence = Evidence(store, desk.objects)
    with desk.drafts.locked(site, month):
        tokens = load(desk, site, month)
        lines = {key_of(row): line for line, row in enumerate(filled.rows, start=2)}
        tied = waiting = 0
        for token in [*tokens.rows, *tokens.new]:
            captures = pictures_of(desk, store, evidence_key(site, month, token))
            if not captures:
                continue
            line = lines.get(tokens.rows.get(token, ""), 0)
            key = ads.get(line)
            ad = store.get(*key) if key else None
            if ad is None:
                waiting += len(captures)
                continue
            move(evidence, captures, (ad.site, ad.ad_id), person_or_unnamed(), ad.url)
            tokens.ads[token] = [ad.site, ad.ad_id]
            tied += len(captures)
        if tied:
            save(desk, site, month, tokens)
    return Tied(tied, waiting)
