"""Tables as files for spreadsheets, in which no text from outside is ever a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from screen.review.tables import Cell, Table

#: What a spreadsheet may take for the start of a formula: some skip blanks before it, some read its full-width forms as it.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MOST_CHARACTERS = 32_767


def csv_bytes(tables: Sequence[Table]) -> bytes:
    """One table after the other, each under its title, for spreadsheets and people: UTF-8 with a byte order mark."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    for number, table in enumerate(tables):
        if len(tables) > 1:
            writer.writerows([[]] * (number > 0))
            writer.writerow([table.title])
        writer.writerow([safe(column.heading) for column in table.columns])
        writer.writerows([safe(cell) for cell in row] for row in table.rows)
    return file.getvalue().encode("utf-8-sig")


def safe(cell: Cell) -> Cell:
    """Text that a spreadsheet would read as a formula gets a ' in front; numbers stay numbers."""
    risky = isinstance(cell, str) and (cell.startswith(_STARTS) or cell.lstrip().startswith(_STARTS))
    return f"'{cell}" if risky else cell


def workbook_bytes(tables: Iterable[Table]) -> bytes:
    """A workbook with one sheet a table."""
    from xlsxwriter import Workbook  # noqa: PLC0415 (few ask for it)

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, options) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        for table in tables:
            _write(book.add_worksheet(table.title[:31]), table, head)
    return file.getvalue()


def _write(sheet: Any, table: Table, head: Any) -> None:
    sheet.freeze_panes(1, 0)
    for column, each in enumerate(table.columns):
        sheet.write_string(0, column, each.heading, head)
        sheet.set_column(column, column, 40 if each.sort == "text" else 16)
    for number, row in enumerate(table.rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell[:_MOST_CHARACTERS])
            elif cell is not None:
                sheet.write_number(number, column, cell)
