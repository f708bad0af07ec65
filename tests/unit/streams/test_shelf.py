"""The stock arithmetic, by hand; tests/properties has it against a simulation."""

import pytest

from streams import shelf
from streams.shelf import Row, left, units_sold

SET = {"stock": 10, "campaign_stock": 4, "set_at": 100, "campaign_at": 100}


@pytest.mark.parametrize(
    ("taken", "stock"),
    [(0, (10, 4)), (3, (10, 1)), (4, (10, 0)), (5, (9, 0)), (14, (0, 0)), (15, (0, 0)), (-2, (12, 4))],
)
def test_the_campaigns_stock_is_taken_first_and_given_back_last(taken: int, stock: tuple[int, int]) -> None:
    assert left(Row(**SET), taken) == stock


@pytest.mark.parametrize(
    ("taken_before", "taken", "stock"),
    [
        (3, 0, (10, 1)),
        (3, 2, (9, 0)),
        (6, 0, (10, 0)),
        (6, -1, (11, 0)),
        (6, -3, (12, 1)),
        (0, 4, (10, 0)),
        (-1, 0, (10, 4)),
        (-1, 2, (9, 3)),
    ],
)
def test_a_campaign_runs_on_when_only_the_stock_is_set(taken_before: int, taken: int, stock: tuple[int, int]) -> None:
    assert left(Row(**{**SET, "set_at": 200}), taken, taken_before) == stock


def test_a_stock_that_was_never_set_is_unknown() -> None:
    assert left(Row(title="T"), 3) == (None, None)


def test_units_sold_between() -> None:
    sold = {"99": "1", "100": "2", "199": "4", "200": "8", "300": "-16"}
    assert units_sold(sold, 100, 200) == 6
    assert units_sold(sold, 200) == -8
    assert units_sold(sold, shelf.UNSET) == -1


def test_a_row_parses_as_it_was_written() -> None:
    row = Row("标题", 990, None, True, 5, 5, 10, 4, 5, 5, 7, 2, 8)
    assert shelf.parse(row.text()) == row
    assert shelf.parse(None) == Row() == shelf.parse(Row().text())
