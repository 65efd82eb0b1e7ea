"""`scrapy notices MONTH`: writes the notice for the operator of each site."""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from wildcrawl.commands.common import (
    all_sites,
    as_columns,
    check_sites,
    login_name,
    nothing_in,
    opened_store,
    picture_limits_of,
    plain_errors,
)
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.locations import evidence_place_of, output_of, path_of
from wildcrawl.crawl.session import vocabulary_of
from wildcrawl.items import Advertisement, Key, Relevance, Verdict
from wildcrawl.months import CHINA, check_month, month_bounds
from wildcrawl.staging import staging_folder, unfinished

if TYPE_CHECKING:
    from wildcrawl.base_spiders import Site
    from wildcrawl.evidence import Capture
    from wildcrawl.review.notices import LetterSettings, Notice
    from wildcrawl.review.notices.writer import Proof
    from wildcrawl.store import Store

_STAGING = ".notices-"
PAUSE = 5.0
"""Seconds between two lines of progress."""


class Command(QuietCommand):
    default_settings = {"LOG_LEVEL": "WARNING"}

    def syntax(self) -> str:
        return "MONTH [-o FOLDER] [--no-pictures] [--sent DAY | --answered DAY | --list]"

    def short_desc(self) -> str:
        return "Write a letter to each site's operator about the month's valid advertisements"

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
        parser.add_argument(
            "--site", action="append", default=[], metavar="SITE", help="only this site; repeatable"
        )
        parser.add_argument(
            "--sent",
            metavar="DAY",
            help="note that the month's letters were sent on DAY (2016-06-02, or today); removals "
            "within 7 and 30 days count from it",
        )
        parser.add_argument(
            "--answered", metavar="DAY", help="note that the operator of --site answered on DAY"
        )
        parser.add_argument(
            "--answer", default="", metavar="TEXT", help="what the operator answered"
        )
        parser.add_argument(
            "--by", metavar="NAME", default="", help="who sent or noted it (the login name)"
        )
        parser.add_argument(
            "--list",
            dest="listed",
            action="store_true",
            help="list the month's letters: sent, due and answered",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("give one month, for example: scrapy notices 2016-05")
        from wildcrawl.evidence import EvidenceError

        assert self.settings is not None
        with plain_errors():
            month = check_month(args[0])
            with opened_store(self.settings) as store:
                check_sites(self.settings, store, opts.site)
                try:
                    lines = self._lines(store, month, opts)
                except EvidenceError as error:
                    raise UsageError(str(error), print_help=False) from None
        print("\n".join(lines))  # noqa: T201

    def _lines(self, store: Store, month: str, opts: argparse.Namespace) -> list[str]:
        assert self.settings is not None
        if sum(map(bool, (opts.sent, opts.answered, opts.listed))) > 1:
            raise ValueError("give one of --sent, --answered and --list")
        if opts.sent:
            return note_sent(store, month, opts.sent, opts.site, opts.by)
        if opts.answered:
            return note_answered(store, month, opts.answered, opts.site, opts.answer, opts.by)
        if opts.listed:
            return letter_lines(store, month)
        folder = Path(opts.folder or output_of(self.settings) / "notices" / month)
        return write_notices(
            self.settings, store, month, folder, pictures=opts.pictures, only=opts.site
        )


def day_of(text: str) -> date:
    """A day as a person gives it, or `today`; ValueError if it is not one."""
    if text == "today":
        return datetime.now(CHINA).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{text}' is not a day; write it as 2016-06-02, or write today") from None


def note_sent(store: Store, month: str, day: str, sites: list[str], by: str = "") -> list[str]:
    """Notes that letters were sent; returns a line for each, and for those sent before."""
    from wildcrawl.review.notices import mark_sent

    today = datetime.now(CHINA).date()
    marked = mark_sent(store, month, day_of(day), today, sites, by or login_name())
    lines = [f"{letter.reference}: sent on {letter.sent}, due {letter.due}" for letter in marked]
    return lines or [f"All letters of {month} were marked as sent before; nothing is changed."]


def note_answered(
    store: Store, month: str, day: str, sites: list[str], answer: str, by: str = ""
) -> list[str]:
    """Notes that operators answered; returns a line for each."""
    from wildcrawl.review.notices import mark_answered

    if not sites:
        raise ValueError("name whose operator answered: --answered DAY --site SITE")
    today = datetime.now(CHINA).date()
    marked = mark_answered(store, month, day_of(day), today, sites, answer, by or login_name())
    return [f"{letter.reference}: answered on {letter.answered}" for letter in marked]


def letter_lines(store: Store, month: str) -> list[str]:
    """The month's letters as a table; one that is overdue says so."""
    from wildcrawl.review.notices import letters

    found = letters(store, month)
    if not found:
        return [f"No letter about {month} was written; write them: scrapy notices {month}"]
    today = datetime.now(CHINA).date()
    rows = [("reference", "site", "ads", "written", "sent", "due", "answered", "answer")]
    for letter in found:
        overdue = letter.sent and not letter.answered and letter.due < today
        rows.append(
            (
                letter.reference,
                letter.site,
                str(len(letter.ad_ids)),
                str(letter.written_day),
                str(letter.sent or "-"),
                f"{letter.due}{' (overdue)' if overdue else ''}",
                str(letter.answered or "-"),
                letter.answer or "-",
            )
        )
    return [as_columns(rows)]


def write_notices(
    settings: Settings,
    store: Store,
    month: str,
    folder: Path,
    *,
    pictures: bool = True,
    only: Collection[str] = (),
    tell: Callable[[str, int, int], None] = lambda _site, _done, _all: None,
) -> list[str]:
    """Writes the letters of `month` and stores what they list; returns a line for each.

    They are put in their folder once all are whole, so that a stopped writer leaves none.

    With `pictures`, they have a thumbnail of the first picture captured of each advertisement.
    `only` are the sites to write to; none: all. `tell` is told of each letter its site, and how
    many of how many advertisements are done.
    """
    valid, waiting, forgotten = _judged(store, month, only)
    writer = _LetterWriter(settings, store, month, folder, tell, pictures=pictures)
    writer.write(valid)
    lines = [*writer.lines, *writer.problems]
    if writer.written:
        lines += _missing(writer.letter_settings, writer.contact)
        lines.append(f"When they are sent: scrapy notices {month} --sent today")
    if not valid:
        lines.append(f"No advertisement that was new in {month} has been judged valid.")
        if not store.first_months():
            lines.append(nothing_in(settings))
    lines += [
        f"{page} is from an earlier run and lists nothing that is still valid; do not send it."
        for page in sorted({*folder.glob("*.html")} - writer.written - writer.settled)
        if not only
    ]
    if forgotten:
        lines.append(
            f"Forgotten, and so in no notice, though the report counts what was valid: {forgotten} "
            f"of {month}."
        )
    if waiting:
        lines.append(
            f"Without a verdict, and so in no notice: {waiting} of {month}; screen them first."
        )
    return lines


@dataclass(frozen=True)
class _Made:
    """A letter in the staging folder: its page, the captures it shows, how many were removed."""

    notice: Notice
    page: Path
    captures: list[Capture]
    removed: int


class _LetterWriter:
    """Writer of a month's letters to operators, with a line for each on what it wrote.

    `written` are the pages of the letters, and `settled` those that were sent, or of sites about
    which nothing is left to write.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        month: str,
        folder: Path,
        tell: Callable[[str, int, int], None],
        *,
        pictures: bool,
    ) -> None:
        from wildcrawl.evidence import open_evidence
        from wildcrawl.review.notices import letters, load_laws, load_letter_settings, outcomes
        from wildcrawl.review.notices.covers import KnownCovers

        self.contact = str(settings.get("WILDCRAWL_CONTACT") or "")
        self.letter_settings = load_letter_settings(path_of(settings, "WILDCRAWL_NOTICES"))
        self.lines: list[str] = []
        self.problems: list[str] = []
        self.written: set[Path] = set()
        self.settled: set[Path] = set()
        self._settings, self._store, self._month, self._folder = settings, store, month, folder
        self._tell = tell
        self._limits = picture_limits_of(settings) if pictures else None
        self._sites = {site.name: site for site in all_sites(settings)}
        self._groups = vocabulary_of(settings).groups
        self._laws = load_laws(self.letter_settings.laws)
        self._earlier = letters(store, month)
        self._found = {(each.site, each.ad_id): each for each in outcomes(store)}
        self._evidence = open_evidence(store, evidence_place_of(settings))
        self._covers = KnownCovers(store) if pictures else None
        self._now = datetime.now(UTC)

    def write(self, valid: Mapping[str, list[Advertisement]]) -> None:
        """Writes the letters about advertisements by site, and puts them in place together."""
        if not valid:
            return
        for site, ads in sorted(valid.items()):
            self._tell(site, 0, len(ads))
        is_new = not self._folder.exists()
        self._folder.mkdir(parents=True, exist_ok=True)
        with staging_folder(self._folder, _STAGING) as staging:
            made = [
                letter
                for site, ads in sorted(valid.items())
                for letter in self._write_one(site, ads, staging)
            ]
            if made:
                with unfinished(self._folder):
                    for letter in made:
                        self._put_in_place(letter, staging)
        if is_new and not made:
            self._folder.rmdir()

    def _write_one(self, site: str, ads: list[Advertisement], staging: Path) -> list[_Made]:
        """Writes the letter about `ads` to the operator of `site`, to the staging folder.

        Those that the last recheck found removed are left out; without others there is no letter.
        """
        from wildcrawl.review.notices import not_removed, sent_before

        # A letter that was sent remains beside its follow-up.
        sent = sent_before(self._earlier, site, self._month)
        self.settled |= {self._page(site, letter.number) for letter in sent}
        left = not_removed(ads, self._found)
        if left:
            return [self._made(site, left, len(ads) - len(left), staging)]
        self._settle(site, len(ads))
        self._tell(site, len(ads), len(ads))
        return []

    def _page(self, site: str, number: int) -> Path:
        from wildcrawl.review.notices import letter_name

        return self._folder / f"{letter_name(site, number)}.html"

    def _settle(self, site: str, removed: int) -> None:
        from wildcrawl.review.notices import next_letter

        number = next_letter(self._earlier, site, self._month)
        page = self._page(site, number)
        self.settled.add(page)
        many = "the advertisement" if removed == 1 else f"all {removed} advertisements"
        were = "was" if removed == 1 else "were"
        line = f"{site}: no letter; {many} {were} found removed at the last recheck"
        unsent = any(
            letter.site == site and letter.number == number and letter.sent is None
            for letter in self._earlier
        )
        self.lines.append(f"{line}; do not send {page}" if unsent else line)

    def _made(self, site: str, ads: list[Advertisement], removed: int, staging: Path) -> _Made:
        from wildcrawl.review.notices import next_letter, proofs_of, write_notice

        def each() -> Iterator[Advertisement]:
            for done, ad in enumerate(with_progress(ads, site)):
                self._tell(site, done, len(ads))
                yield ad

        proofs = proofs_of(self._evidence, each(), self._limits, self._covers)
        self.problems += proofs.problems
        number = next_letter(self._earlier, site, self._month)
        notice = self._notice(site, ads, proofs.of, number)
        page = write_notice(notice, staging)
        self._tell(site, len(ads), len(ads))
        return _Made(notice, page, proofs.captures, removed)

    def _put_in_place(self, made: _Made, staging: Path) -> None:
        """Moves the files of a letter to its folder, and stores what it lists."""
        from wildcrawl.review.notices import (
            Letter,
            Notified,
            keep_letters,
            letter_files,
            log_notice,
            mark_of,
            notify,
        )

        notice, month, now = made.notice, self._month, self._now
        site, ads, removed = notice.site, list(notice.ads), made.removed
        for file in letter_files(made.page):
            file.replace(self._folder / file.name)
        page = self._folder / made.page.name
        log_notice(self._evidence, login_name(), month, made.captures)
        self.written.add(page)
        # Only advertisements listed in a notice are stored as notified.
        notified = [Notified(site, ad.ad_id, ad.url, mark_of(ad), month, now) for ad in ads]
        repeated = len(ads) - notify(self._store, notified)
        ad_ids = [ad.ad_id for ad in ads]
        letter = Letter(site, month, notice.number, notice.reference, now, notice.due, ad_ids)
        keep_letters(self._store, [letter])
        again = f", {repeated} of them notified before" if repeated else ""
        many = "advertisement" if len(ads) == 1 else "advertisements"
        self.lines.append(f"{site}: {len(ads)} {many} in {page}{again} ({notice.reference})")
        if removed:
            self.lines.append(f"{site}: left out, as found removed at the last recheck: {removed}")
        if not notice.laws:
            self.lines.append(
                f"{site}: no law of '{self._country(site)}' is in the list of laws; the letter has "
                f"none"
            )

    def _country(self, site: str) -> str:
        return self.letter_settings.platform(site).country or self.letter_settings.country

    def _notice(
        self, site: str, ads: list[Advertisement], proofs: Mapping[Key, Proof], number: int
    ) -> Notice:
        from wildcrawl.review.notices import (
            Notice,
            file_name,
            follow_up,
            laws_on,
            reference_of,
            sent_before,
        )

        known = self._sites.get(site)
        laws = self._laws.get(self._country(site), [])
        species = {name for ad in ads for name in ad.species}
        reference = self.letter_settings.reference
        return Notice(
            site=site,
            label=(known.label if known else "") or site,
            label_zh=known.label_zh if known else "",
            month=self._month,
            ads=ads,
            groups=self._groups,
            contact=self.contact,
            at=self._now,
            proofs=proofs,
            reference=reference_of(reference, file_name(site), self._month, number),
            settings=self.letter_settings,
            laws=laws_on(laws, self._now.astimezone(CHINA).date(), species),
            is_own=own_addresses(self._settings, known),
            number=number,
            earlier=follow_up(sent_before(self._earlier, site, self._month), ads, self._found),
        )


def _judged(
    store: Store, month: str, only: Collection[str]
) -> tuple[dict[str, list[Advertisement]], int, int]:
    """The month's valid advertisements by site, how many wait, and how many were forgotten.

    Valid ones that were forgotten are only counted.
    """
    from wildcrawl.store.forgotten import is_forgotten

    valid: dict[str, list[Advertisement]] = defaultdict(list)
    waiting = forgotten = 0
    for ad in store.advertisements(*month_bounds(month, month)):
        if only and ad.site not in only:
            continue
        if is_forgotten(ad.ad_id):
            forgotten += ad.verdict == Verdict.VALID
        elif ad.verdict == Verdict.VALID:
            valid[ad.site].append(ad)
        elif ad.verdict == Verdict.PENDING and ad.relevance != Relevance.SET_ASIDE:
            waiting += 1
    return valid, waiting, forgotten


def with_progress(
    ads: Sequence[Advertisement], site: str, clock: Callable[[], float] = time.monotonic
) -> Iterator[Advertisement]:
    """The advertisements, with a line on standard error each PAUSE seconds; none if it is quick."""
    last = clock()
    for done, ad in enumerate(ads):
        if clock() - last >= PAUSE:
            last = clock()
            print(f"{site}: {done:,} of {len(ads):,}", file=sys.stderr, flush=True)  # noqa: T201
        yield ad


def _missing(letter_settings: LetterSettings, contact: str) -> list[str]:
    """What a letter needs and the settings lack."""
    sender, lines = letter_settings.sender, []
    if not (sender.name or sender.name_zh):
        lines.append(
            "The letters name no sender; write a file with it (docs/notices.md), set "
            "WILDCRAWL_NOTICES and write them again."
        )
    if not (contact or sender.email):
        lines.append("The letters name no contact; set WILDCRAWL_CONTACT and write them again.")
    return lines


def own_addresses(settings: Settings, site: type[Site] | None) -> Callable[[str], bool]:
    """Whether an address is on the site's own domains.

    On a site without declared ones it is one in plain letters, since others pass for them.
    """
    from wildcrawl.analysis.domains import registered_domain

    declared = (site.home, site.search_url, site.page_url, site.detail_url) if site else ()
    own = {
        registered_domain(site.address(settings, address))
        for address in declared
        if site and address
    }
    if not own:
        return lambda address: urlsplit(address).netloc.isascii()
    return lambda address: registered_domain(address) in own
