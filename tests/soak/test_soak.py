"""The short form of `make soak`: as long a run as a suite has time for. That nothing grows takes longer to tell."""

from pathlib import Path

from tests.soak.run import Wanted, soak

PARTS = {"supervisor", "broker", "store", "agents", "watch", "screen", "feed", "browsers"}


def test_rooms_open_and_close_and_every_figure_and_alert_is_right(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    # As at a high rate: more records are rejected than have a dead letter each.
    few = {"DEAD_LETTERS_PER_MINUTE": "10"}
    report = soak(Wanted(minutes=0.8, rate=1_000, rooms=10, screens=10, sample_seconds=2, settings=few), tmp_path / "home")
    assert report.differences == [], "\n".join(report.lines())
    assert report.samples.keys() == PARTS and all(len(samples) > 5 for samples in report.samples.values())

    report.write(tmp_path / "report")
    text, picture = ((tmp_path / "report" / name).read_text() for name in ("soak.txt", "soak.svg"))
    assert "0 differences" in text and picture.count("memory, MiB") == len(PARTS)
