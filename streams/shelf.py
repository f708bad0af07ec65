"""A product on the shelf: its row, and the stock arithmetic (contract, section 2, Stock).

Scenes and orders come on different topics, in no order to each other. So stock goes by event time, not by arrival:

    left = what was set last − units of orders created since + units cancelled since        (all by `at`)

`sold:<product>` keeps those units by their ms, so that a stock set late finds the orders that came after it. The campaign's stock is taken
first and given back last.
"""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

UNSET = -1


class Row(Struct, omit_defaults=True):
    """What the shop has said of a product. Times are event time in ms; `set_at` is UNSET until its stock is known."""

    title: str = ""
    price: int = 0
    image: str | None = None
    listed: bool = False
    listed_at: int | None = None
    shelf_at: int = UNSET  # of the newest listed or delisted
    stock: int = 0
    campaign_stock: int = 0
    set_at: int = UNSET
    explaining_since: int | None = None
    explanations: int = 0
    explained_at: int = UNSET  # of the newest start or end

    def text(self) -> str:
        """As a field's value."""
        return msgspec.json.encode(self).decode()


_decoder = msgspec.json.Decoder(Row)


def parse(text: str | None) -> Row:
    """From what `text` made; an empty row where there was none."""
    return _decoder.decode(text) if text else Row()


def left(row: Row, taken: int) -> tuple[int | None, int | None]:
    """(stock, campaign stock) after `taken` units; None where the stock was never set.

    Stock below 0 is shown as 0: more was ordered than was there.
    """
    if row.set_at == UNSET:
        return None, None
    over = taken - row.campaign_stock
    if over <= 0 <= taken:
        return row.stock, row.campaign_stock - taken
    if taken < 0:  # more came back than went out since the stock was set
        return row.stock - taken, row.campaign_stock
    return max(0, row.stock - over), 0


def taken_since(set_at: int, sold: Mapping[str, str]) -> int:
    """Units sold at or after `set_at`."""
    return sum(int(units) for at, units in sold.items() if int(at) >= set_at)
