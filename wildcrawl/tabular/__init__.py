"""Tables that people fill in: records, worksheets and surveys, as CSV, XLSX or JSON lines."""
