from agents.budget import Budget


def test_takes_what_the_minute_allows_and_no_more() -> None:
    budget = Budget(per_minute=10, per_run=100)
    assert budget.take(10, 0.0) is None
    assert budget.take(1, 59.9) == "11 records rejected within a minute, the limit is 10"


def test_what_is_a_minute_ago_is_forgotten() -> None:
    budget = Budget(per_minute=10, per_run=100)
    assert budget.take(6, 0.0) is None
    assert budget.take(4, 30.0) is None
    assert budget.take(6, 60.0) is None
    assert budget.take(1, 60.0) is not None


def test_a_refusal_takes_nothing() -> None:
    budget = Budget(per_minute=10, per_run=100)
    assert budget.take(11, 0.0) is not None
    assert budget.take(10, 0.0) is None


def test_a_run_has_a_limit_of_its_own() -> None:
    budget = Budget(per_minute=10, per_run=15)
    assert budget.take(10, 0.0) is None
    assert budget.take(5, 100.0) is None
    assert budget.take(1, 10_000.0) == "16 records rejected in this run, the limit is 15"
