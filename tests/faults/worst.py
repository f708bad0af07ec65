"""The worst moments for a worker to die: a store for its process alone that kills, or freezes, it there."""

import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from agents import app, worker
from agents.progress import Progress
from streams.change import Change
from streams.store.port import Fenced, Outcome
from streams.store.redis import RedisStore
from streams.topics import Partition


class At(Enum):
    """Where in the work on a chunk."""

    HALF = "some rooms of the chunk are applied, others not"
    APPLIED = "the store has answered; the progress is not raised, nothing is committed"
    LETTERS = "dead letters are acknowledged; the progress is not raised"
    RAISED = "the progress is raised; nothing is committed to Kafka"
    REBALANCE = "partitions are assigned and their progress is read; nothing is sought yet"
    FROZEN = "a change is made and about to be sent; there the worker stands still, and goes on when it is told to"


@dataclass(frozen=True)
class Moment:
    """The `number`th time (from 1) that a worker comes there."""

    at: At
    number: int


def bring(moment: Moment) -> None:
    """Sees to it that this process meets its moment; to be called before the worker runs."""
    left = moment.number

    def reached(at: At) -> bool:
        nonlocal left
        if at is moment.at:
            left -= 1
        return at is moment.at and left == 0

    def here(at: At) -> None:
        if reached(at):
            os.kill(os.getpid(), signal.SIGKILL)

    class Deadly(RedisStore):
        async def apply(self, changes: Sequence[Change]) -> list[Outcome]:
            if len(changes) > 1 and reached(At.HALF):
                await super().apply(changes[: len(changes) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            frozen = reached(At.FROZEN)
            if frozen:
                os.kill(os.getpid(), signal.SIGSTOP)
            outcomes = await super().apply(changes)
            if frozen:
                told = ("fenced" if isinstance(each, Fenced) else "not fenced" for each in outcomes)
                print(f"woke up, and was told {' '.join(told)}\n", end="", flush=True)  # in one write: other threads log to the same file
            here(At.APPLIED)
            return outcomes

        async def raise_progress(self, *what: Any, **how: Any) -> bool:
            here(At.LETTERS)
            raised = await super().raise_progress(*what, **how)
            here(At.RAISED)
            return raised

    class Rebalanced(Progress):
        async def starts(self, *what: Any) -> dict[Partition, int]:
            found = await super().starts(*what)
            here(At.REBALANCE)
            return found

    worker.RedisStore = Deadly  # type: ignore[misc]
    app.Progress = Rebalanced  # type: ignore[misc]
