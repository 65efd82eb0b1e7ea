"""Report export: tables, figures and pages made from records.

Pure functions over data frames, without crawling, storage or the current time.
"""

from exports.context import Context, ExportError, ReportSite, Social, load_events
from exports.dataset import NEEDED, NEEDED_EARLIER
from exports.report import FORMATS, Exported, export
from exports.report_index import write_collection
from exports.texts import LANGUAGES, texts_of

__all__ = [
    "FORMATS",
    "LANGUAGES",
    "NEEDED",
    "NEEDED_EARLIER",
    "Context",
    "ExportError",
    "Exported",
    "ReportSite",
    "Social",
    "export",
    "load_events",
    "texts_of",
    "write_collection",
]
