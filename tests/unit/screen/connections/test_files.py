import resource
import subprocess
import sys

import pytest

from screen.connections import files


def test_the_soft_limit_is_raised_to_the_hard_one() -> None:
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (256, 900))\n"
        "from screen.connections import files; print(files.raised(), resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout
    assert out.strip() == "900 (900, 900)"


def test_what_cannot_be_raised_stays_and_is_told(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("not allowed")

    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 4096))
    monkeypatch.setattr(resource, "setrlimit", refuse)
    assert files.raised() == 256
    assert "stays at 256" in caplog.text


@pytest.mark.parametrize(("limit", "most", "warned"), [(1_024, 768, True), (10_000, 9_744, False), (100, 50, True)])
def test_too_few_files_for_the_watchers_are_a_warning(limit: int, most: int, warned: bool, caplog: pytest.LogCaptureFixture) -> None:
    assert files.most_connections(limit, 5_000) == most
    assert ("LIVESCREEN_MAX_WATCHERS=5000" in caplog.text) is warned
