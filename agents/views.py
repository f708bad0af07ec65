"""What viewers do in a room: the agent of `live.views`."""

from collections.abc import AsyncIterable, Awaitable, Callable

from agents.chunk import Chunk
from agents.runner import Runner
from streams.topics import VIEWS as TOPIC

__all__ = ["TOPIC", "agent"]


def agent(runner: Runner) -> Callable[[AsyncIterable[Chunk]], Awaitable[None]]:
    """The agent, for Faust to run."""

    async def views(chunks: AsyncIterable[Chunk]) -> None:
        async for chunk in chunks:
            await runner.apply(chunk)

    return views
