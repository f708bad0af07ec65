import logging

import pytest

from agents.patience import Patience
from agents.progress import Kept, LogMadeAnew, Progress, start
from streams.store.memory import MemoryStore
from streams.topics import VIEWS, Partition

P = Partition(VIEWS, 0)


def test_without_progress_it_starts_with_the_log() -> None:
    assert start(P, None, Kept(0, 10)) == 0
    assert start(P, None, Kept(4, 10)) == 4


def test_goes_on_at_the_progress() -> None:
    assert start(P, 7, Kept(4, 10)) == 7
    assert start(P, 10, Kept(4, 10)) == 10


def test_what_retention_took_is_logged_and_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert start(P, 3, Kept(8, 10)) == 8
    assert "live.views:0: 5 records were deleted by retention before they were applied (3 to 7)" in caplog.text


def test_progress_beyond_the_log_is_never_silently_wrong() -> None:
    with pytest.raises(LogMadeAnew, match=r"live\.views:0 ends at 10, but 11 of its records are applied"):
        start(P, 11, Kept(0, 10))


async def test_another_log_at_the_same_address_starts_from_its_beginning() -> None:
    store = MemoryStore()
    await store.raise_progress("first", P, 50)
    ids = iter(["first", "second"])

    async def read_log() -> str:
        return next(ids)

    progress = Progress(store, Patience(), read_log)
    assert await progress.starts({P: Kept(0, 60)}) == {P: 50}
    assert await progress.starts({P: Kept(0, 3)}) == {P: 0}
    assert progress.log == "second"
    assert progress.assigned == {P}
