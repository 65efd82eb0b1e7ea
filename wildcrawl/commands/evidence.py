"""`scrapy evidence`: writes captured pages and pictures to one ZIP, and verifies evidence."""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import UsageError

from wildcrawl.analysis.singular import in_number
from wildcrawl.commands.common import (
    all_sites,
    as_columns,
    in_megabytes,
    login_name,
    opened_store,
    plain_errors,
)
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.locations import evidence_place_of, store_url_of
from wildcrawl.months import MonthError, check_month
from wildcrawl.store import StoreError, store_name

if TYPE_CHECKING:
    from scrapy.settings import Settings

    from wildcrawl.evidence import Evidence, LogEntry
    from wildcrawl.evidence.bundle import Bundle, Collection, Verified
    from wildcrawl.evidence.bundle.selection import Selection
    from wildcrawl.items import Advertisement
    from wildcrawl.store import Store

_ABSENT = ("missing", "lost")
_NAMED = 10
"""Advertisements or faults that a message names."""


class Command(QuietCommand):
    default_settings = {"LOG_LEVEL": "WARNING"}

    def syntax(self) -> str:
        return (
            "AD... | MONTH | survey:NAME | --seller SELLER [-o FILE] "
            "| --verify [FILE] | --stats | --prune | --lost"
        )

    def short_desc(self) -> str:
        return "Write captured pages and pictures to one ZIP for an officer, or verify evidence"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-o", dest="file", metavar="FILE", help="where to write (evidence-MOMENT-ID.zip)"
        )
        parser.add_argument(
            "--seller", metavar="SELLER", help="the advertisements of a seller, by name or id"
        )
        parser.add_argument(
            "--include-pending",
            action="store_true",
            help="of a month or seller, also likely advertisements without a verdict",
        )
        parser.add_argument(
            "--by", metavar="NAME", default="", help="who exports, for the log (the login name)"
        )
        parser.add_argument(
            "--verify",
            nargs="?",
            const="",
            metavar="FILE",
            help="check a bundle (a ZIP, or the folder of an unpacked one); without FILE, the "
            "evidence of this store",
        )
        parser.add_argument(
            "--roots",
            metavar="FILE",
            help="with --verify: root certificates (PEM) of the authorities of time-stamps",
        )
        parser.add_argument("--stats", action="store_true", help="show the size by month and site")
        parser.add_argument(
            "--prune",
            action="store_true",
            help="erase captures beyond the months of WILDCRAWL_EVIDENCE_KEEP, and what no capture "
            "needs",
        )
        parser.add_argument(
            "--lost",
            nargs="?",
            const="",
            choices=("", "all"),
            metavar="all",
            help="declare objects of captures lost that are not in their place; 'all' if none is",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="with --prune and --lost: only say what would be erased or declared",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        chosen = (bool(args or opts.seller), opts.verify is not None, opts.lost is not None)
        if sum([*chosen, opts.stats, opts.prune]) != 1:
            raise UsageError(
                "name advertisements (site:ad_id, key or address), a month, survey:NAME or "
                "--seller; or give one of --verify, --stats, --prune and --lost"
            )
        with evidence_errors():
            if opts.verify:
                lines, self.exitcode = verify_file(
                    self.settings, Path(opts.verify), roots_of(opts.roots)
                )
            elif opts.verify is not None:
                lines, self.exitcode = verify_store(self.settings, roots_of(opts.roots))
            elif opts.stats:
                lines = stats_lines(self.settings)
            elif opts.prune:
                who = opts.by or login_name()
                lines = prune_lines(self.settings, who, dry_run=opts.dry_run)
            elif opts.lost is not None:
                who, every = opts.by or login_name(), opts.lost == "all"
                lines = lost_lines(self.settings, who, every=every, dry_run=opts.dry_run)
            else:
                lines, self.exitcode = export(self.settings, args, opts)
        print("\n".join(lines))  # noqa: T201


@contextmanager
def evidence_errors() -> Iterator[None]:
    """Turns an error of the evidence, too, into one sentence and exit code 2."""
    from wildcrawl.evidence import EvidenceError

    with plain_errors():
        try:
            yield
        except EvidenceError as error:
            raise ValueError(str(error)) from None


@contextmanager
def opened_evidence(settings: Settings) -> Iterator[tuple[Store, Evidence]]:
    """The store of the settings and its evidence."""
    from wildcrawl.evidence import open_evidence

    with opened_store(settings) as store:
        yield store, open_evidence(store, evidence_place_of(settings))


def export(
    settings: Settings, args: Sequence[str], opts: argparse.Namespace
) -> tuple[list[str], int]:
    """Writes a bundle; the lines to print and the exit code, 1 if something could not be read."""
    from wildcrawl.crawl.evidence_settings import evidence_settings_of
    from wildcrawl.evidence import imported
    from wildcrawl.evidence.bundle import binder, write_bundle

    who = opts.by or login_name()
    selection = ", ".join([*args, *([f"seller {opts.seller}"] if opts.seller else [])])
    with opened_evidence(settings) as (store, evidence):
        chosen = selected(store, args, opts.seller, include_pending=opts.include_pending)
        if not chosen.advertisements():
            return [nothing_selected(selection, opts.include_pending)], 1
        imported.complete(store)
        left_out = left_out_line(chosen.left_out())
        if left_out:
            selection = f"{selection}. {left_out}"
        collection = collect(settings, evidence, chosen, selection, who)
        if not collection.records():
            return [nothing_captured(collection)], 1
        path = Path(opts.file or f"evidence-{collection.id}.zip")
        if path.exists():
            raise ValueError(f"{path} exists already; choose another name with -o")
        bind = binder(evidence, who, evidence_settings_of(settings).authority)
        bundle = write_bundle(collection, evidence.objects, path, bind)
        try:
            log_export(evidence, collection, bundle, who)
        except Exception:
            # A bundle that the log does not know would look like a forgery later.
            path.unlink()
            raise
    lines = bundle_lines(collection, bundle) + [left_out] * bool(left_out)
    return lines, 1 if len(bundle.missing) > bundle.lost else 0


def left_out_line(ads: Sequence[Advertisement]) -> str:
    """Which of a seller's advertisements are not in the file, in both languages; "" if all are."""
    if not ads:
        return ""
    names = ", ".join(f"{ad.site}:{ad.ad_id} ({ad.verdict or 'pending'})" for ad in ads)
    return (
        f"Not in the file, since not judged valid (未判为有效，故未收入): "
        f"{counted(len(ads), 'advertisement')} of the seller: {names}"
    )


def selected(
    store: Store, args: Sequence[str], seller: str | None, *, include_pending: bool
) -> Selection:
    """The advertisements that the arguments name: months, and names of advertisements."""
    from wildcrawl.evidence.bundle.selection import Selection

    selection = Selection(store, include_pending=include_pending)
    names = []
    for argument in args:
        try:
            selection.add_month(check_month(argument))
        except MonthError:
            names.append(argument)
    selection.add_named(names)
    if seller:
        selection.add_seller(seller)
    return selection


def collect(
    settings: Settings,
    evidence: Evidence,
    chosen: Selection,
    selection: str,
    who: str,
) -> Collection:
    """The captures of advertisements, the custody log, and how they were collected."""
    from wildcrawl.crawl.evidence_settings import stated_settings
    from wildcrawl.desk.messages import in_chinese
    from wildcrawl.evidence.bundle import Collection, Facts, Subject
    from wildcrawl.evidence.records import SOFTWARE

    labels = {site.name: (site.label, site.label_zh) for site in all_sites(settings)}
    subjects = [
        Subject(ad, evidence.captures.of(*chosen.place(ad)), *labels.get(ad.site, ("", "")))
        for ad in chosen.advertisements()
    ]
    facts = Facts(
        made_at=datetime.now(UTC),
        operator=who,
        host=platform.node(),
        system=f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        software=SOFTWARE,
        selection=selection,
        store=store_name(store_url_of(settings)),
        settings=stated_settings(settings),
    )
    needed = {sha for each in subjects for capture in each.captures for sha in capture.objects}
    absent = {sha for sha in needed if not evidence.objects.has(sha)}
    links, seals = list(evidence.custody.links()), evidence.seals.all()
    return Collection(subjects, links, facts, seals, evidence.lost.among(absent), in_chinese)


def log_export(evidence: Evidence, collection: Collection, bundle: Bundle, who: str) -> None:
    """Writes the export to the custody log."""
    from wildcrawl.evidence import Action

    captures = [capture for capture in collection.captures() if capture.record]
    evidence.note(
        Action.EXPORTED,
        who,
        captures,
        bundle=bundle.id,
        file=bundle.sha256,
        manifest=bundle.manifest,
    )


def nothing_selected(selection: str, include_pending: bool) -> str:
    """Why no advertisement was selected."""
    if include_pending:
        return f"No advertisement of {selection} is judged valid or waits for a verdict."
    return (
        f"No advertisement of {selection} has been judged valid; with --include-pending those "
        "without a verdict are taken too."
    )


def nothing_captured(collection: Collection) -> str:
    """Why no file is written."""
    many = len(collection.subjects)
    which = "the advertisement" if many == 1 else f"the {many} advertisements"
    return (
        f"Nothing was captured of {which}, so that no file was written. Captures are made when a "
        "crawl first finds an advertisement, with WILDCRAWL_EVIDENCE=pictures or pages."
    )


def bundle_lines(collection: Collection, bundle: Bundle) -> list[str]:
    """What was written, and what is not in it."""
    without = [each.ad for each in collection.subjects if not any(c.record for c in each.captures)]
    skipped = sum(bool(capture.skipped) for capture in collection.captures())
    lines = [
        f"{bundle.path}: {counted(len(collection.subjects), 'advertisement')}, "
        f"{counted(bundle.pages, 'page')}, {counted(bundle.pictures, 'picture')} and "
        f"{counted(bundle.screenshots, 'screenshot')} ({in_megabytes(bundle.size)})",
        f"SHA-256 of the file, to be noted at the hand-over: {bundle.sha256}",
    ]
    if skipped:
        lines.append(f"Not captured: {counted(skipped, 'address')}, for the reasons in the report.")
    if without:
        names = ", ".join(f"{ad.site}:{ad.ad_id}" for ad in without[:_NAMED])
        more = f" and {len(without) - _NAMED} others" if len(without) > _NAMED else ""
        lines.append(
            f"Without any capture: {counted(len(without), 'advertisement')} ({names}{more})."
        )
    if bundle.unstamped:
        lines.append(f"Without a time-stamp of its own: {bundle.unstamped}")
    lost = tuple(collection.lost.values())
    lines += [f"{'Lost' if line.endswith(lost) else 'Fault'}: {line}" for line in bundle.missing]
    return lines


def roots_of(file: str | None) -> list[bytes]:
    """The certificates of a PEM file; OSError if it cannot be read."""
    return [Path(file).read_bytes()] if file else []


def counted(number: int, word: str) -> str:
    """A number with its word: 1 page, 2 pages, 2 addresses."""
    plural = f"{word}es" if word.endswith("s") else f"{word}s"
    return f"{number:,} {word if number == 1 else plural}"


def verify_file(settings: Settings, path: Path, roots: Sequence[bytes]) -> tuple[list[str], int]:
    """Checks a bundle, and compares it with the store's custody log."""
    from wildcrawl.evidence.bundle import verify_bundle

    verified = verify_bundle(path, roots)
    try:
        with opened_evidence(settings) as (_, evidence):
            note = in_log(evidence, verified)
    except StoreError as error:
        note = f"It was not compared with a custody log: {error}"
    if verified.faults:
        return [*fault_lines(path.name, verified.faults), note], 1
    return [
        f"{path.name}: "
        + in_number(f"{verified.files} files, {verified.captures} captures")
        + in_number(f" and {verified.links} links")
        + " of the custody log agree with each other.",
        *([missing_line(verified.missing)] if verified.missing else []),
        *([f"SHA-256 of the file: {verified.sha256}"] if verified.sha256 else []),
        *([verified.bound] if verified.bound else []),
        *verified.stamps,
        note,
    ], 0


def missing_line(number: int) -> str:
    """What a bundle says of records that it could not take in."""
    records = "1 record was" if number == 1 else f"{number:,} records were"
    return f"When it was written, {records} missing, damaged or not logged (report/index.html)."


def in_log(evidence: Evidence, verified: Verified) -> str:
    """What the store's custody log says about a bundle; adds a fault if it contradicts."""
    found = exports_of(evidence).get(verified.id)
    if found is None:
        return (
            "The custody log of this store does not have its export. Whether the whole file was "
            "made anew, its custody log included, only the SHA-256 of the ZIP file and a "
            "time-stamp over the log show: compare it with the one noted at the hand-over."
        )
    link, entry = found
    if entry.get("manifest") != verified.manifest:
        verified.faults.append("SHA256SUMS: it is not the one that was exported")
    elif verified.sha256 and entry.get("file") != verified.sha256:
        verified.faults.append("the ZIP file is not the one that was exported; its files are")
    return f"The custody log of this store has its export, by {link.who} at {link.at}."


def exports_of(evidence: Evidence) -> dict[str, tuple[LogEntry, dict[str, Any]]]:
    """The exports in the custody log, as link and entry, by the id of their bundle."""
    from wildcrawl.evidence import Action

    return {
        entry["bundle"]: (link, entry)
        for link in evidence.custody.links()
        if link.action == Action.EXPORTED
        for entry in map(json.loads, link.entries)
        # Letters and photographs of reports are exported without one.
        if entry.get("bundle")
    }


def verify_store(settings: Settings, roots: Sequence[bytes]) -> tuple[list[str], int]:
    """Checks all evidence of the store."""
    from wildcrawl.evidence.checking import check

    with opened_evidence(settings) as (_, evidence):
        faults = [
            f"{finding.subject}: {finding.problem}" for finding in check(evidence, roots=roots)
        ]
        place = evidence.objects.address
        captures = sum(1 for capture in evidence.captures.all() if capture.record)
        links = evidence.custody.head().number
        lost = len(evidence.lost.absent(evidence.objects))
    if faults:
        return fault_lines(place, faults), 1
    counts = in_number(f"{captures} captures") + in_number(f" and {links} links")
    lines = [f"{place}: {counts} of the custody log are whole."]
    if lost:
        were = "object of them was" if lost == 1 else "objects of them were"
        lines.append(f"{lost:,} {were} declared lost, by entries in the log.")
    return lines, 0


def stats_lines(settings: Settings) -> list[str]:
    """Numbers and bytes of the evidence by month and site."""
    from wildcrawl.evidence.usage import usage_of

    with opened_evidence(settings) as (_, evidence):
        usage = usage_of(evidence)
        place = evidence.objects.address
    if not usage.months and not usage.unused:
        return [f"No evidence is kept yet in {place}."]
    rows = [["month", "site", "pages", "pictures", "screenshots", "not captured", "size"]]
    for row in usage.months:
        numbers = (row.pages, row.pictures, row.screenshots, row.skipped)
        rows.append([row.month, row.site, *(f"{n:,}" for n in numbers), in_megabytes(row.size)])
    lines = [as_columns(rows), f"{usage.objects:,} objects in {place}: {in_megabytes(usage.size)}"]
    if usage.unused:
        lines.append(
            f"{usage.unused:,} of them ({in_megabytes(usage.unused_size)}) belong to no capture; "
            "'scrapy evidence --prune' removes those older than a week."
        )
    missing, lost = (sum(getattr(row, name) for row in usage.months) for name in _ABSENT)
    if missing:
        lines.append(
            f"{missing:,} objects of captures are missing; 'scrapy evidence --verify' names them."
        )
    if lost:
        lines.append(f"{lost:,} objects of captures were declared lost.")
    return lines


def prune_lines(settings: Settings, who: str, *, dry_run: bool) -> list[str]:
    """Erases captures beyond the months of WILDCRAWL_EVIDENCE_KEEP, and unused objects."""
    from wildcrawl.evidence.retention import prune, read_keep

    keep = read_keep(str(settings.get("WILDCRAWL_EVIDENCE_KEEP") or ""))
    with opened_evidence(settings) as (store, evidence):
        pruned = prune(evidence, store, keep, who, datetime.now(UTC), dry_run=dry_run)
    done = "would be erased" if dry_run else "erased"
    of = ", ".join(f"{verdict} {count:,}" for verdict, count in sorted(pruned.verdicts.items()))
    erased = pruned.erased
    lines = [
        f"{erased.captures:,} captures {done}{f' ({of})' if of else ''}, with {erased.objects:,} "
        f"objects ({in_megabytes(erased.size)})",
        f"{pruned.unused:,} objects of no capture {done} ({in_megabytes(pruned.unused_size)})",
    ]
    if not keep:
        lines.append(
            "WILDCRAWL_EVIDENCE_KEEP is empty, so that captures are kept without limit; "
            "for example irrelevant=12, fake=24 gives months by verdict."
        )
    return lines


def lost_lines(settings: Settings, who: str, *, every: bool, dry_run: bool) -> list[str]:
    """Declares the objects of captures lost that are not in their place."""
    from wildcrawl.evidence.loss import declare_lost

    with opened_evidence(settings) as (_, evidence):
        now = datetime.now(UTC)
        declared = declare_lost(evidence, who, now, every=every, dry_run=dry_run)
        place = evidence.objects.address
    if not declared.objects:
        return [f"No object of a capture is missing in {place}, but those declared lost before."]
    done = "would be declared" if dry_run else "declared"
    return [
        f"{counted(declared.objects, 'object')} of {counted(declared.captures, 'capture')} {done} "
        "lost. The custody log names the captures; files for an officer name them as lost.",
        f"{counted(declared.advertisements, 'advertisement')}: captured again by the next crawl "
        "that shows them.",
    ]


def fault_lines(name: str, faults: Sequence[str]) -> list[str]:
    """The faults of something that was verified."""
    many = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    return [f"{name}: {many} found", *(f"  {fault}" for fault in faults)]
