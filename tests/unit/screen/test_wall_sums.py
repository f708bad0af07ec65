"""What rooms on air come to together."""

from typing import Any

from screen.wall import sums


def row(status: str, currency: str, gmv: int, online: int = 0, orders_paid: int = 1) -> dict[str, Any]:
    return {"status": status, "currency": currency, "total": {"gmv": gmv, "online": online, "orders_paid": orders_paid}}


def test_money_is_added_up_by_currency_and_only_rooms_on_air_count() -> None:
    rows = [
        row("live", "CNY", 100, 5),
        row("silent", "CNY", 20, 0, 2),
        row("live", "JPY", 7, 3),
        row("ended", "CNY", 1_000, 9),
        row("closed", "CNY", 9),
    ]
    assert sums(rows) == {"rooms": 3, "online": 8, "orders_paid": 4, "gmv": {"CNY": 120, "JPY": 7}}
    assert sums([]) == {"rooms": 0, "online": 0, "orders_paid": 0, "gmv": {}}
