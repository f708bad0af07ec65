import pytest

from streams.workers import Report, judge, parse

NOW = 1_760_000_000_000
RUNS = Report(NOW - 3_000, "runs"), True
STALLED = Report(NOW - 2_000, "stalled", "live.views:0 stands"), True
GONE = Report(NOW - 90_000, "runs"), False
ENDED = Report(NOW - 60_000, "ended", "the store lost its last writes"), False


@pytest.mark.parametrize(
    ("reports", "good", "line"),
    [
        ([], True, "none has reported yet"),
        ([RUNS, GONE, ENDED], True, "1 run"),
        ([RUNS, (Report(NOW, "waits", "Kafka is away"), True)], True, "2 run, 1 of them wait: Kafka is away"),
        ([RUNS, STALLED], False, "1 of 2 stand still: live.views:0 stands"),
        ([GONE], False, "none gives a sign of life for 90 s"),
        ([GONE, ENDED], False, "none runs; the last one ended: the store lost its last writes"),
        ([(Report(NOW, "ended"), True)], False, "none runs; the last one ended: it was told to"),
    ],
)
def test_whether_figures_move_and_why_not(reports: list[tuple[Report, bool]], good: bool, line: str) -> None:
    verdict = judge(reports, NOW)
    assert (verdict.good, verdict.line) == (good, line)


def test_a_report_is_kept_as_text_and_a_strange_one_is_none() -> None:
    assert parse(RUNS[0].text()) == RUNS[0]
    assert parse("{}") is None and parse("x") is None
    assert len(Report(NOW, "ended", "x" * 10_000).text()) < 400
