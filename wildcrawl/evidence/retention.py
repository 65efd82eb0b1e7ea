"""Retention: which captures are kept for how many months, by the verdict on the advertisement."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, TypeVar

from wildcrawl.evidence.archive import Erased, Evidence
from wildcrawl.evidence.captures import Capture
from wildcrawl.evidence.errors import EvidenceError
from wildcrawl.items import Verdict
from wildcrawl.months import CHINA
from wildcrawl.store.base import Store

UNUSED_AFTER = timedelta(days=7)
"""Age from which an object that no capture needs is removed; a crawl may be about to name it."""

N = TypeVar("N", bound=StrEnum)


class Pruned(NamedTuple):
    """What retention erased, or would erase; sizes in bytes.

    `verdicts` counts captures by verdict. `unused` objects belong to no capture: an interrupted
    crawl left them.
    """

    erased: Erased
    verdicts: Mapping[str, int]
    unused: int
    unused_size: int


def read_keep(text: str) -> dict[Verdict, int]:
    """Months by verdict of the setting WILDCRAWL_EVIDENCE_KEEP; {} keeps everything.

    EvidenceError for a text that is not of this form.

    >>> read_keep("irrelevant=12, fake=24")
    {<Verdict.IRRELEVANT: 'irrelevant'>: 12, <Verdict.FAKE: 'fake'>: 24}
    """
    return read_months(
        text, Verdict, "WILDCRAWL_EVIDENCE_KEEP", "verdict", "irrelevant=12, fake=24", EvidenceError
    )


def read_months(
    text: str,
    names: type[N],
    setting: str,
    noun: str,
    example: str,
    error: type[Exception],
) -> dict[N, int]:
    """Months by name in a setting such as `irrelevant=12, fake=24`; `error` if it is not valid."""
    months_by: dict[N, int] = {}
    for part in filter(None, re.split(r"[,;\s]+", re.sub(r"\s*=\s*", "=", text.strip()))):
        name, _, months = part.partition("=")
        if name not in list(names):
            raise error(
                f"{setting}: '{name}' is not a valid {noun}; choose one of {', '.join(names)}"
            )
        if not re.fullmatch(r"[0-9]{1,4}", months) or int(months) == 0:
            raise error(
                f"{setting}: '{part}' needs a number of months; write for example {example}"
            )
        if names(name) in months_by:
            raise error(f"{setting}: '{name}' is given twice; write it once")
        months_by[names(name)] = int(months)
    return months_by


def prune(
    evidence: Evidence,
    store: Store,
    keep: Mapping[Verdict, int],
    who: str,
    now: datetime,
    *,
    dry_run: bool = False,
) -> Pruned:
    """Erases captures older than the months in `keep` for their verdict, and unused objects.

    Captures whose advertisement is not in the store are kept. With `dry_run` nothing is erased.
    The texts by which a change is noticed remain, so that nothing is captured again.
    """
    old = list(_old(evidence, store, keep, now)) if keep else []
    verdicts = Counter(str(verdict) for _, verdict in old)
    captures = [capture for capture, _ in old]
    if dry_run:
        erased = evidence.erasable(captures)
    else:
        erased = evidence.erase(captures, who, "retention", now)
    unused = dict(_unused(evidence))
    if not dry_run:
        for sha in unused:
            evidence.objects.delete(sha)
        evidence.objects.clean()
    return Pruned(erased, verdicts, len(unused), sum(unused.values()))


def _old(
    evidence: Evidence, store: Store, keep: Mapping[Verdict, int], now: datetime
) -> Iterator[tuple[Capture, Verdict]]:
    """Captures beyond the months of their verdict, with the verdict."""
    frame = store.frame(columns=["site", "ad_id", "verdict"])
    verdicts = {(site, ad_id): verdict or Verdict.PENDING for site, ad_id, verdict in frame.rows()}
    limits = {verdict: months_before(now, months) for verdict, months in keep.items()}
    for capture in evidence.captures.all():
        verdict = verdicts.get((capture.site, capture.ad_id))
        if verdict in limits and capture.at < limits[Verdict(verdict)]:
            yield capture, Verdict(verdict)


def months_before(now: datetime, months: int) -> datetime:
    """The same day and hour in China, `months` earlier; the month's last day if it is shorter.

    >>> months_before(datetime(2026, 3, 31, 12, tzinfo=CHINA), 1).isoformat()
    '2026-02-28T12:00:00+08:00'
    """
    local = now.astimezone(CHINA)
    year, month = divmod(local.year * 12 + local.month - 1 - months, 12)
    for day in range(local.day, 27, -1):
        try:
            return local.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return local.replace(year=max(year, 1), month=month + 1)


def _unused(evidence: Evidence) -> Iterator[tuple[str, int]]:
    """Objects that no capture needs, with their bytes."""
    # Listed before the captures, so that an object which is put meanwhile is not in the list.
    sizes = evidence.objects.sizes()
    needed = {sha for capture in evidence.captures.all() for sha in capture.objects}
    for sha in sizes.keys() - needed:
        if evidence.objects.age(sha) > UNUSED_AFTER.total_seconds():
            yield sha, sizes[sha]
