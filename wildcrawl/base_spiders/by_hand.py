"""What a filled worksheet brings into a run: advertisements, mistakes, zeros and gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from wildcrawl.base_spiders.extraction import Find
from wildcrawl.tabular.worksheet import Filled, check_filled, read_worksheet

if TYPE_CHECKING:
    from wildcrawl.base_spiders.search import SiteSpider
    from wildcrawl.items import Advertisement

NAMED = 10
"""So many keywords are named in a message; the others are counted."""


def worksheet_ads(spider: SiteSpider, filled: Filled | None = None) -> Iterator[Advertisement]:
    """The advertisements of the spider's worksheet; its mistakes are logged by cell.

    `filled` is what the worksheet holds, if it is in no file of its own.

    Keywords that are ticked or have an advertisement are searched, be it in vain; the others
    are a gap, which is told and makes the run a thin one.
    """
    vocabulary = spider.session.vocabulary
    rules = (
        spider.site(spider.settings),
        [keyword.term for keyword in vocabulary.keywords],
        vocabulary.groups,
        # A clock that runs ahead somewhere is no reason to refuse a row.
        datetime.now(UTC) + timedelta(days=1),
    )
    if filled is None:
        sheet = read_worksheet(Path(spider.worksheet), *rules)
    else:
        sheet = check_filled(filled, *rules)
    spider.session.run.keywords = sheet.searched
    spider.answered.update(sheet.searched)
    for rejection in sheet.rejections:
        spider.stats.inc_value("wildcrawl/rejected")
        spider.logger.error("%s", rejection)
    if sheet.unsearched:
        spider.stats.set_value("wildcrawl/keywords_unsearched", len(sheet.unsearched))
        spider.logger.warning(
            "%d keywords are neither ticked nor have an advertisement, so they count as not "
            "searched: %s",
            len(sheet.unsearched),
            some_of(sheet.unsearched),
        )
    for ad in sheet.records:
        spider.stats.inc_value("wildcrawl/found")
        find = spider.finds.setdefault(ad.ad_id, Find([], read=True))
        find.keywords += [term for term in ad.found_by if term not in find.keywords]
        yield ad


def some_of(terms: Sequence[str]) -> str:
    """The first of `terms`, and how many more there are.

    >>> some_of(["象牙", "犀角"])
    '象牙, 犀角'
    """
    more = len(terms) - NAMED
    return ", ".join(terms[:NAMED]) + (f" and {more} more" if more > 0 else "")
