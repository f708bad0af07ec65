import logging

from agents.logs import Sparse


def record(name: str, text: str, *values: object) -> logging.LogRecord:
    return logging.LogRecord(name, logging.ERROR, "", 0, text, values, None)


def test_a_complaint_of_aiokafka_comes_once_a_minute() -> None:
    now = 0.0
    sparse = Sparse(lambda: now)
    assert sparse.filter(record("aiokafka", "no connection to %s", 1))
    assert not sparse.filter(record("aiokafka", "no connection to %s", 2))
    assert sparse.filter(record("aiokafka", "something else"))
    now = 60.0
    assert sparse.filter(record("aiokafka", "no connection to %s", 3))


def test_all_other_lines_pass() -> None:
    sparse = Sparse(lambda: 0.0)
    assert sparse.filter(record("agents.progress", "x")) and sparse.filter(record("agents.progress", "x"))
