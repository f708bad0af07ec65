"""One slot, the newest wins, the first reason to end stands."""

import asyncio

import pytest

from screen.close import NOT_READING, STOPPING
from screen.mailbox import Ended, Mailbox


async def test_what_was_not_taken_in_time_is_replaced() -> None:
    mailbox: Mailbox[int] = Mailbox()
    for number in (1, 2, 3):
        mailbox.put(number)
    assert await mailbox.take() == 3
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(mailbox.take(), 0.01)


async def test_take_waits_for_the_next() -> None:
    mailbox: Mailbox[int] = Mailbox()
    asyncio.get_running_loop().call_later(0.01, mailbox.put, 7)
    assert await asyncio.wait_for(mailbox.take(), 1) == 7


async def test_ending_wakes_the_writer_and_the_first_reason_stands() -> None:
    mailbox: Mailbox[int] = Mailbox()
    mailbox.put(1)
    mailbox.end(STOPPING)
    mailbox.end(NOT_READING)
    for _ in range(2):
        with pytest.raises(Ended) as ended:
            await mailbox.take()
        assert ended.value.close is STOPPING
