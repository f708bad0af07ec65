"""Tables as people download them."""

from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from deploy.mappings.tables import is_table, rows
from deploy.problem import Problem

TEXT = '时间,在线人数\n2026-11-25 20:00,480\n,\n"2026-11-25 20:01",512\n'
ROWS = [(2, {"时间": "2026-11-25 20:00", "在线人数": "480"}), (4, {"时间": "2026-11-25 20:01", "在线人数": "512"})]


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.csv", TEXT.encode()),
        ("bom.csv", TEXT.encode("utf-8-sig")),
        ("gbk.CSV", TEXT.encode("gb18030")),
        ("crlf.csv", TEXT.replace("\n", "\r\n").encode()),
        ("tabs.tsv", TEXT.replace(",", "\t").encode()),
        ("semicolons.csv", TEXT.replace(",", ";").encode()),
    ],
)
def test_csv(tmp_path: Path, name: str, raw: bytes):
    path = tmp_path / name
    path.write_bytes(raw)
    assert is_table(path) and list(rows(path)) == ROWS


def test_xlsx(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, ["时间", "在线人数", "金额"])
        sheet.write_datetime(1, 0, datetime(2026, 11, 25, 20, 0), day)
        sheet.write_row(1, 1, [480, 12.5])
        sheet.write_row(3, 0, ["2026-11-25 20:01", 512, "1,299.00"])
    assert list(rows(path)) == [
        (2, {"时间": "2026-11-25 20:00:00", "在线人数": "480", "金额": "12.5"}),
        (4, {"时间": "2026-11-25 20:01", "在线人数": "512", "金额": "1,299.00"}),
    ]


@pytest.mark.parametrize(
    ("name", "raw", "says"),
    [
        ("a.csv", b"\xff\xfe\x00\x81", "GB 18030"),
        ("a.xlsx", b"no archive", "cannot be read"),
        ("a.xlsx", b"PK\x03\x04" + bytes(100), "cannot be read"),
        ("a.csv", b"a,a\n1,2\n", "two columns"),
        ("a.csv", b'a,b\n"1,2\n', "cannot be read"),
    ],
)
def test_what_is_no_table(tmp_path: Path, name: str, raw: bytes, says: str):
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(Problem, match=says):
        list(rows(path))
