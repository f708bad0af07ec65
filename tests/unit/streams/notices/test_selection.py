import pytest
from msgspec.structs import replace

from streams.notices.selection import event, trial, wants
from streams.notices.subscription import Subscription
from tests.unit.streams.notices.test_plan import NOON, transition

ALL = Subscription("s", "json://x")


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, True),
        ({"rooms": ("ro*",), "rules": ("?",)}, True),
        ({"rooms": ("other", "room")}, True),
        ({"rooms": ("other",)}, False),
        ({"rules": ("b",)}, False),
        ({"severities": ("critical",)}, False),
        ({"enabled": False}, False),
        ({"since_ms": NOON + 1}, False),
        ({"tell": ("acknowledged",)}, True),  # its end may be asked for
    ],
)
def test_a_subscription_hears_of_what_it_asked_for(fields: dict, wanted: bool) -> None:
    assert wants(replace(ALL, **fields), transition()) is wanted


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"to": "pending", "from_": "inactive"}, None),
        ({"to": "inactive", "reason": "dropped"}, None),
        ({"to": "firing"}, "firing"),
        ({"to": "resolved", "from_": "firing", "reason": "false_alarm"}, "resolved"),
        ({"to": "resolved", "from_": "resolved", "reason": "false_alarm"}, None),  # its end was told already
        ({"to": "acknowledged", "from_": "firing"}, "acknowledged"),
        ({"to": "firing", "from_": "firing", "reason": "assigned"}, "assigned"),
    ],
)
def test_pending_ones_are_for_the_history_alone(fields: dict, found: str | None) -> None:
    made = transition(**fields)
    assert event(made) == found
    assert wants(ALL, made) is (found is not None)


def test_trials_have_ids_of_their_own() -> None:
    assert trial("1", NOON).id != trial("2", NOON).id
    assert event(trial("1", NOON)) == "firing"
