"""Report and notices of a month, written for the desk as their commands write them.

Scrapy loads all modules of this package for each command, so the desk is imported where it is used.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy.settings import Settings

from wildcrawl.commands.common import opened_store
from wildcrawl.commands.export import ReportOptions, export_report
from wildcrawl.commands.notices import write_notices
from wildcrawl.crawl.locations import output_of
from wildcrawl.months import check_begun
from wildcrawl.store import StoreError

if TYPE_CHECKING:
    from wildcrawl.desk import ReadIn
    from wildcrawl.desk.model import Told


def report_of_month(settings: Settings, month: str, lang: str) -> ReadIn:
    """Writes the report of a month, as `scrapy export MONTH` does."""
    from exports import texts_of, write_collection
    from wildcrawl.desk import ReadIn

    folder = output_of(settings) / "reports" / month
    try:
        check_begun(month, datetime.now(UTC))
        options = ReportOptions(name_folder=True, lang=lang)
        exported = export_report(settings, [month], folder, options)
        write_collection(folder.parent, texts_of(lang))
    except (ValueError, StoreError, OSError) as error:
        return ReadIn(str(error), ok=False)
    # As on a terminal: what to do about a warning is among the lines that follow.
    return ReadIn(str(exported.index.resolve()), (*exported.warnings, *exported.lines))


def notices_of_month(settings: Settings, month: str, tell: Told) -> ReadIn:
    """Writes the notices of a month, as `scrapy notices MONTH` does; nothing is sent."""
    from wildcrawl.desk import ReadIn
    from wildcrawl.evidence import EvidenceError

    folder = output_of(settings) / "notices" / month
    try:
        with opened_store(settings) as store:
            lines = write_notices(settings, store, month, folder, tell=tell)
    except (ValueError, StoreError, EvidenceError, OSError) as error:
        return ReadIn(str(error), ok=False)
    return ReadIn(str(folder.resolve()), tuple(lines))
