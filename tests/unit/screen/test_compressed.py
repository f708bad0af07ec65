from pathlib import Path

import pytest

from screen.compressed import accepted, packed_beside


@pytest.mark.parametrize(
    ("header", "encodings"),
    [
        ("", []),
        ("identity", []),
        ("gzip, deflate, br", ["br", "gzip"]),
        ("GZIP", ["gzip"]),
        ("br;q=0, gzip", ["gzip"]),
        ("br; q=0.000, *", ["gzip"]),
        ("br;q=0.1, gzip;q=0.9", ["br", "gzip"]),
        ("*", ["br", "gzip"]),
        ("*;q=0", []),
        ("bronze, xgzip", []),
    ],
)
def test_what_a_browser_accepts(header: str, encodings: list[str]) -> None:
    assert accepted(header) == encodings


def test_what_lies_beside_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.js.gz").write_bytes(b"123")
    (tmp_path / "a.js.br").mkdir()
    found = packed_beside(str(tmp_path / "a.js"))
    assert {encoding: state.st_size for encoding, state in found.items()} == {"gzip": 3}
