"""`scrapy notices MONTH`: writes the notice for the operator of each site."""

from __future__ import annotations

import argparse
import getpass
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from wildcrawl.commands.common import (
    all_sites,
    nothing_in,
    opened_store,
    picture_limits_of,
    plain_errors,
)
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.locations import evidence_place_of
from wildcrawl.crawl.session import vocabulary_of
from wildcrawl.items import Advertisement, Relevance, Verdict
from wildcrawl.months import check_month, month_bounds

if TYPE_CHECKING:
    from wildcrawl.store import Store


class Command(QuietCommand):
    default_settings = {"LOG_LEVEL": "WARNING"}

    def syntax(self) -> str:
        return "MONTH [-o FOLDER] [--no-pictures]"

    def short_desc(self) -> str:
        return "Write a notice for each site's operator with the month's valid advertisements"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-o", dest="folder", metavar="FOLDER", help="where to write (notices/MONTH)"
        )
        parser.add_argument(
            "--no-pictures",
            dest="pictures",
            action="store_false",
            help="no thumbnails of captured pictures; their hashes are listed all the same",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("give one month, for example: scrapy notices 2016-05")
        from wildcrawl.evidence import EvidenceError

        assert self.settings is not None
        with plain_errors():
            month = check_month(args[0])
            folder = Path(opts.folder or f"notices/{month}")
            with opened_store(self.settings) as store:
                try:
                    lines = write_notices(
                        self.settings, store, month, folder, pictures=opts.pictures
                    )
                except EvidenceError as error:
                    raise UsageError(str(error), print_help=False) from None
        print("\n".join(lines))  # noqa: T201


def write_notices(
    settings: Settings, store: Store, month: str, folder: Path, *, pictures: bool = True
) -> list[str]:
    """Writes the notices of `month` and stores what they list; returns a line for each.

    With `pictures`, they have a thumbnail of the first picture captured of each advertisement.
    """
    from wildcrawl.evidence import open_evidence
    from wildcrawl.review.notices import (
        Notice,
        Notified,
        log_notice,
        mark_of,
        notify,
        proofs_of,
        write_notice,
    )

    valid: dict[str, list[Advertisement]] = defaultdict(list)
    waiting = 0
    for ad in store.advertisements(*month_bounds(month, month)):
        if ad.verdict == Verdict.VALID:
            valid[ad.site].append(ad)
        elif ad.verdict == Verdict.PENDING and ad.relevance != Relevance.SET_ASIDE:
            waiting += 1
    labels = {site.name: (site.label, site.label_zh) for site in all_sites(settings)}
    groups = vocabulary_of(settings).groups
    contact = str(settings.get("WILDCRAWL_CONTACT") or "")
    now = datetime.now(UTC)
    evidence = open_evidence(store, evidence_place_of(settings))
    lines = []
    problems = []
    written = set()
    for site, ads in sorted(valid.items()):
        label, label_zh = labels.get(site, ("", ""))
        folder.mkdir(parents=True, exist_ok=True)
        proofs = proofs_of(evidence, ads, picture_limits_of(settings) if pictures else None)
        problems += proofs.problems
        notice = Notice(site, label or site, label_zh, month, ads, groups, contact, now, proofs.of)
        page = write_notice(notice, folder)
        log_notice(evidence, getpass.getuser(), month, proofs.captures)
        written.add(page)
        # Only advertisements listed in a notice are stored as notified.
        new = notify(store, [Notified(site, a.ad_id, a.url, mark_of(a), month, now) for a in ads])
        again = f", {len(ads) - new} of them notified before" if new < len(ads) else ""
        many = "advertisement" if len(ads) == 1 else "advertisements"
        lines.append(f"{site}: {len(ads)} {many} in {page}{again}")
    lines += problems
    if not valid:
        lines.append(f"No advertisement that was new in {month} has been judged valid.")
        if not store.first_months():
            lines.append(nothing_in(settings))
    elif not contact:
        lines.append("The notices name no contact; set WILDCRAWL_CONTACT and write them again.")
    lines += [
        f"{page} is from an earlier run and lists nothing that is still valid; do not send it."
        for page in sorted({*folder.glob("*.html")} - written)
    ]
    if waiting:
        lines.append(
            f"Without a verdict, and so in no notice: {waiting} of {month}; screen them first."
        )
    return lines
