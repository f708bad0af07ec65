"""What the oldest Python that we promise does otherwise than the newer ones that it is written on."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("streams", "agents", "screen", "deploy", "tests")
FILES = [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py")) if "node_modules" not in file.parts]


def test_nothing_is_raised_within_an_except_star():
    """Before Python 3.11.4 it comes out in a group again, and whoever waits for it does not know it."""
    found = [f"{file.relative_to(ROOT)}:{line}" for file in FILES for line in raises_in_except_star(file.read_text("utf-8"))]
    assert len(FILES) > 300
    assert not found


def test_one_is_found_where_there_is_one():
    assert raises_in_except_star("try:\n    work()\nexcept* OSError as end:\n    raise end.exceptions[0] from None\n") == [1]


def raises_in_except_star(source):
    """The lines at which such a `try` begins."""
    tries = [each for each in ast.walk(ast.parse(source)) if isinstance(each, ast.TryStar)]
    return [each.lineno for each in tries if any(isinstance(inner, ast.Raise) for handler in each.handlers for inner in ast.walk(handler))]
