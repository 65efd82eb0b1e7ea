"""`scrapy forget`: erases advertisements, or keeps them as counts alone, with their evidence."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from wildcrawl.commands.common import in_megabytes, login_name, printable
from wildcrawl.commands.evidence import counted, evidence_errors, opened_evidence
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.utils import did_you_mean

if TYPE_CHECKING:
    from scrapy.settings import Settings

    from wildcrawl.items import Advertisement
    from wildcrawl.review.forgetting import ErasurePlan, Forgotten
    from wildcrawl.store import Store

_NOT_REACHED = (
    "Not reached: backups and copies of the store made earlier, reports, worksheets, letters and "
    "evidence files that were written, and surveys; erase or edit those yourself "
    "(docs/privacy.md)."
)
_COMES_BACK = (
    "One that is still on its site comes back as a new advertisement at the next crawl, and is "
    "counted again."
)
_NAMED = 10
"""Advertisements that a message names."""


class NotStoredError(Exception):
    """Raised for a seller or an id that is not stored."""


class Command(QuietCommand):
    default_settings = {"LOG_LEVEL": "WARNING"}

    def syntax(self) -> str:
        return "(SITE AD_ID... | --seller SELLER [--site SITE] | --retention) [--erase] [--dry-run]"

    def short_desc(self) -> str:
        return "Forget advertisements or a seller: texts, contacts, pictures and evidence"

    def long_desc(self) -> str:
        return (
            "Forget advertisements, or all of a seller: in the store, its history and search "
            "index, notes, links and evidence. One with a verdict remains as a count, under a "
            "pseudonym, with month, site, species, verdict and price; one without is erased. "
            "With --retention, what was last seen before the months of WILDCRAWL_KEEP remains as a "
            "count. Backups made earlier are not reached. The exit code is 1, and nothing is "
            "changed, if an id or the seller is not stored."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--seller", metavar="SELLER", help="all advertisements of a seller, by name or id"
        )
        parser.add_argument("--site", metavar="SITE", help="with --seller: only those of this site")
        parser.add_argument(
            "--retention",
            action="store_true",
            help="what was last seen before the months of WILDCRAWL_KEEP; try --dry-run first",
        )
        parser.add_argument(
            "--erase",
            action="store_true",
            help="keep nothing, not even the count: the numbers of past months change",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what would be forgotten"
        )
        parser.add_argument(
            "--by", metavar="NAME", default="", help="who forgets, for the log (the login name)"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        # argparse leaves the mark before ids that begin with a hyphen among the arguments.
        args = [argument for argument in args if argument != "--"]
        seller = (opts.seller or "").strip()
        if opts.seller is not None and not seller:
            raise UsageError("--seller is empty; give the name or id as the desk shows it")
        named = [bool(args), bool(seller), opts.retention]
        if sum(named) != 1 or len(args) == 1 or (opts.site and not seller):
            raise UsageError(
                "name a site and the ids of its advertisements, or give --seller or --retention"
            )
        if opts.retention and opts.erase:
            raise UsageError(
                "--retention keeps counts, so that the numbers of past months stay; leave --erase "
                "out"
            )
        with evidence_errors():
            try:
                if opts.retention:
                    lines = retention_lines(self.settings, opts)
                else:
                    lines = forget_lines(self.settings, args, seller, opts)
            except NotStoredError as error:
                lines, self.exitcode = [str(error)], 1
        print("\n".join(lines))  # noqa: T201


def forget_lines(
    settings: Settings, args: Sequence[str], seller: str, opts: argparse.Namespace
) -> list[str]:
    """Forgets what the arguments name; the lines to print. NotStoredError if it is not stored."""
    from wildcrawl.review.forgetting import forget, plan_of

    with opened_evidence(settings) as (store, evidence):
        ads = of_seller(store, seller, opts.site) if seller else of_site(store, args[0], args[1:])
        plan = plan_of(ads, erase=opts.erase)
        if opts.dry_run:
            captures = [capture for key in plan.keys for capture in evidence.captures.of(*key)]
            size = evidence.erasable(captures).size
            return [
                *plan_lines(plan, dry_run=True, erase=opts.erase),
                f"Evidence that would be erased: {counted(len(captures), 'capture')} "
                f"({in_megabytes(size)}). Nothing was written.",
            ]
        done = forget(store, evidence, plan, opts.by or login_name(), datetime.now(UTC))
    return [*plan_lines(plan, dry_run=False, erase=opts.erase), *done_lines(done)]


def retention_lines(settings: Settings, opts: argparse.Namespace) -> list[str]:
    """Leaves only counts of what is beyond the months of WILDCRAWL_KEEP; the lines to print.

    RetentionError if the setting cannot be read.
    """
    from wildcrawl.review.forgetting import forget
    from wildcrawl.review.retention import SETTING, due, read_retention

    text = str(settings.get(SETTING) or "")
    limits = read_retention(text)
    if not limits:
        return [
            f"{SETTING} is empty, so that advertisements are kept without limit; for example "
            "set_aside=12, irrelevant=12, fake=24, old=60 gives months since the last sighting."
        ]
    rule = ", ".join(f"{name}={months}" for name, months in limits.items())
    with opened_evidence(settings) as (store, evidence):
        now = datetime.now(UTC)
        found = due(store, limits, now)
        numbers = ", ".join(f"{name} {number:,}" for name, number in found.numbers.items())
        verb = "would be kept" if opts.dry_run else "kept"
        lines = [
            f"{counted(len(found.keys), 'advertisement')} {verb} as a count under a pseudonym"
            f"{f' ({numbers})' if numbers else ''}; the numbers of all months stay."
        ]
        if found.waiting:
            lines.append(
                f"{counted(found.waiting, 'older advertisement')} wait for a verdict and remain; "
                "judge them at the desk."
            )
        if opts.dry_run:
            return [*lines, "Nothing was written."]
        if found.keys:
            who = opts.by or login_name()
            done = forget(store, evidence, found.plan, who, now, f"{SETTING}: {rule}")
            lines += done_lines(done)
    return lines


def of_site(store: Store, site: str, ad_ids: Sequence[str]) -> list[Advertisement]:
    """The advertisements of a site by their ids; NotStoredError names those that are not stored."""
    found = {ad_id: store.get(site, ad_id) for ad_id in dict.fromkeys(ad_ids)}
    missing = [ad_id for ad_id, ad in found.items() if ad is None]
    if missing:
        names = ", ".join(f"'{printable(ad_id)}'" for ad_id in missing[:_NAMED])
        more = f" and {len(missing) - _NAMED} others" if len(missing) > _NAMED else ""
        sites = store.first_months()
        hint = "" if site in sites else did_you_mean(site, sites)
        raise NotStoredError(
            f"Nothing was forgotten: the store has no advertisement {names}{more} of site "
            f"'{printable(site)}'{hint}."
        )
    return [ad for ad in found.values() if ad]


def of_seller(store: Store, seller: str, site: str | None) -> list[Advertisement]:
    """The advertisements of a seller, by name or id; NotStoredError if there is none."""
    found, names = [], set()
    for ad in store.advertisements(site=site):
        own = {ad.seller.strip(), ad.seller_id.strip()} - {""}
        names |= own
        if seller in own:
            found.append(ad)
    if not found:
        where = f" of site '{printable(site)}'" if site else ""
        raise NotStoredError(
            f"Nothing was forgotten: no stored advertisement{where} has the seller "
            f"'{printable(seller)}'{did_you_mean(seller, names)}."
        )
    return found


def plan_lines(plan: ErasurePlan, *, dry_run: bool, erase: bool) -> list[str]:
    """How many advertisements are forgotten in which way, and what that does to counts."""
    lines = []
    if plan.kept:
        how = "would be kept" if dry_run else "kept"
        lines.append(
            f"{counted(len(plan.kept), 'advertisement')} {how} as a count under a pseudonym: "
            "month, site, species, verdict and price."
        )
    if plan.erased:
        how = "would be erased" if dry_run else "erased"
        why = "" if erase else " since there is no verdict"
        lines.append(
            f"{counted(len(plan.erased), 'advertisement')} {how}{why}; the numbers of the months "
            "in which they were found change."
        )
    return lines


def done_lines(done: Forgotten) -> list[str]:
    """What was erased beside the advertisements, and what was not reached."""
    erased = done.evidence
    shared = (
        f"; {counted(erased.shared, 'object')} remain, since other advertisements have them too"
        if erased.shared
        else ""
    )
    return [
        f"Erased with them: {counted(erased.captures, 'capture')} with "
        f"{counted(erased.objects, 'object')} ({in_megabytes(erased.size)}), and "
        f"{counted(done.documents, 'note')}, links and contacts{shared}.",
        "The custody log has who did this and when, and no text.",
        _COMES_BACK,
        _NOT_REACHED,
    ]
