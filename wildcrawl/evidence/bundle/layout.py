"""Layout of a bundle: a ZIP (WACZ 1.1.1) that people read, and that programs replay and check.

    archive/data.warc.gz     the records as they were captured
    indexes/index.cdx        where each is, for replay programs
    pages/pages.jsonl        the pages among them
    pictures/, screenshots/  pictures as files
    report/index.html        what a person reads, in Chinese and English
    report/collection.json   how it was collected
    report/captures.jsonl    the captures, with their files and places in the archive
    report/custody.jsonl     the custody log
    timestamps/              what an authority stamped (.json), and its reply (.tsr)
    datapackage.json         what the format demands, and datapackage-digest.json
    SHA256SUMS               for `sha256sum -c`

The top folder has no other file: programs of the format reject those that are not in a folder.
The manifest has no extension for the same reason; it lists datapackage.json too.
"""

from __future__ import annotations

WACZ = "1.1.1"
ARCHIVE = "archive/data.warc.gz"
INDEX = "indexes/index.cdx"
PAGES = "pages/pages.jsonl"
REPORT = "report/index.html"
COLLECTION = "report/collection.json"
CAPTURES = "report/captures.jsonl"
CUSTODY = "report/custody.jsonl"
TIMESTAMPS = "timestamps/"
PACKAGE = "datapackage.json"
DIGEST = "datapackage-digest.json"
MANIFEST = "SHA256SUMS"

FOLDERS = {"picture": "pictures", "screenshot": "screenshots"}
"""Folders of the captures that are written as files, by kind."""
FIXED = frozenset(
    {ARCHIVE, INDEX, PAGES, REPORT, COLLECTION, CAPTURES, CUSTODY, PACKAGE, DIGEST, MANIFEST}
)
"""The files of every bundle; the others are pictures, screenshots and time-stamps."""
