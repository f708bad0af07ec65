"""Tables as files: whatever stands in a cell, no spreadsheet computes it."""

import csv
import io
import zipfile

import pytest

from screen.review.sheets import csv_bytes, safe, workbook_bytes
from screen.review.tables import Column, Table

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u3000@x", "\uff1d1+1", '=HYPERLINK("http://x","y")']


def table(*cells: object) -> Table:
    return Table("notes", "场记", [Column("内容", "text")], [[cell] for cell in cells])  # type: ignore[list-item]


@pytest.mark.parametrize("text", HOSTILE)
def test_formulas_become_text(text: str) -> None:
    assert safe(text) == f"'{text}"
    (_, (cell,)) = csv.reader(io.StringIO(csv_bytes([table(text)]).decode("utf-8-sig"), newline=""))
    assert cell == f"'{text}"


def test_numbers_stay_numbers_and_text_stays_as_it_is() -> None:
    assert [safe(cell) for cell in (-5, 1.5, None, "秋季 = 上新", 'a "b", c')] == [-5, 1.5, None, "秋季 = 上新", 'a "b", c']


def test_a_file_says_that_it_is_utf8() -> None:
    assert csv_bytes([table("雨")]).startswith(b"\xef\xbb\xbf")


def test_a_workbook_holds_no_formula_and_no_link() -> None:
    book = zipfile.ZipFile(io.BytesIO(workbook_bytes([table(*HOSTILE, "http://example.com", "x" * 40_000, -5, None)])))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "<v>-5</v>" in sheet
    assert 'name="场记"' in book.read("xl/workbook.xml").decode()
