"""`scrapy export MONTH`: the report, as pages, CSV files and an XLSX file."""

from __future__ import annotations

import argparse
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings, Settings

from wildcrawl.analysis.text import one_line
from wildcrawl.commands.common import (
    all_sites,
    close_killed_runs,
    login_name,
    nothing_in,
    opened_store,
    picture_limits_of,
    plain_errors,
)
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.locations import evidence_place_of, output_of, path_of
from wildcrawl.crawl.session import rates_of, vocabulary_of
from wildcrawl.items import Run
from wildcrawl.months import (
    CHINA,
    check_begun,
    month_bounds,
    month_of,
    months_between,
    previous_month,
)
from wildcrawl.review.coverage import begun_in, history_from

if TYPE_CHECKING:
    from exports import Context, Exported, ReportSite, Social
    from exports.author import Author
    from exports.context import Event
    from exports.photographs import Photograph
    from exports.report import Printer
    from wildcrawl import base_spiders
    from wildcrawl.evidence import Evidence
    from wildcrawl.store import Store

logger = logging.getLogger(__name__)

NUMBER_CONTENTS = """numbers => document.querySelectorAll(".contents a").forEach(
    link => link.dataset.page = numbers[link.hash.slice(1)] ?? "")"""
"""Script that writes the numbers of pages into a table of contents."""
SHOWS_BOXES = """() => {
    const drawn = text => {
        const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
        pen.font = "32px sans-serif";
        pen.fillText(text, 2, 40);
        return canvas.toDataURL();
    };
    return /[一-龥]/.test(document.body.innerText) && drawn("象") === drawn("鳄");
}"""
"""Script that says whether Chinese characters of a page have no font, so that all look alike."""


class Command(QuietCommand):
    default_settings = {"LOG_LEVEL": "WARNING"}

    def syntax(self) -> str:
        return "MONTH | --from MONTH --to MONTH [--lang LANG] [--format FORMATS]"

    def short_desc(self) -> str:
        return "Write the report of a month or a period, as a web page, CSV and XLSX"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--from", dest="first", metavar="MONTH", help="the first month")
        parser.add_argument("--to", dest="last", metavar="MONTH", help="the last month")
        parser.add_argument(
            "-o", dest="folder", metavar="FOLDER", help="where to write (reports/PERIOD)"
        )
        parser.add_argument(
            "--format",
            dest="formats",
            action="append",
            help="which of html, csv, xlsx, figures (each as SVG and PNG) and pdf to write, with "
            "commas between, or repeated (html,csv,figures)",
        )
        parser.add_argument("--lang", default="en", help="en for English (default), zh for Chinese")
        parser.add_argument(
            "--author",
            metavar="FILE",
            help="a YAML file with the organisation, authors, licence, introduction and captions "
            "of the report (docs/report.md)",
        )
        parser.add_argument(
            "--include-pending",
            action="store_true",
            help="also count advertisements without a verdict",
        )
        parser.add_argument(
            "--with-contacts",
            action="store_true",
            help="also write the advertisements with sellers' contacts to a file of its own, for "
            "officers only",
        )
        parser.add_argument(
            "--final",
            action="store_true",
            help="write no provisional report: refuse a month that is not over, or of which more "
            "than 5%% waits for a verdict",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from exports import texts_of, write_collection

        assert self.settings is not None
        with plain_errors():
            months = period(args, opts.first, opts.last)
            check_begun(months[-1], datetime.now(UTC))
            name = months[0] if len(months) == 1 else f"{months[0]}_{months[-1]}"
            folder = Path(opts.folder or output_of(self.settings) / "reports" / name)
            exported = export_report(
                self.settings,
                months,
                folder,
                ReportOptions(
                    include_pending=opts.include_pending,
                    final=opts.final,
                    with_contacts=opts.with_contacts,
                    author=Path(opts.author) if opts.author else None,
                    name_folder=not opts.folder,
                    formats=[
                        each.strip()
                        for given in opts.formats or ["html,csv,figures"]
                        for each in given.split(",")
                    ],
                    lang=opts.lang,
                ),
            )
            # A folder chosen with -o may be among other files: no index is written there.
            collection = (
                None if opts.folder else write_collection(folder.parent, texts_of(opts.lang))
            )
        for line in exported.warnings:
            logger.warning("%s", line)
        for line in exported.lines:
            print(line)  # noqa: T201
        if exported.with_contacts:
            print(f"For officers only, with contacts: {exported.with_contacts}")  # noqa: T201
        print(f"{exported.index.resolve().as_uri()}")  # noqa: T201
        if collection:
            print(f"{collection.resolve().as_uri()}")  # noqa: T201


def period(args: list[str], first: str | None, last: str | None) -> list[str]:
    """The months in the arguments; MonthError if one is not valid."""
    if len(args) == 1 and not (first or last):
        return months_between(args[0], args[0])
    if args or not (first and last):
        raise UsageError(
            "give one month (scrapy export 2016-05) or a period (--from 2012-01 --to 2016-12)"
        )
    return months_between(first, last)


@dataclass(frozen=True)
class ReportOptions:
    """Options of a report, as `scrapy export` has them; `author` is a file."""

    include_pending: bool = False
    final: bool = False
    with_contacts: bool = False
    author: Path | None = None
    name_folder: bool = False
    formats: Sequence[str] = ("html", "csv")
    lang: str = "en"


def export_report(
    settings: Settings, months: list[str], folder: Path, options: ReportOptions
) -> Exported:
    """Reads the store and writes the report of `months` to `folder`; see `exports.export`."""
    # Imported here: charts load slowly, and Scrapy loads all commands each time.
    from exports import NEEDED, export
    from exports.author import load_author

    with opened_store(settings) as store:
        close_killed_runs(store)
        own_words = load_author(options.author)
        photographs, evidence = photographs_of(settings, store, own_words)
        context = replace(
            report_context(settings, store, months),
            include_pending=options.include_pending,
            final=options.final,
            with_contacts=options.with_contacts,
            author=own_words,
            photographs=photographs,
        )
        exported = export(
            store.frames(*month_bounds(months[0], months[-1]), NEEDED),
            context,
            folder,
            earlier=store.month_numbers(history_from(months[0]), previous_month(months[0])),
            formats=options.formats,
            lang=options.lang,
            name_folder=options.name_folder,
            print_pdf=pdf_printer(settings) if "pdf" in options.formats else None,
        )
        if evidence is not None:
            from exports.photographs import log_photographs

            log_photographs(photographs, evidence, login_name(), f"{months[0]} to {months[-1]}")
        return exported


def report_context(settings: Settings, store: Store, months: list[str]) -> Context:
    """What a report of `months` needs beside the advertisements: sites, runs, surveys, removals."""
    from exports import Context
    from wildcrawl.analysis.tagging.fingerprint import fingerprint
    from wildcrawl.review.agreement import agreement_between, pairs
    from wildcrawl.review.looking.after_removal import reposts_of
    from wildcrawl.review.notices import outcomes
    from wildcrawl.review.notices.removals import removals_of
    from wildcrawl.store.incomplete_imports import incomplete_imports

    vocabulary = vocabulary_of(settings)
    rate = rates_of(settings).on(last_day(months[-1]))
    recorded = {site: month_of(first) for site, first in store.first_months().items()}
    runs, declared, social = store.runs(), all_sites(settings), surveys_of(store)
    if not recorded and social is None:
        logger.warning(nothing_in(settings))
    monitored = recorded.keys() | {site.name for site in declared}
    judged_twice = [pair for pair in pairs(store) if pair.month in months]
    notified = outcomes(store, months)
    return Context(
        months=months,
        groups=list(vocabulary.groups.values()),
        sites=report_sites(declared, recorded, runs),
        rate=rate.cny_per_usd,
        rate_date=rate.day,
        made_at=datetime.now(UTC),
        read_from=history_from(months[0]),
        not_stored=not_stored(runs, months),
        unmatched_again=unmatched_again(runs, months),
        social=social,
        agreement=agreement_between(judged_twice),
        unsettled=sum(pair.open for pair in judged_twice),
        reasons=reasons_of(store, *month_bounds(months[0], months[-1])),
        removals=removals_of(notified, datetime.now(CHINA).date()),
        outcomes=notified,
        reposts=reposts_of(store, notified),
        events=events_of(settings),
        other_rules=store.other_rules(fingerprint(vocabulary)),
        runs=[run for run in runs if run.site in monitored],
        incomplete_imports=incomplete_imports(store),
    )


def photographs_of(
    settings: Settings, store: Store, author: Author | None
) -> tuple[list[Photograph], Evidence | None]:
    """The photographs that the author chose, and the evidence that has them."""
    if author is None or not author.photographs:
        return [], None
    # Imported here: the libraries of pictures load slowly, and most reports have none.
    from exports.author import AuthorError
    from exports.photographs import make_photographs
    from wildcrawl.evidence import EvidenceError, open_evidence

    limits = picture_limits_of(settings)
    try:
        evidence = open_evidence(store, evidence_place_of(settings))
        return make_photographs(author.photographs, store, evidence, limits), evidence
    except EvidenceError as error:
        raise AuthorError(f"photographs: {error}") from error


def pdf_printer(settings: Settings) -> Printer:
    """A function that prints a page to a PDF file, by the browser of the settings."""
    from wildcrawl.base_spiders.browser import FLAGS, working_browser

    # Looked up before the report is made, which may take minutes.
    browser = working_browser(str(settings.get("WILDCRAWL_BROWSER") or ""))

    def print_pdf(page: Path, pdf: Path) -> None:
        from playwright.sync_api import Error, sync_playwright

        from exports.pdf import page_numbers

        try:
            with sync_playwright() as playwright:
                launched = playwright.chromium.launch(executable_path=browser, args=FLAGS)
                opened = launched.new_page()
                opened.goto(page.resolve().as_uri())
                if opened.evaluate(SHOWS_BOXES):
                    logger.warning(
                        "The PDF has boxes for Chinese characters, for which the browser has no "
                        "font: install fonts-noto-cjk and export again"
                    )
                opened.pdf(path=pdf, prefer_css_page_size=True, outline=True, tagged=True)
                # Printed once more, with the numbers of its pages in its table of contents.
                opened.evaluate(NUMBER_CONTENTS, page_numbers(pdf))
                opened.pdf(path=pdf, prefer_css_page_size=True, outline=True, tagged=True)
                launched.close()
        except Error as error:
            raise OSError(f"the browser did not print it: {one_line(error.message)}") from error

    return print_pdf


def last_day(month: str) -> date:
    """The last day of `month` in China, or today if it is not over."""
    end = month_bounds(month, month)[1].astimezone(CHINA).date() - timedelta(days=1)
    return min(end, datetime.now(CHINA).date())


def events_of(settings: BaseSettings) -> list[Event]:
    """The events of the file in WILDCRAWL_EVENTS, or the bundled ones."""
    from exports import load_events

    return load_events(path_of(settings, "WILDCRAWL_EVENTS"))


def reasons_of(
    store: Store, start: datetime, end: datetime
) -> Mapping[tuple[str, str], Counter[str]]:
    """Numbers of ruled out advertisements, by month and verdict, and by the reason given."""
    from wildcrawl.review.verdict_reasons import EXPLAINED, all_reasons

    given = all_reasons(store)
    counts: dict[tuple[str, str], Counter[str]] = {}
    if not given:
        return counts
    for frame in store.frames(start, end, ("site", "ad_id", "verdict", "first_seen")):
        ruled_out = frame.filter(frame["verdict"].is_in(EXPLAINED))
        for site, ad_id, verdict, seen in ruled_out.iter_rows():
            explained, reason = given.get((site, ad_id), ("", ""))
            if explained == verdict:
                counts.setdefault((month_of(seen), verdict), Counter())[reason] += 1
    return counts


def surveys_of(store: Store) -> Social | None:
    """The store's surveys of social media accounts; None if there are none."""
    from exports import Social
    from wildcrawl.store.incomplete_imports import incomplete_surveys
    from wildcrawl.store.survey_entry import unfinished
    from wildcrawl.store.surveys import survey_frames

    frames = survey_frames(store)
    if not frames.surveys.height:
        return None
    return Social(*frames, unfinished(store), incomplete_surveys(store))


def report_sites(
    declared: Sequence[type[base_spiders.Site]], recorded: Mapping[str, str], runs: Iterable[Run]
) -> list[ReportSite]:
    """The monitored sites, with a spider or from records only, and their first month.

    A site without a search and without a record is not monitored yet: listing it with 0 would turn
    a gap into a zero. One whose every run failed has no first month, and is listed for its label.
    A site with records from before its spider's `since` was monitored then.
    """
    from exports import ReportSite

    runs = list(runs)
    begun = begun_in(recorded, runs, {site.name for site in declared})
    tried = begun.keys() | {run.site for run in runs}
    sites = {
        site.name: ReportSite(
            site.name, site.label or site.name, begun.get(site.name, ""), site.label_zh
        )
        for site in declared
        if site.name in tried
    }
    for name, month in begun.items():
        sites.setdefault(name, ReportSite(name, name, month))
    return list(sites.values())


def not_stored(runs: Iterable[Run], months: list[str]) -> int:
    """Number of unmatched advertisements in the period, which are counted but not stored."""
    return sum(run.irrelevant for run in runs if month_of(run.started) in months)


def unmatched_again(runs: Iterable[Run], months: list[str]) -> bool:
    """Whether several runs of a site in the period left unmatched advertisements."""
    sites = Counter(run.site for run in runs if run.irrelevant and month_of(run.started) in months)
    return any(number > 1 for number in sites.values())
