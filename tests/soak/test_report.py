"""What a report says of made-up samples."""

import pytest

from tests.soak.report import Report
from tests.soak.samples import Sample


def run_of(memory: list[float], cpu: float = 0.3) -> list[Sample]:
    return [Sample(10.0 * number, 100_000 * number, mib, cpu) for number, mib in enumerate(memory)]


FLAT, RISING = [100.0] * 60, [100.0 + number for number in range(60)]
#: Ever faster.
BENT = [100.0 + number * number / 60 for number in range(60)]


@pytest.mark.parametrize(
    ("name", "memory", "verdict", "grown"),
    [
        ("screen", FLAT, "0 differences; nothing grows", []),
        ("screen", RISING, "0 differences; 1 figures grow", ["screen: memory by 22.3% over the last half"]),
        ("store", RISING, "0 differences; nothing grows but what keeps all rooms (store), as before", []),
        ("store", BENT, "0 differences; 1 figures grow", ["store: 17 MiB a million events at the end, 7 before"]),
    ],
)
def test_a_report_says_what_grows(name: str, memory: list[float], verdict: str, grown: list[str]) -> None:
    report = Report("t", [], {name: run_of(memory)}, [])
    assert (report.verdict, report.grown) == (verdict, grown)


def test_cpu_that_rises_is_no_matter_where_it_is_next_to_nothing() -> None:
    rising = [Sample(10.0 * number, number, 100.0, number / 60) for number in range(60)]
    little = [Sample(10.0 * number, number, 100.0, number / 6_000) for number in range(60)]
    assert Report("t", [], {"screen": rising}, []).grown == ["screen: CPU by 96.7% over the last half"]
    assert Report("t", [], {"screen": little}, []).grown == []


def test_a_short_run_says_nothing_of_growth() -> None:
    report = Report("t", [], {"screen": run_of(RISING[:20])}, ["a figure"])
    assert report.verdict == "1 differences; too short to tell whether anything grows" and report.grown == []
