"""What an operator may set of a board, and of the rules that judge it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BoardRules:
    """What an operator may set.

    stock_urgent_below  units of stock and campaign stock together under which 库存告急 shows
    unpaid_minutes      so long after it was created an order that was neither paid nor cancelled has lapsed
    silent_hours        so long after its newest record arrived the system closes a room that nobody closed
    late_seconds        figures that are older than this are late: on the screen, on the wall, and for the rules
    """

    stock_urgent_below: int = 10
    unpaid_minutes: int = 30
    silent_hours: int = 6
    late_seconds: int = 15
