"""The exporter: records in, the report's tables, figures and page out.

Pure functions over a data frame; nothing here crawls, stores or looks at the clock.
"""

from exports.context import Context, ExportError, Site, Social, load_events
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
    "Site",
    "Social",
    "export",
    "load_events",
    "texts_of",
    "write_collection",
]
