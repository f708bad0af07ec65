"""The review of a broadcast as a page to print, as CSV and JSON; its notes and products as a workbook."""
