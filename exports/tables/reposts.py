"""reposts.csv: later advertisements that repeat a removed one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.tables.table import TEXT, Table, make_table
from wildcrawl.analysis.contacts import hide_in_address

if TYPE_CHECKING:
    from exports.dataset import ReportData


def reposts(data: ReportData) -> Table:
    """One row for each repost, by the site and id of the removed advertisement.

    `site` and `ad_id` are those of the repost; `how` says what is the same. Contacts in addresses
    are hidden.
    """
    columns = dict.fromkeys(
        ("original_site", "original_id", "removed", "site", "ad_id", "url", "recorded", "how",
         "verdict"), TEXT,
    )  # fmt: skip
    found = data.context.reposts.found if data.context.reposts else ()
    rows = [
        (
            each.original_site,
            each.original_id,
            f"{each.removed}",
            each.site,
            each.ad_id,
            hide_in_address(each.url),
            f"{each.recorded}",
            "; ".join(each.how),
            each.verdict,
        )
        for each in found
    ]
    return make_table("reposts", columns, rows)
