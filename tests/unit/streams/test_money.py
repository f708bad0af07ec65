"""One table of currencies for texts, reports and the screen (ISO 4217)."""

import pytest

from streams import money


@pytest.mark.parametrize(
    ("currency", "digits", "text"),
    [
        ("CNY", 2, "1,234.50"),
        ("JPY", 0, "123,450"),
        ("VND", 0, "123,450"),
        ("KWD", 3, "123.450"),
        ("ZZZ", 2, "1,234.50"),
        ("XAU", 2, "1,234.50"),
    ],
)
def test_an_amount_has_the_digits_of_its_currency(currency: str, digits: int, text: str) -> None:
    assert (money.digits(currency), money.written(123_450, currency)) == (digits, text)


def test_the_table_names_what_is_unusual_and_nothing_else() -> None:
    table = money.table()
    assert (table["JPY"], table["KWD"], table["CLF"]) == (0, 3, 4)
    assert not {"CNY", "USD", "EUR"} & table.keys()
    assert set(table.values()) <= {0, 3, 4}
