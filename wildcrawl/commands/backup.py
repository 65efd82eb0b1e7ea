"""`scrapy backup FILE`: everything in the store and its evidence, in one file."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from scrapy.exceptions import UsageError

from wildcrawl.commands.common import in_megabytes, plain_errors
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.locations import evidence_place_of, path_of, store_url_of
from wildcrawl.store import existing_store, redact_url
from wildcrawl.utils import bundled_keywords

KEYWORDS = "keywords.yaml"


class Command(QuietCommand):
    def syntax(self) -> str:
        return "FILE"

    def short_desc(self) -> str:
        return "Save the store, its evidence and the vocabulary to one file"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}: advertisements with their verdicts and history, runs, surveys, "
            "notices, the custody log, and each captured page and picture by its SHA-256. It may "
            "run during a crawl. 'scrapy restore FILE' brings everything back, into SQLite or "
            "MongoDB. The exit code is 1 if captured objects are missing or damaged, which the "
            "file then lacks."
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from wildcrawl.evidence import open_objects
        from wildcrawl.evidence.lost import LostObjects
        from wildcrawl.evidence.needed import objects_needed
        from wildcrawl.store.backup import write_backup

        if len(args) != 1:
            raise UsageError("give one file, for example: scrapy backup 2026-11.zip")
        assert self.settings is not None
        path = Path(args[0])
        with plain_errors():
            url = store_url_of(self.settings)
            rules = path_of(self.settings, "WILDCRAWL_KEYWORDS") or bundled_keywords()
            store = existing_store(url)
            try:
                objects = open_objects(evidence_place_of(self.settings))
                files = {KEYWORDS: rules.read_bytes()}
                backup = write_backup(path, store, objects, objects_needed, files)
                lost = LostObjects(store).among(backup.missing)
            finally:
                store.close()
            digest = sha256_of(path)
        print(f"{path}: {in_megabytes(path.stat().st_size)} from {redact_url(url)}")  # noqa: T201
        print("\n".join(backup.lines()))  # noqa: T201
        print(f"SHA-256 of the file: {digest}")  # noqa: T201
        if lost:
            print(f"{len(lost)} objects were declared lost before, so the file lacks them")  # noqa: T201
        if faulty := len(backup.missing) - len(lost):
            print(  # noqa: T201
                f"{faulty} objects are missing or damaged in the evidence, so the "
                "file lacks them; 'scrapy evidence --verify' names them"
            )
            self.exitcode = 1


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
