"""Exact money, times, ids."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.mapping import functions


@settings(deadline=None)
@given(st.integers(-(10**12), 10**12), st.integers(0, 4))
def test_money_in_text_is_exact(amount: int, digits: int):
    text = format(Decimal(amount).scaleb(-digits), "f")
    assert functions.minor(text, digits) == amount


@settings(deadline=None)
@given(st.integers(-(10**12), 10**12))
def test_money_in_a_json_number_is_exact(amount: int):
    assert functions.minor(amount / 100, 2) == amount


@pytest.mark.parametrize(
    ("amount", "digits", "says"),
    [
        ("19.999", 2, "more than 2 digits"),
        (0.1 + 0.2, 2, "too many digits"),
        ("1e3", 2, "no amount"),
        ("１９", 2, "no amount"),
        ("NaN", 2, "no amount"),
        ("", 2, "no amount"),
        ("1,299.00", 2, "no amount"),
        (True, 2, "neither"),
        (None, 2, "neither"),
        ("99999999999999", 2, "too much"),
        ("1", 9, "from 0 to 4"),
        ("1", 2.0, "from 0 to 4"),
    ],
)
def test_what_is_no_exact_money(amount: object, digits: object, says: str):
    with pytest.raises(ValueError, match=says):
        functions.minor(amount, digits)


def test_currencies():
    assert [functions.digits(code) for code in ("CNY", "JPY", "KWD")] == [2, 0, 3]
    with pytest.raises(ValueError, match="three capital"):
        functions.digits("yuan")


@pytest.mark.parametrize(
    ("text", "zone", "ms"),
    [
        ("2026-11-25T20:00:00+08:00", None, 1_795_608_000_000),
        ("2026-11-25T12:00:01.123456789Z", None, 1_795_608_001_123),
        ("2026-11-25 20:00", "+08:00", 1_795_608_000_000),
        ("2026/11/25 20:00:35", "Asia/Shanghai", 1_795_608_035_000),
        ("2026-11-25T12:00:00", "+00:00", 1_795_608_000_000),
    ],
)
def test_times(text: str, zone: str | None, ms: int):
    assert functions.time(text, zone) == ms


@pytest.mark.parametrize(
    ("text", "zone", "says"),
    [
        ("2026-11-25 20:00", None, "has no offset"),
        ("yesterday", "+08:00", "no time"),
        ("2026-11-25 20:00", "Moon", "no time zone"),
        (5, None, "not a text"),
    ],
)
def test_what_is_no_time(text: object, zone: str | None, says: str):
    with pytest.raises(ValueError, match=says):
        functions.time(text, zone)


def test_ids_and_whole_numbers():
    assert functions.id_(3_705_115_058_471_208_928) == "3705115058471208928"
    assert functions.whole(" 42 ") == 42
    assert functions.ms("1795608000") == 1_795_608_000_000
    for wrong in (3.7e18, "", None, True):
        with pytest.raises(ValueError, match="no id"):
            functions.id_(wrong)
    for wrong in ("4.2", "", 4.0, None):
        with pytest.raises(ValueError, match="no whole number"):
            functions.whole(wrong)


def test_digest_is_short_and_the_same_each_time():
    assert functions.digest("export/UzFfInventedInvented") == functions.digest("export/UzFfInventedInvented")
    assert len(functions.digest("a" * 500)) == 16


def test_what_a_function_says_is_one_line():
    with pytest.raises(ValueError, match="no whole number") as error:
        functions.whole("1\n2\x1b[31m")
    assert str(error.value).isprintable()
