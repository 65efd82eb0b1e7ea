"""Checkup of an installation: one finding for each thing that a month's work needs."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Set
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from scrapy.settings import BaseSettings

from wildcrawl.analysis.singular import in_number
from wildcrawl.crawl.evidence_settings import Level, evidence_settings_of
from wildcrawl.crawl.heartbeat import is_over
from wildcrawl.crawl.locations import evidence_place_of, path_of, project_folder, store_url_of
from wildcrawl.crawl.session import placeholders_of, ranking_of, rates_of, vocabulary_of
from wildcrawl.items import Advertisement
from wildcrawl.store import (
    Store,
    StoreError,
    existing_store,
    redact_url,
    restoring_path,
    sqlite_path,
)


class Grade(StrEnum):
    """How a finding is to be taken; only a failure needs to be fixed before a crawl."""

    OK = "ok"
    NOTE = "note"
    FAIL = "FAIL"


ROOM_NEEDED = 1_000_000_000
"""Bytes of free space below which a disk counts as full; a month's pictures take more."""
ROOM_WISHED = 5_000_000_000
"""Bytes of free space below which it is mentioned."""
CHECK_SECONDS = 60.0
"""Longest check of the store's file, in seconds."""
_AHEAD = timedelta(minutes=10)
"""Difference of two machines' clocks that does no harm."""


@dataclass(frozen=True)
class Finding:
    """One thing that was checked, with the fix if it is not as it should be."""

    name: str
    grade: Grade
    text: str

    def __str__(self) -> str:
        return f"{self.grade:<5} {self.name}: {in_number(self.text)}"


Check = Callable[["BaseSettings"], Iterator[Finding]]


def ok(name: str, text: str) -> Finding:
    """A finding that all is well."""
    return Finding(name, Grade.OK, text)


def note(name: str, text: str) -> Finding:
    """A finding that some work may need."""
    return Finding(name, Grade.NOTE, text)


def fail(name: str, text: str) -> Finding:
    """A finding that has to be fixed; `text` names the fix."""
    return Finding(name, Grade.FAIL, text)


def check_store(settings: BaseSettings) -> Iterator[Finding]:
    """The store: reachable, intact, and its clocks and runs."""
    url = store_url_of(settings)
    path = sqlite_path(url)
    begun = path and (path.exists() or path.is_symlink() or restoring_path(path).exists())
    if path is not None and not begun:
        if logs := _logs_without(path):
            yield fail("store", logs)
        elif not path.parent.is_dir():
            yield fail("store", f"the folder {path.parent} is missing; create it")
        elif os.access(path.parent, os.W_OK):
            yield note("store", f"{path} does not exist yet; the first crawl makes it")
        else:
            yield fail("store", f"the folder {path.parent} cannot be written; make it writable")
        return
    try:
        with closing(existing_store(url)) as store:
            whole = store.check_intact(CHECK_SECONDS)
            runs = store.run_heads()
            yield from _runs_of(store)
    except StoreError as error:
        yield fail("store", str(error))
        return
    if path is not None:
        yield from _logs_beside(path, url)
    checked = "" if whole else f" (too large to be checked whole in {CHECK_SECONDS:.0f} s)"
    yield ok("store", f"{redact_url(url)} answers, {len(runs)} runs{checked}")


def _logs_without(path: Path) -> str:
    """What to do if a file is gone whose logs are still there, else ""."""
    from wildcrawl.store.sqlite_health import orphan_log
    from wildcrawl.store.sqlite_other_logs import other_logs

    logs = [*filter(None, [orphan_log(path)]), *other_logs(path)]
    if not logs:
        return ""
    names = ", ".join(log.name for log in logs)
    return (
        f"{path} was deleted or moved, and what was written last is still in {names}; run 'scrapy "
        "doctor --rescue', which keeps it from being deleted, then put the file or a backup of it "
        "back, and run that again"
    )


def _logs_beside(path: Path, url: str) -> Iterator[Finding]:
    """What other processes wrote to logs that were then kept beside the store."""
    from wildcrawl.store.sqlite_other_logs import lacking, other_logs

    for log in other_logs(path):
        try:
            with closing(existing_store(url)) as store:
                ads = {(ad.site, ad.ad_id) for ad in lacking(path, log, store)}
        except (StoreError, OSError) as error:
            yield fail("store", f"{log} cannot be compared with the store: {error}; keep it")
            continue
        if ads:
            yield fail(
                "store",
                f"{log} has {len(ads)} advertisements as the store lacks them; 'scrapy doctor "
                "--rescue' writes them to a file, and names the command that imports it",
            )
        else:
            yield note("store", f"all advertisements of {log} are in the store; delete it")


def rescue(settings: BaseSettings) -> Iterator[str]:
    """Writes what the store lacks of the logs beside it to files here; yields what was done."""
    from wildcrawl.store.fallback import write_unsaved
    from wildcrawl.store.sqlite_health import set_orphan_aside
    from wildcrawl.store.sqlite_other_logs import lacking, other_logs

    url = store_url_of(settings)
    path = sqlite_path(url)
    if path is None:
        return
    if not path.exists():
        if set_orphan_aside(path) or other_logs(path):
            yield _logs_without(path)
        return
    for log in other_logs(path):
        ads: list[Advertisement] = []
        with closing(existing_store(url)) as store:
            try:
                ads.extend(lacking(path, log, store))
            except StoreError as error:
                # What was read before is kept.
                yield f"{log}: {error}; keep it"
        if ads:
            file = Path.cwd() / f"wildcrawl-unsaved-{log.name}.jsonl"
            write_unsaved(file, ads)
            yield (
                f"{file} has what {log} has and the store lacks; import it once, then delete it: "
                f"scrapy crawl records -a file={file}"
            )


def _runs_of(store: Store) -> Iterator[Finding]:
    now = datetime.now(UTC)
    runs = store.run_heads()
    latest = max((run.finished or run.started for run in runs), default=now)
    if latest > now + _AHEAD:
        yield fail(
            "clock",
            f"this machine says {now:%Y-%m-%d %H:%M} UTC, but a run ended at "
            f"{latest:%Y-%m-%d %H:%M}; set the clock of the machine that is wrong",
        )
    else:
        yield ok("clock", f"{now:%Y-%m-%d %H:%M} UTC, after all runs in the store")
    killed = [run for run in runs if is_over(run, now)]
    if killed:
        sites = ", ".join(sorted({run.site for run in killed}))
        yield note("runs", f"{len(killed)} runs were killed ({sites}); search these sites again")


def check_keywords(settings: BaseSettings) -> Iterator[Finding]:
    """The vocabulary, the rates, and the other settings that a crawl reads."""
    try:
        vocabulary = vocabulary_of(settings)
        rates_of(settings)
        placeholders_of(settings)
        evidence_settings_of(settings)
        ranking_of(settings)
    except (ValueError, OSError) as error:
        yield fail("keywords", str(error))
        return
    number = len(vocabulary.keywords)
    yield ok("keywords", f"{number} keywords in {len(vocabulary.groups)} groups, settings valid")
    if not settings.get("WILDCRAWL_CONTACT"):
        yield note("contact", "WILDCRAWL_CONTACT is empty; real sites are searched only with one")


def check_evidence(settings: BaseSettings) -> Iterator[Finding]:
    """The place of the captures."""
    try:
        evidence = evidence_settings_of(settings)
    except ValueError:
        return  # `check_keywords` says so
    if evidence.level == Level.OFF:
        yield note("evidence", "off: nothing is captured (WILDCRAWL_EVIDENCE)")
        return
    from wildcrawl.evidence import EvidenceError, open_objects

    try:
        sizes = open_objects(evidence.place).sizes()
        gone = _absent_objects(settings, sizes.keys())
    except EvidenceError as error:
        yield fail("evidence", str(error))
        return
    there = _existing(Path(evidence.place))
    if "://" not in evidence.place and not (there.is_dir() and os.access(there, os.W_OK)):
        yield fail("evidence", f"{there} is not a folder that this user can write; make it one")
        return
    if gone:
        yield fail(
            "evidence",
            f"{len(gone):,} objects of captures are not in {evidence.place}; restore them from a "
            "backup ('scrapy evidence --verify' names them), or declare them lost with "
            "'scrapy evidence --lost'",
        )
        return
    size = sum(sizes.values())
    yield ok("evidence", f"{len(sizes)} objects, {size / 1e6:,.1f} MB in {evidence.place}")


def _absent_objects(settings: BaseSettings, there: Set[str]) -> set[str]:
    """The objects that the store's captures need, without those there and those declared lost."""
    from wildcrawl.evidence.captures import Captures
    from wildcrawl.evidence.lost import LostObjects

    url = store_url_of(settings)
    path = sqlite_path(url)
    if path is not None and not path.exists():
        return set()
    with closing(existing_store(url)) as store:
        absent = {sha for item in Captures(store).all() for sha in item.objects} - there
        return absent - LostObjects(store).among(absent).keys()


def check_disk(settings: BaseSettings) -> Iterator[Finding]:
    """Free space of the disks that a crawl writes to."""
    path = sqlite_path(store_url_of(settings))
    places = {"store": path.parent} if path else {}
    try:
        place = evidence_settings_of(settings).place
    except ValueError:
        place = "://"
    if "://" not in place:
        places["evidence"] = Path(place)
    places["temporary files"] = Path(tempfile.gettempdir())
    devices: dict[int, list[str]] = {}
    free: dict[int, int] = {}
    for name, folder in places.items():
        there = _existing(folder)
        device = there.stat().st_dev
        devices.setdefault(device, []).append(name)
        free[device] = shutil.disk_usage(there).free
    for device, names in devices.items():
        text = f"{free[device] / 1e9:,.1f} GB free for {', '.join(names)}"
        if free[device] < ROOM_NEEDED:
            yield fail("disk", f"{text}; free some space, or move them to another disk")
        elif free[device] < ROOM_WISHED:
            yield note("disk", f"{text}; a month with pictures may need more")
        else:
            yield ok("disk", text)


def _existing(folder: Path) -> Path:
    """The folder, or the closest one above it that exists."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def check_fonts(_: BaseSettings) -> Iterator[Finding]:
    """A font with Chinese characters, for screenshots, PDF reports and the browser's pages."""
    program = shutil.which("fc-list")
    if program is None:
        yield note("fonts", "cannot be listed, fc-list is missing; install fontconfig")
        return
    try:
        listed = subprocess.run(  # noqa: S603 (a fixed command)
            [program, ":lang=zh", "family"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        yield note("fonts", f"cannot be listed: {error}")
        return
    families = {line.split(",")[0].strip() for line in listed.stdout.splitlines() if line.strip()}
    if families:
        yield ok("fonts", f"{len(families)} with Chinese characters, such as {min(families)}")
    else:
        yield note(
            "fonts",
            "none has Chinese characters, so that screenshots and PDF reports show boxes; "
            "install fonts-noto-cjk",
        )


def check_permissions(settings: BaseSettings) -> Iterator[Finding]:
    """Files with sellers' names or sign-ins that other users of this machine can read."""
    places = [sqlite_path(store_url_of(settings)), path_of(settings, "WILDCRAWL_PROFILES")]
    evidence = evidence_place_of(settings)
    places.append(Path(evidence) if "://" not in evidence else None)
    open_ones = [each for each in places if each and each.exists() and each.stat().st_mode & 0o077]
    if open_ones:
        names = shlex.join(map(str, open_ones))
        yield note("permissions", f"other users can read {names}; chmod -R go-rwx {names}")
    else:
        yield ok("permissions", "other users cannot read the store, the evidence or the sign-ins")


def check_unsaved(_: BaseSettings) -> Iterator[Finding]:
    """Files of advertisements that no store has taken."""
    places = {project_folder(), Path.cwd(), Path(tempfile.gettempdir()), Path.home()}
    found = sorted({path for place in places for path in place.glob("wildcrawl-unsaved-*.jsonl")})
    for path in found:
        yield note(
            "unsaved",
            f"{path} has advertisements that no store took; import them once, then delete it: "
            f"scrapy crawl records -a {shlex.quote(f'file={path}')}",
        )


CHECKS: tuple[Check, ...] = (
    check_store,
    check_keywords,
    check_evidence,
    check_disk,
    check_fonts,
    check_permissions,
    check_unsaved,
)
"""The checks that need no browser and no other machine."""
