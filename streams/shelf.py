"""A product on the shelf: its row, and the stock arithmetic (contract, section 2, Stock).

Scenes and orders come on different topics, in no order to each other. So stock goes by event time, not by arrival:

    left = what was set last − units of orders created since + units cancelled since        (all by `at`)

The campaign's stock is taken first and given back last. It may have been set before the rest (`stocked` without `campaign_stock`):

    campaign stock set          stock set             now
            ├── taken before ───────┼──── taken ───────┤         units sold in these times

`sold:<product>` keeps those units by their ms, so that a stock set late finds the orders that came after it.
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
    number: int | None = None  # the link's, by the platform; else the one given when it was first listed, which never changes
    shelf_at: int = UNSET  # of the newest listed or delisted
    stock: int = 0
    campaign_stock: int = 0
    campaign_at: int = UNSET  # when campaign_stock was set; never after set_at
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


def left(row: Row, taken: int, taken_before: int = 0) -> tuple[int | None, int | None]:
    """(stock, campaign stock) after `taken` units since the stock was set, and `taken_before` since the campaign's was set and until then.

    None where the stock was never set. Stock below 0 is shown as 0: more was ordered than was there.
    """
    if row.set_at == UNSET:
        return None, None
    campaign_before, campaign_now = (min(max(units, 0), row.campaign_stock) for units in (taken_before, taken_before + taken))
    return max(0, row.stock - taken + campaign_now - campaign_before), row.campaign_stock - campaign_now


def units_sold(sold: Mapping[str, str], since: int, until: int | None = None) -> int:
    """Units sold at or after `since`, and before `until`."""
    return sum(int(units) for at, units in sold.items() if int(at) >= since and (until is None or int(at) < until))
