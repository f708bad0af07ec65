"""What happens in a room, by the shop and its people: the agent of `live.scenes`."""

from collections.abc import AsyncIterable, Awaitable, Callable

from agents.chunk import Chunk
from agents.runner import Runner
from streams.topics import SCENES as TOPIC

__all__ = ["TOPIC", "agent"]


def agent(runner: Runner) -> Callable[[AsyncIterable[Chunk]], Awaitable[None]]:
    """The agent, for Faust to run."""

    async def scenes(chunks: AsyncIterable[Chunk]) -> None:
        async for chunk in chunks:
            await runner.apply(chunk)

    return scenes
