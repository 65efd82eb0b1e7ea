"""Contents check: the files, the lists and the numbers of a bundle are those of its captures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wildcrawl.evidence.bundle.collection import name_of
from wildcrawl.evidence.bundle.layout import (
    ARCHIVE,
    CAPTURES,
    COLLECTION,
    FIXED,
    FOLDERS,
    PAGES,
    TIMESTAMPS,
)
from wildcrawl.evidence.bundle.pages_list import page_rows
from wildcrawl.evidence.bundle.survey_posts import SURVEY

if TYPE_CHECKING:
    from wildcrawl.evidence.bundle.bundle_files import BundleFiles
    from wildcrawl.evidence.bundle.verified import Verified
    from wildcrawl.evidence.captures import Capture


@dataclass(frozen=True)
class ListedCapture:
    """A capture as the bundle lists it: its file, "" without one, and its place in the archive."""

    capture: Capture
    file: str
    place: tuple[int, int]


def check_files(files: BundleFiles, listed: Sequence[ListedCapture], verified: Verified) -> None:
    """Each file that a capture names is there with its picture, and no other file is."""
    for one in listed:
        if not one.file:
            continue
        if one.file not in files.names:
            verified.absent(one.file, CAPTURES)
        elif files.hash(one.file) != one.capture.payload:
            verified.fault(one.file, "it is not the picture that was captured")
    others = files.names - FIXED - _stamp_files(files) - {one.file for one in listed}
    for name in sorted(others):
        verified.added(name, CAPTURES)


def _stamp_files(files: BundleFiles) -> frozenset[str]:
    """The time-stamps of the bundle: each has what was stamped (.json) and a reply (.tsr)."""
    stems = {
        name.removesuffix(".json")
        for name in files.names
        if name.startswith(TIMESTAMPS) and name.endswith(".json")
    }
    both = {stem for stem in stems if f"{stem}.tsr" in files.names}
    return frozenset(f"{stem}{ending}" for stem in both for ending in (".json", ".tsr"))


def _over(name: str) -> int:
    """The link that a time-stamp of this name is over, 0 if it does not say."""
    number = name.removeprefix(TIMESTAMPS).partition("-")[0]
    return int(number) if number.isascii() and number.isdigit() else 0


def check_records(
    listed: Sequence[ListedCapture],
    payloads: Mapping[str, str],
    missing: Sequence[str],
    verified: Verified,
) -> None:
    """Each capture has its record, with its payload, and its file.

    `payloads` are those of the archive, by record. `missing` are the sentences with which the
    bundle names what could not be read when it was written.
    """
    excused = _excused([one.capture for one in listed], missing)
    for one in listed:
        capture = one.capture
        if not capture.record or excused & capture.objects:
            continue
        absent = sorted(capture.objects - payloads.keys()) if one.place[1] else [capture.record]
        if absent and not _damaged(verified):
            verified.fault(ARCHIVE, f"it does not have the record of {name_of(capture)}")
        found = payloads.get(capture.source or capture.record)
        if found and found != capture.payload:
            verified.fault(ARCHIVE, f"the record of {capture.url} has another payload")
        if capture.kind in FOLDERS and not one.file:
            verified.fault(CAPTURES, f"it names no file of {name_of(capture)}")


def _damaged(verified: Verified) -> bool:
    """Whether records of the archive are faulty, so that which are missing is not known."""
    return any(
        fault.startswith(f"{ARCHIVE}: ") and "belongs to no capture" not in fault
        for fault in verified.faults
    )


def _excused(captures: Iterable[Capture], missing: Sequence[str]) -> frozenset[str]:
    """The objects of captures that the bundle names as missing or damaged."""
    if not missing:
        return frozenset()
    return frozenset(
        each
        for capture in captures
        if any(line.startswith(f"{name_of(capture)}: ") for line in missing)
        for each in capture.objects
    )


def check_numbers(
    files: BundleFiles,
    listed: Sequence[ListedCapture],
    about: Mapping[str, Any],
    verified: Verified,
) -> None:
    """The numbers that the bundle gives of itself are those of its captures and time-stamps."""
    found = Counter(_owner(one.capture.site, one.capture.ad_id) for one in listed)
    given: Counter[tuple[str, str]] = Counter()
    for each in mappings(about.get("advertisements")):
        owner = _owner(str(each.get("site")), str(each.get("ad_id")))
        given[owner] += whole(each.get("captures"))
    for owner in sorted(found.keys() | given.keys()):
        if found[owner] != given[owner]:
            name = ":".join(filter(None, owner))
            verified.fault(
                CAPTURES,
                f"it lists {found[owner]} captures of {name}, {COLLECTION} {given[owner]}",
            )
    for kind in ("page", "picture", "screenshot"):
        count = sum(one.capture.kind == kind and one.place[1] > 0 for one in listed)
        if about.get(f"{kind}s") != count:
            verified.fault(COLLECTION, f"its number of {kind}s is not {count}")
    stamps = sum(
        name.endswith(".json") and _over(name) <= whole(about.get("custody_links"))
        for name in _stamp_files(files)
    )
    if about.get("timestamps") != stamps:
        verified.fault(COLLECTION, f"its number of time-stamps is not {stamps}")


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """The mappings in a list that was read from JSON; empty if it is not a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def whole(value: Any) -> int:
    """A number that was read from JSON; 0 if it is not one."""
    return value if isinstance(value, int) else 0


def _owner(site: str, ad_id: str) -> tuple[str, str]:
    """An advertisement; the posts of surveys together, whose captures have other ids."""
    return (SURVEY, "") if site == SURVEY else (site, ad_id)


def check_pages(
    listed: Sequence[ListedCapture], rows: Sequence[Mapping[str, Any]], verified: Verified
) -> None:
    """The list of pages is that of the captures; their titles are not in these."""
    expected = page_rows((one.capture, "") for one in listed)
    if [_untitled(row) for row in rows] != [_untitled(row) for row in expected]:
        verified.fault(PAGES, f"it is not the list of the pages in {CAPTURES}")


def _untitled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "title"}
