"""Tables that platforms let people download: CSV (UTF-8 or GB 18030) and XLSX, as rows of texts by their column's heading."""

import csv
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from deploy.problem import Problem

MAX_BYTES = 64 * 1024 * 1024
#: An XLSX is a ZIP archive: a small one may hold very much.
MAX_UNPACKED_BYTES = 512 * 1024 * 1024
MAX_COLUMNS = 500
_TABLES = (".csv", ".tsv", ".xlsx", ".xls", ".ods")

Row = dict[str, str]


def is_table(path: Path) -> bool:
    """Whether its name says that it is one."""
    return path.suffix.lower() in _TABLES


def rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Each row that is not empty, with its number in the file (the headings' is 1). Empty cells are "". A `Problem` for no table."""
    if path.stat().st_size > MAX_BYTES:
        raise Problem(f"{path}: more than {MAX_BYTES // 1_048_576} MiB; divide it")
    with _readable(path):
        found = _csv(path) if path.suffix.lower() in (".csv", ".tsv") else _sheet(path)
        headings: list[str] | None = None
        for number, cells in found:
            if not any(cells):
                continue
            if headings is None:
                headings = _headings(path, cells)
            else:
                yield number, dict(zip(headings, [*cells, *[""] * (len(headings) - len(cells))], strict=False))


def _headings(path: Path, cells: Sequence[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    if len(names) > MAX_COLUMNS:
        raise Problem(f"{path}: more than {MAX_COLUMNS} columns")
    if twice := {name for name in names if name and names.count(name) > 1}:
        raise Problem(f"{path}: two columns are called {sorted(twice)[0]!r}: give each a heading of its own")
    return [name or f"column {number}" for number, name in enumerate(names, 1)]


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(path.read_bytes())
    first = text.partition("\n")[0]
    mark = "\t" if "\t" in first else ";" if ";" in first and "," not in first else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=mark, strict=True)
    for cells in reader:
        yield reader.line_num, cells


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def _sheet(path: Path) -> Iterator[tuple[int, list[str]]]:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED_BYTES:
                raise Problem(f"{path}: it unpacks to more than {MAX_UNPACKED_BYTES // 1_048_576} MiB; divide it")
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    for number, cells in enumerate(sheet.iter_rows(), (sheet.start or (0, 0))[0] + 1):
        yield number, [_text(cell) for cell in cells]


def _text(cell: Any) -> str:
    """A cell as a person reads it. Spreadsheets know no whole numbers: 480.0 was 480."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, UnicodeDecodeError, csv.Error, CalamineError, zipfile.BadZipFile) as error:
        why = "neither UTF-8 nor GB 18030" if isinstance(error, UnicodeDecodeError) else " ".join(str(error).split())[:200]
        raise Problem(f"{path} cannot be read as a table: {why}") from None
