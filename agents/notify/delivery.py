"""Delivers the notices of all subscriptions: one watcher for each, by lease, and one message of each at a time."""

import asyncio
import logging
import random
from collections.abc import Callable
from typing import Protocol

from agents.notify import figures
from agents.notify.post import Subscribers
from agents.patience import Patience
from streams.notices import plan
from streams.notices.plan import Forget, Message, Result
from streams.notices.subscription import Subscription
from streams.store.checks import desk as scope
from streams.store.desk import Desk, Page
from streams.store.port import Store, StoreAway

log = logging.getLogger(__name__)

LEASE_MS = 2_000
_EVERY_SECONDS = 0.2
_LEASES_EVERY_SECONDS = 0.4


class Sends(Protocol):
    """What makes one attempt at a message (`agents.notify.targets.Targets`)."""

    async def send(self, subscription: Subscription, message: Message) -> Result:
        """One attempt."""


class Delivery:
    """Looks after the subscriptions it has the lease of. `attempted` is called with what came of each attempt; `clock_ms`: Unix ms."""

    def __init__(
        self,
        store: Store,
        owner: str,
        subscribers: Subscribers,
        targets: Sends,
        attempted: Callable[[str], None],
        clock_ms: Callable[[], int],
    ) -> None:
        self._store = store
        self._subscribers = subscribers
        self._owner = owner
        self._targets = targets
        self._attempted = attempted
        self._clock_ms = clock_ms
        self._patience = Patience()
        self._mine: dict[str, tuple[Subscription, int]] = {}
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._wake = asyncio.Event()
        self._next_leases = 0.0

    def wake(self) -> None:
        """There may be something new."""
        self._wake.set()

    async def run(self) -> None:
        """Never returns."""
        try:
            while True:
                await self._patience.until_done(self._look)
                try:
                    await asyncio.wait_for(self._wake.wait(), _EVERY_SECONDS)
                except TimeoutError:
                    continue
                self._wake.clear()
        finally:
            for task in self._busy.values():
                task.cancel()
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def release(self) -> None:
        """Gives all leases back."""
        await self._store.leases.release([scope(name) for name in self._mine], self._owner)

    async def _look(self) -> None:
        """Starts to deliver wherever there is something to do."""
        await self._lead()
        idle = [name for name in self._mine if name not in self._busy]
        for name, desk in (await self._store.notices.desks(idle, 1)).items():
            if desk.waiting or desk.sending is not None or desk.open:
                subscription, token = self._mine[name]
                task = self._busy[name] = asyncio.create_task(self._deliver(subscription, token), name=f"delivery to {name}")
                task.add_done_callback(lambda done, name=name: self._done(name, done))  # type: ignore[misc]

    async def _lead(self) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._next_leases:
            return
        self._next_leases = now + _LEASES_EVERY_SECONDS
        known = {each.id: each for each in await self._subscribers.read() if each.enabled}
        tokens = await self._store.leases.take([scope(name) for name in known], self._owner, LEASE_MS)
        self._mine = {name: (each, tokens[scope(name)]) for name, each in known.items() if scope(name) in tokens}

    def _done(self, name: str, task: asyncio.Task[None]) -> None:
        del self._busy[name]
        if not task.cancelled() and (error := task.exception()) is not None and not isinstance(error, StoreAway):
            log.error("delivery to %s stopped, and is tried again: %r", name, error, exc_info=error)

    async def _deliver(self, subscription: Subscription, token: int) -> None:
        """Sends one message after the other until there is nothing to do now, or another has the lease."""
        while (subscription.id in self._mine) and self._mine[subscription.id] == (subscription, token):
            desk, step = await self._decide(subscription)
            if step is None:
                return
            if isinstance(step, Forget):
                written = await self._store.notices.write(subscription.id, token, Page(None, step.numbers, closed=step.closed))
            else:
                written = await self._send(subscription, token, step, begun=desk.sending is not None)
            if not written:
                return

    async def _decide(self, subscription: Subscription) -> tuple[Desk, Message | Forget | None]:
        """What to do next; where all that was read is held back by quiet hours, more is read: what goes through them may be behind."""
        most = plan.enough(subscription)
        while True:
            desk = (await self._store.notices.desks([subscription.id], most))[subscription.id]
            step = plan.decide(subscription, desk, self._clock_ms())
            if step is not None or subscription.quiet is None or len(desk.waiting) < most:
                return desk, step
            most *= 4

    async def _send(self, subscription: Subscription, token: int, message: Message, begun: bool) -> bool:
        """One attempt, and what is left of it on the desk. False: another has the lease."""
        if not begun and plan.freezes(subscription, message):
            message = await figures.of_now(self._store.alerts, message)
            if not await self._store.notices.write(subscription.id, token, plan.begin(message)):
                return False
        result = await self._targets.send(subscription, message)
        page = plan.close(subscription, message, result, self._clock_ms(), random.random())  # noqa: S311 (spreads attempts, no secret)
        ended = page.sending is None
        said = f"{result.reason}: {result.detail}" if result.detail else result.reason
        self._attempted("delivered" if result.outcome == "delivered" else "given up" if ended else "failed")
        if ended and result.outcome != "delivered":
            log.error("subscription %s: %s is given up after %d attempts (%s)", subscription.id, message.id, message.attempts + 1, said)
        elif result.outcome != "delivered" and message.attempts == 0:
            log.warning("subscription %s: %s is not delivered yet (%s)", subscription.id, message.id, said)
        return await self._store.notices.write(subscription.id, token, page)
