"""The exporter: records in, the report's tables, figures and page out.

Pure functions over a data frame; nothing here crawls, stores or looks at the clock.
"""

from exports.context import Context, ExportError, Site
from exports.report import Exported, export

__all__ = ["Context", "ExportError", "Exported", "Site", "export"]
