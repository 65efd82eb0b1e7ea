"""Records: advertisements typed or kept elsewhere, read from CSV, XLSX or JSON lines."""

from wildcrawl.records.cells import as_typed, harmless
from wildcrawl.records.errors import Fault, RecordsError, Rejection
from wildcrawl.records.ids import derive_ad_id
from wildcrawl.records.reader import Record, Records, read_records
from wildcrawl.records.rejected import RejectedFile
from wildcrawl.records.rows import RowError, read_row

__all__ = [
    "Fault",
    "Record",
    "Records",
    "RecordsError",
    "RejectedFile",
    "Rejection",
    "RowError",
    "as_typed",
    "derive_ad_id",
    "harmless",
    "read_records",
    "read_row",
]
