"""What becomes of orders: the agent of `live.orders`."""

from collections.abc import AsyncIterable, Awaitable, Callable

from agents.chunk import Chunk
from agents.runner import Runner
from streams.topics import ORDERS as TOPIC

__all__ = ["TOPIC", "agent"]


def agent(runner: Runner) -> Callable[[AsyncIterable[Chunk]], Awaitable[None]]:
    """The agent, for Faust to run."""

    async def orders(chunks: AsyncIterable[Chunk]) -> None:
        async for chunk in chunks:
            await runner.apply(chunk)

    return orders
