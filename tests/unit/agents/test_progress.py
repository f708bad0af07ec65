import logging
from collections.abc import Collection, Sequence

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


def progress_of(store: MemoryStore, *names: str) -> Progress:
    """One that finds these logs, one after the other."""
    left = iter(names)

    async def read_logs(topics: Collection[str]) -> dict[str, str]:
        assert set(topics) == {VIEWS}
        return {VIEWS: next(left)}

    return Progress(store, Patience(), read_logs)


async def starts(progress: Progress, kept: Kept) -> dict[Partition, int]:
    async def read_kept() -> dict[Partition, Kept]:
        return {P: kept}

    return await progress.starts([P], read_kept)


async def test_what_others_apply_while_a_worker_stands_still_is_no_other_log() -> None:
    store = MemoryStore()
    await store.raise_progress("first/a", P, 50)
    end = 60

    async def read_kept() -> dict[Partition, Kept]:
        return {P: Kept(0, end)}

    class Frozen(MemoryStore):
        async def progress(self, log: str, partitions: Sequence[Partition]) -> dict[Partition, int]:
            nonlocal end
            end = 200  # the log has grown, and another worker has applied it
            await store.raise_progress(log, P, 200)
            return await store.progress(log, partitions)

    assert await progress_of(Frozen(), "first/a").starts([P], read_kept) == {P: 200}


async def test_another_log_at_the_same_address_starts_from_its_beginning(caplog: pytest.LogCaptureFixture) -> None:
    store = MemoryStore()
    await store.raise_progress("first/a", P, 50)
    progress = progress_of(store, "first/a", "second/b")
    assert await starts(progress, Kept(0, 60)) == {P: 50}
    assert await starts(progress, Kept(0, 3)) == {P: 0}
    assert progress.logs == {VIEWS: "second/b"}
    assert progress.assigned == {P}
    assert "MADE ANEW" not in caplog.text


async def test_a_topic_made_anew_starts_from_its_beginning_and_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    store = MemoryStore()
    await store.raise_progress("c/old", P, 50)
    progress = progress_of(store, "c/old", "c/new", "c/new")
    assert await starts(progress, Kept(0, 60)) == {P: 50}
    assert "MADE ANEW" not in caplog.text
    assert await starts(progress, Kept(0, 80)) == {P: 0}
    assert "live.views WAS MADE ANEW: it is c/new, and was c/old" in caplog.text
    caplog.clear()
    assert await starts(progress, Kept(0, 80)) == {P: 0}
    assert "MADE ANEW" not in caplog.text
