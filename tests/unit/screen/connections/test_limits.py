import logging

import pytest

from screen.connections.limits import Connections, Limits


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_places_are_counted_by_address_and_given_back_once() -> None:
    connections = Connections(Limits(of_address=2), Clock())
    first, second = connections.enter("192.0.2.1"), connections.enter("192.0.2.1")
    assert first and second and connections.enter("192.0.2.1") is None
    assert connections.enter("192.0.2.2")
    first.leave()
    first.leave()
    assert connections.enter("192.0.2.1") and connections.enter("192.0.2.1") is None


def test_all_are_bounded_too() -> None:
    connections = Connections(Limits(most=2), Clock())
    held = [connections.enter(f"192.0.2.{n}") for n in range(2)]
    assert all(held) and connections.enter("192.0.2.9") is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("no address", "no address", True),
        ("", "", True),
    ],
)
def test_what_counts_as_one_address(one: str, other: str, same: bool) -> None:
    connections = Connections(Limits(of_address=1), Clock())
    assert connections.enter(one)
    assert (connections.enter(other) is None) is same


def test_a_proxys_connection_moves_to_whom_it_asks_for_or_stays_where_it_is() -> None:
    connections = Connections(Limits(of_address=1), Clock())
    proxy = connections.enter("10.0.0.1")
    assert proxy and proxy.move("192.0.2.1") and proxy.move("192.0.2.1")
    again = connections.enter("10.0.0.1")
    assert again and not again.move("192.0.2.1") and connections.enter("10.0.0.1") is None
    proxy.leave()
    assert again.move("192.0.2.1")
    again.leave()
    assert not again.move("") or connections.enter("192.0.2.1")


def test_refusals_are_counted_and_told_seldom(caplog: pytest.LogCaptureFixture) -> None:
    clock, refused = Clock(), []
    connections = Connections(Limits(of_address=1), clock, lambda: refused.append(1))
    assert connections.enter("192.0.2.1")
    with caplog.at_level(logging.WARNING):
        for _ in range(1_000):
            connections.enter("192.0.2.1")
        clock.now = 11.0
        connections.enter("192.0.2.1")
    assert len(refused) == 1_001
    assert [record.getMessage()[:40] for record in caplog.records] == [
        "connections are refused, 1 since this wa",
        "connections are refused, 1000 since this",
    ]
