"""`scrapy restore FILE`: brings a backup into an empty store."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.exceptions import UsageError

from wildcrawl.commands.backup import KEYWORDS, sha256_of
from wildcrawl.commands.common import plain_errors
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.locations import evidence_place_of, path_of, store_url_of
from wildcrawl.store import redact_url
from wildcrawl.utils import bundled_keywords


class Command(QuietCommand):
    def syntax(self) -> str:
        return "FILE [--sha256 HEX]"

    def short_desc(self) -> str:
        return "Bring a backup into an empty store, and prove that all of it is there"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}. The store in WILDCRAWL_STORE must be empty, SQLite or MongoDB "
            "whichever the backup is from; the objects of the evidence go to "
            "WILDCRAWL_EVIDENCE_DIR. The file is checked before anything is written, and what was "
            "restored is read back and compared by counts and hashes."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--sha256", default="", metavar="HEX", help="refuse a file with another SHA-256"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from wildcrawl.evidence import open_objects
        from wildcrawl.review.derived import derive
        from wildcrawl.store.backup import BackupError, file_in, opened_backup, restore_backup
        from wildcrawl.store.empty import empty_store

        if len(args) != 1:
            raise UsageError("give one file of 'scrapy backup'")
        assert self.settings is not None
        path = Path(args[0])
        with plain_errors(), opened_backup(path) as (archive, backup):
            if opts.sha256 and sha256_of(path) != opts.sha256.strip().lower():
                raise BackupError(f"{path} has another SHA-256 than {opts.sha256}; nothing is done")
            url = store_url_of(self.settings)
            with empty_store(url) as store:
                objects = open_objects(evidence_place_of(self.settings))
                restore_backup(archive, backup, store, objects)
                derive(store)
            rules = path_of(self.settings, "WILDCRAWL_KEYWORDS") or bundled_keywords()
            same = file_in(archive, KEYWORDS) == rules.read_bytes()
        print(f"{path}, made {backup.made}: restored to {redact_url(url)} and compared")  # noqa: T201
        print("\n".join(backup.lines()))  # noqa: T201
        if backup.missing:
            print(f"{len(backup.missing)} objects of the evidence were missing when it was made")  # noqa: T201
        if not same:
            print(  # noqa: T201
                f"The vocabulary in use differs from that of the backup, which is in it as "
                f"files/{KEYWORDS}"
            )
