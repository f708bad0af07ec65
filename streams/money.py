"""Money: how many digits a currency has behind its point, by ISO 4217. One table for texts, reports and the screen."""

from functools import cache

from iso4217 import Currency

#: Of most currencies, and of what is none.
_USUAL = 2


@cache
def digits(currency: str) -> int:
    """The digits behind the point of an amount: 2 for CNY, 0 for JPY, 3 for KWD."""
    try:
        exponent = Currency(currency).exponent
    except ValueError:  # events may name any three letters
        return _USUAL
    return _USUAL if exponent is None else int(exponent)


def whole(minor: float, currency: str) -> float:
    """An amount in minor units (fen) in whole ones (yuan)."""
    return float(minor) / float(10 ** digits(currency))


def written(minor: float, currency: str) -> str:
    """With all its digits: 1,234.50, of yen 1,234."""
    return f"{whole(minor, currency):,.{digits(currency)}f}"


def table() -> dict[str, int]:
    """Each currency of the standard that has not the usual two digits."""
    return {code: digits(code) for code in sorted(each.code for each in Currency) if digits(code) != _USUAL}
