"""The stock of one product, unit by unit and in the order of time."""

from collections.abc import Iterable

from streams import events as ev

Setting = ev.Listed | ev.Stocked
Order = ev.Created | ev.Cancelled


def simulate(settings: Iterable[Setting], orders: Iterable[Order]) -> tuple[int | None, int | None]:
    """(stock, campaign stock) at the end. What happens in one ms: first the stock is set, then orders take from it."""
    stock: int | None = None
    campaign = full = overflow = returned = 0
    steps: list[Setting | Order] = [*settings, *orders]
    for step in sorted(steps, key=lambda step: (step.at, not isinstance(step, Setting))):
        if isinstance(step, Setting):
            stock = step.stock
            if step.campaign_stock is not None:
                campaign = full = step.campaign_stock
                overflow = returned = 0
            continue
        for _ in range(step.quantity):
            if isinstance(step, ev.Created):  # what was given back beyond the campaign goes first, then the campaign, then the stock
                if returned:
                    returned, stock = returned - 1, _plus(stock, -1)
                elif campaign:
                    campaign -= 1
                else:
                    overflow, stock = overflow + 1, _plus(stock, -1)
            elif overflow:
                overflow, stock = overflow - 1, _plus(stock, 1)
            elif campaign < full:
                campaign += 1
            else:
                returned, stock = returned + 1, _plus(stock, 1)
    return (None, None) if stock is None else (max(0, stock), campaign)


def _plus(stock: int | None, units: int) -> int | None:
    return None if stock is None else stock + units
