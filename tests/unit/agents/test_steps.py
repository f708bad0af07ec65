"""What one room has in a chunk, in steps that keep the store free for others."""

from random import Random

import orjson
import pytest

from agents import steps as module
from agents.chunk import Chunk, Events, decode_all
from agents.steps import Steps
from streams.change import Change, Position
from streams.fold import fold
from streams.store.port import State
from streams.topics import COMMENTS, Partition
from tests.unit.agents.test_runner import NOW, Bench, chunk

COMMENTS_0 = Partition(COMMENTS, 0)


def comment(number: int, words: int, letters: int = 2_000) -> bytes:
    text = " ".join(f"w{number}q{word}" for word in range(words))[:letters]
    return orjson.dumps({"id": str(number), "room": "a", "at": NOW, "kind": "commented", "user": f"u{number}", "text": text})


def events(*raws: bytes) -> Events:
    whole = chunk(COMMENTS_0, 0, *raws)
    return decode_all(Chunk("log", COMMENTS_0, whole.records), NOW).rooms["a"]


def folded(part: Events) -> Change:
    return fold(COMMENTS, "a", part, State(), Position("log", COMMENTS_0, part[0][0], part[-1][0]), NOW)


def test_each_step_is_within_the_bound_and_together_they_are_all() -> None:
    left, taken, steps = events(*(comment(n, 200) for n in range(400))), [], Steps(most_work=20_000, few=0)
    while left:
        change, part = steps.next("a", left, folded)
        assert change.work() <= 20_000
        taken.append(part)
        left = left[len(part) :]
    assert [offset for part in taken for offset, _ in part] == list(range(400))
    assert len(taken) < 40, "not one by one"


def test_an_event_that_is_too_much_by_itself_is_a_step_of_its_own() -> None:
    change, part = Steps(most_work=1, few=0).next("a", events(comment(1, 20), comment(2, 20)), folded)
    assert len(part) == 1 and change.position.last == 0


def test_no_more_events_than_one_fold_may_have() -> None:
    assert len(Steps(most_events=7).next("a", events(*(comment(n, 1) for n in range(9))), folded)[1]) == 7


def test_a_comment_asks_for_no_more_than_a_bound() -> None:
    few, many = (folded(events(*(comment(n, words) for n in range(50)))).work() for words in (20, 400))
    assert many <= 1.1 * few


@pytest.mark.parametrize("most_work", [200.0, 3_000.0])
async def test_a_chunk_in_many_steps_counts_as_one_in_one(monkeypatch: pytest.MonkeyPatch, most_work: float) -> None:
    rng = Random(3)
    raws = [comment(n, rng.choice((1, 5, 30))) for n in range(300)]
    whole, cut = Bench(), Bench()
    await whole.runner.apply(chunk(COMMENTS_0, 0, *raws))
    monkeypatch.setattr(module.Steps.__init__, "__defaults__", (most_work, module.MOST_EVENTS, 0))
    await cut.runner.apply(chunk(COMMENTS_0, 0, *raws))
    assert cut.store.calls.count("apply") > 5 > whole.store.calls.count("apply")
    assert cut.store._room("a").kept == whole.store._room("a").kept
    assert await cut.progress(COMMENTS_0) == 300
    assert cut.store.calls[-1] == "progress"
