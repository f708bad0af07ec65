"""What viewers do with products: the agent of `live.clicks`."""

from collections.abc import AsyncIterable, Awaitable, Callable

from agents.chunk import Chunk
from agents.runner import Runner
from streams.topics import CLICKS as TOPIC

__all__ = ["TOPIC", "agent"]


def agent(runner: Runner) -> Callable[[AsyncIterable[Chunk]], Awaitable[None]]:
    """The agent, for Faust to run."""

    async def clicks(chunks: AsyncIterable[Chunk]) -> None:
        async for chunk in chunks:
            await runner.apply(chunk)

    return clicks
