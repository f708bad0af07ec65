import pytest

from tests.soak.report import Report
from tests.soak.samples import Sample, growth, slopes


def run(memory, cpu=lambda _: 0.5, minutes=60):
    """A sample each 10 s; `memory` and `cpu` of the minute."""
    return [Sample(n * 10.0, n * 1_000, memory(n / 6), cpu(n / 6)) for n in range(minutes * 6)]


def test_growth_is_that_of_the_last_half_by_a_line_through_all_of_it():
    assert growth([(x, 100.0) for x in range(100)]) == 0
    assert growth([(x, 100.0 + max(0, x - 50)) for x in range(101)]) == pytest.approx(0.5)
    warm_up = [(x, 10.0 * x if x < 50 else 500.0) for x in range(100)]
    assert growth(warm_up) == pytest.approx(0)
    saw = [(x, 100.0 + x % 7) for x in range(700)]
    assert abs(growth(saw)) < 0.01


def test_too_few_samples_say_nothing():
    assert growth([]) == growth([(0, 1.0), (1, 2.0)]) == 0
    assert slopes([(0, 1.0)]) == (0, 0)


def test_a_leak_of_memory_or_cpu_is_named():
    samples = {"screen": run(lambda minute: 100 + minute), "agents": run(lambda _: 100, lambda minute: 0.3 + minute / 200)}
    report = Report("a run", [], {**samples, "watch": run(lambda _: 80)}, [])
    assert len(report.grown) == 2
    assert "agents: CPU" in report.grown[0] and "screen: memory" in report.grown[1]
    assert "2 figures grow" in "\n".join(report.lines())


def test_the_store_may_grow_with_what_it_keeps_but_no_faster_than_before():
    steady, faster = run(lambda minute: 100 + minute), run(lambda minute: 100 + minute**3 / 1_000)
    assert Report("a run", [], {"store": steady}, []).grown == []
    assert "a million events" in Report("a run", [], {"store": faster}, []).grown[0]


def test_the_picture_holds_every_part_and_no_markup_of_names(tmp_path):
    Report("a <run>", ["20 & more"], {"screen": run(lambda _: 80), "a<b": run(lambda _: 5)}, ["wrong"]).write(tmp_path)
    picture = (tmp_path / "soak.svg").read_text()
    assert picture.count("<polyline") == 2 * 2 * 2  # two parts, two charts, the line and its fit
    assert "a &lt;run&gt;" in picture and "20 &amp; more" in picture and "a&lt;b" in picture
    assert "wrong" in (tmp_path / "soak.txt").read_text()
