"""A watcher's tasks end together, whatever they do with a cancellation."""

import asyncio

import pytest

from agents.alerting.worker import together


async def deaf(lost: list[str]) -> None:
    """Loses the first cancellation, as clients of servers may."""
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        lost.append("once")
    await asyncio.sleep(60)


async def failing() -> None:
    await asyncio.sleep(0.01)
    raise RuntimeError("broken")


async def test_the_first_that_fails_ends_the_others_and_is_raised():
    lost: list[str] = []
    async with asyncio.timeout(30):
        with pytest.raises(RuntimeError, match="broken"):
            await together(deaf(lost), failing())
    assert lost == ["once"]


async def test_a_lost_cancellation_is_said_again():
    lost: list[str] = []
    work = asyncio.ensure_future(together(deaf(lost), deaf(lost)))
    await asyncio.sleep(0.01)
    work.cancel()
    async with asyncio.timeout(30):
        with pytest.raises(asyncio.CancelledError):
            await work
    assert lost == ["once", "once"]
