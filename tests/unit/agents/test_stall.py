from agents.stall import Lag, Stall
from streams.topics import VIEWS, Partition

P = Partition(VIEWS, 0)
OTHER = Partition(VIEWS, 1)


def test_standing_still_with_records_waiting_is_a_stall() -> None:
    stall = Stall(30)
    assert stall.look({P: Lag(5, 9)}, {P}, 0) is None
    assert stall.look({P: Lag(5, 12)}, {P}, 30) is None
    assert stall.look({P: Lag(5, 12)}, {P}, 31) == "live.views:0 has 7 records waiting, and stands at 5 for 31 s"


def test_slow_is_not_still() -> None:
    stall = Stall(30)
    for second in range(0, 300, 10):
        assert stall.look({P: Lag(second, 10_000)}, {P}, second) is None


def test_nothing_to_do_is_no_stall_however_long() -> None:
    stall = Stall(30)
    assert stall.look({P: Lag(5, 5)}, {P}, 0) is None
    assert stall.look({P: Lag(5, 5)}, {P}, 1_000) is None
    assert stall.look({P: Lag(5, 6)}, {P}, 1_001) is None


def test_a_partition_of_others_gets_more_time() -> None:
    stall = Stall(30)
    lags = {OTHER: Lag(0, 1)}
    assert stall.look(lags, {P}, 0) is None
    assert stall.look(lags, {P}, 89) is None
    assert stall.look(lags, {P}, 91) is not None


def test_an_outage_starts_the_watch_anew() -> None:
    stall = Stall(30)
    stall.look({P: Lag(5, 9)}, {P}, 0)
    stall.forget()
    assert stall.look({P: Lag(5, 9)}, {P}, 100) is None
    assert stall.look({P: Lag(5, 9)}, {P}, 120) is None


def test_standing_still_is_told_before_it_ends_the_worker() -> None:
    stall = Stall(60)
    stall.look({P: Lag(5, 9), OTHER: Lag(1, 9)}, {P}, 0)
    assert stall.standing({P}, 15) is None
    assert stall.standing({P}, 16) == "live.views:0 has records waiting, and stands at 5 for 16 s"
    assert stall.standing({}, 16) is None
