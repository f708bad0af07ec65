"""What expressions of a mapping can call beside CEL's own functions.

    minor(amount, digits)       money in minor units, exactly: minor("19.99", 2) is 1999; an error where digits would be lost
    digits(currency)            the digits behind its point: 2 for "CNY", 0 for "JPY"
    ms(seconds)                 whole seconds (or their text) in milliseconds
    time(text)                  Unix ms of an RFC 3339 time with its offset
    time(text, zone)            the same of a local time without one; zone is "+08:00" or "Asia/Shanghai"
    whole(text)                 a whole number written as text
    id(value)                   a whole number or text as text; never a fraction, which has lost digits already
    text(value)                 a whole number or text as text, "" for null
    digest(text)                16 hexadecimal characters for a text that is too long or has other characters than a room may have
    sum(list)                   of whole numbers
    find(list, name, value)     the first entry whose field has the value, else null
    json(text)                  what JSON within a text says

Errors are `ValueError`s, for the person who reads the mapping.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from decimal import Decimal, DecimalException
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from streams import money

_MOST_DIGITS = 4
_LARGEST = 10**12
#: A double holds so many decimal digits whatever they are: more may have been lost before we saw it.
_SAFE_DIGITS = 15
_AMOUNT = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?")
_OFFSET = re.compile(r"([+-])([01][0-9]):([0-5][0-9])")
#: Platforms write nine digits behind the second, Python reads six.
_FRACTION = re.compile(r"(\.[0-9]{6})[0-9]+")
_decode = msgspec.json.Decoder().decode


def minor(amount: Any, digits: Any) -> int:
    """Money in minor units."""
    if type(digits) is not int or not 0 <= digits <= _MOST_DIGITS:
        raise ValueError(f"the digits of money are a whole number from 0 to {_MOST_DIGITS}")
    text = _amount(amount)
    if not _AMOUNT.fullmatch(text):
        raise ValueError(f"no amount of money: {_shown(text)}")
    try:
        scaled = Decimal(text).scaleb(digits)
    except DecimalException:
        raise ValueError(f"no amount of money: {_shown(text)}") from None
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{_shown(text)} has more than {digits} digits behind its point")
    if abs(scaled) > _LARGEST:
        raise ValueError(f"{_shown(text)} is too much money")
    return int(scaled)


def _amount(amount: Any) -> str:
    if type(amount) is float:
        text = format(Decimal(repr(amount)), "f")
        if len(text.strip("-0").replace(".", "")) > _SAFE_DIGITS:
            raise ValueError(f"{_shown(text)} is a JSON number with too many digits to be exact")
        return text
    if type(amount) in (int, str):
        return str(amount).strip()
    raise ValueError("no amount of money: neither a text nor a number")


def digits(currency: Any) -> int:
    """The digits behind a currency's point."""
    if not isinstance(currency, str) or not re.fullmatch("[A-Z]{3}", currency):
        raise ValueError("a currency is three capital letters")
    return money.digits(currency)


def ms(seconds: Any) -> int:
    """Seconds in milliseconds."""
    return whole(seconds) * 1000


def time(text: Any, zone: Any = None) -> int:
    """A time as Unix ms."""
    if not isinstance(text, str):
        raise ValueError("no time: not a text; for a number of seconds there is ms()")
    try:
        found = datetime.fromisoformat(_FRACTION.sub(r"\1", text.strip().replace("/", "-")))
    except ValueError:
        raise ValueError(f"no time: {_shown(text)}") from None
    if found.tzinfo is None:
        if zone is None:
            raise ValueError(f"{_shown(text)} has no offset: say which zone it is in, as in time(…, '+08:00')")
        found = found.replace(tzinfo=_zone(zone))
    return round(found.timestamp() * 1000)


def _zone(name: Any) -> tzinfo:
    if isinstance(name, str) and (offset := _OFFSET.fullmatch(name)):
        away = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        return timezone(away if offset[1] == "+" else -away)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise ValueError(f"no time zone: {_shown(str(name))}") from None


def whole(value: Any) -> int:
    """A whole number that may be written as text."""
    if type(value) is int:
        return value
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,18}", value.strip()):
        return int(value)
    raise ValueError(f"no whole number: {_shown(str(value))}")


def id_(value: Any) -> str:
    """An id as text."""
    if type(value) is int or (isinstance(value, str) and value):
        return str(value)
    raise ValueError("no id: neither a whole number nor a text with something in it")


def text_(value: Any) -> str:
    """An id that may be missing, as text."""
    return "" if value is None or value == "" else id_(value)


def digest(text: Any) -> str:
    """A short name for a long one."""
    return sha256(id_(text).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def sum_(numbers: Any) -> int:
    """The sum of whole numbers."""
    if not isinstance(numbers, list) or any(type(number) is not int for number in numbers):
        raise ValueError("sum() is of a list of whole numbers")
    return sum(numbers)


def find(rows: Any, name: Any, value: Any) -> Any:
    """The first row with this value."""
    if rows is None:
        return None
    if not isinstance(rows, list):
        raise ValueError("find() looks in a list")
    return next((row for row in rows if isinstance(row, dict) and name in row and row[name] == value), None)


def json(text: Any) -> Any:
    """What JSON within a text says."""
    if not isinstance(text, str):
        raise ValueError("json() reads a text")
    try:
        return _decode(text)
    except (msgspec.DecodeError, RecursionError):
        raise ValueError("no JSON") from None


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "minor": minor, "digits": digits, "ms": ms, "time": time, "whole": whole, "id": id_, "text": text_, "digest": digest,
    "sum": sum_, "find": find, "json": json,
}  # fmt: skip


def _shown(text: str) -> str:
    """The beginning of a stranger's text, fit to stand in a line."""
    return "".join(each if each.isprintable() else "?" for each in text[:60])
