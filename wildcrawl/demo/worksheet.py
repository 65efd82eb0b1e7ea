"""Filled worksheet of the marketplace without a search engine, for the demo."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl

from wildcrawl.analysis.vocabulary import Vocabulary
from wildcrawl.demo.fair import lot_path
from wildcrawl.demo.pages import picture_paths
from wildcrawl.demo.truth import findable, load_truth
from wildcrawl.tabular.worksheet import WorksheetSite, write_worksheet
from wildcrawl.tabular.worksheet.model import AD_COLUMNS, ADS, SEARCH, SEARCH_COLUMNS

SITE = "demo_fair"


def fair_records(terms: Sequence[str], base_url: str, month: int = 1) -> list[dict[str, str]]:
    """Rows of a filled worksheet: columns of a record, several values joined by `;`.

    One row for each lot on the fair board whose text contains a keyword, including decoys, since
    an analyst notes every match and judges later. `found_by` has the keywords as in `terms`,
    longest first. `base_url` is the URL of the marketplaces.
    """
    lots = [ad for ad in load_truth(month) if ad.site == SITE]
    records = []
    for lot in lots:
        seen = sorted(findable(lot, terms), key=lambda term: (-len(term), term))
        if not seen:
            continue
        pictures = [base_url + path for path in picture_paths(lot)]
        records.append(
            {
                "site": SITE,
                "ad_id": lot.ad_id,
                "url": base_url + lot_path(lots, lot),
                "title": lot.title,
                "description": lot.description,
                "price": lot.price,
                "seller": lot.seller,
                "seller_id": lot.seller_id,
                "location": lot.location,
                "posted_at": lot.posted_at,
                "found_by": ";".join(seen),
                "image_urls": ";".join(pictures),
                "images": str(len(pictures)),
            }
        )
    return records


def write_filled_worksheet(
    path: Path, site: WorksheetSite, vocabulary: Vocabulary, base_url: str, month: int = 1
) -> None:
    """Writes the filled worksheet of the fair board to `path` (.xlsx).

    Keywords without a match are ticked as searched, so that they do not count as unsearched.
    """
    keywords = vocabulary.keywords
    records = fair_records([keyword.term for keyword in keywords], base_url, month)
    write_worksheet(path, site, keywords, vocabulary.groups)
    book = openpyxl.load_workbook(path)
    for line, record in enumerate(records, start=2):
        for column, name in enumerate(AD_COLUMNS, start=1):
            book[ADS].cell(line, column, record.get(name) or None)
    noted = {term for record in records for term in record["found_by"].split(";")}
    tick = SEARCH_COLUMNS.index("nothing_found") + 1
    for line, keyword in enumerate(keywords, start=2):
        if keyword.term not in noted:
            book[SEARCH].cell(line, tick, "x")
    book.save(path)
