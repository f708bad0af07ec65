import json

import pytest

from streams.notices import quiet
from streams.notices.subscription import BadSubscription, Quiet, parse, text

GOOD = {"id": "s1", "target": "https://example.org/hook", "secret": "0123456789abcdef"}
NOON = 1_700_020_800_000  # 12:00 in Shanghai, 04:00 UTC


def test_reads_what_it_writes() -> None:
    made = parse(json.dumps(GOOD | {"quiet": {"begin": "22:00", "end": "07:30"}, "rooms": ["a*"], "language": "en"}))
    assert parse(text(made)) == made
    assert made.is_webhook and made.rooms == ("a*",) and made.quiet == Quiet("22:00", "07:30")


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "~a"}, {"id": ".fanout"}, {"id": ""}, {"target": "nowhere"}, {"secret": "short"}, {"severities": ["fatal"]}, {"rooms": []},
        {"tell": ["pending"]}, {"language": "fr"}, {"group_seconds": -1}, {"repeat_minutes": 1441}, {"unknown": 1},
        {"quiet": {"begin": "24:00", "end": "07:00"}}, {"quiet": {"begin": "7:00", "end": "08:00"}},
        {"quiet": {"begin": "07:00", "end": "07:00"}}, {"quiet": {"begin": "22:00", "end": "07:00", "zone": "Asia/Nowhere"}},
        {"quiet": {"begin": "22:00", "end": "07:00", "zone": "../../etc/passwd"}},
    ],
)  # fmt: skip
def test_refuses_what_cannot_be_and_keeps_secrets_to_itself(wrong: dict) -> None:
    with pytest.raises(BadSubscription) as caught:
        parse(json.dumps(GOOD | wrong))
    assert GOOD["secret"] not in str(caught.value) and "example.org" not in str(caught.value)


@pytest.mark.parametrize(
    ("begin", "end", "zone", "holds"),
    [
        ("11:00", "13:00", "Asia/Shanghai", True),
        ("12:00", "12:01", "Asia/Shanghai", True),
        ("11:00", "12:00", "Asia/Shanghai", False),
        ("22:00", "08:00", "Asia/Shanghai", False),
        ("22:00", "12:01", "Asia/Shanghai", True),
        ("03:00", "05:00", "UTC", True),
        ("22:00", "04:00", "UTC", False),
    ],
)
def test_quiet_hours_go_by_the_clock_of_their_zone(begin: str, end: str, zone: str, holds: bool) -> None:
    hours = Quiet(begin, end, zone)
    assert quiet.holds(hours, "warning", NOON) is holds
    assert not quiet.holds(hours, "critical", NOON)
    assert not quiet.holds(None, "warning", NOON)
