"""Workbook of a report (XLSX): cover, native charts, tables with labels, and all advertisements."""

from exports.workbook.book import Contents, write_workbook

__all__ = ["Contents", "write_workbook"]
