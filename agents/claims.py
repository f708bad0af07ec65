"""Noticing, before a partition is taken up, that the store lost writes which its progress counts as done.

A failover to a replica that was behind, a power cut, a restored backup: the rooms' last writes are gone, and the progress may have survived
them: it lives on another node of a cluster, or was raised just after by a worker that had the answer to its writes in hand, saw nothing of
the crash, and ended before it came back to one of the rooms. So the progress is kept with what it claims: how far the rooms had come.
"""

import asyncio
import logging
from collections.abc import Mapping

from agents.patience import Patience
from streams.store.port import Store
from streams.topics import Partition

log = logging.getLogger(__name__)


async def check(store: Store, patience: Patience, logs: Mapping[Partition, str]) -> None:
    """Turns the progress of each partition back to where the first of its rooms has a hole. `logs`: partition → its log.

    Reading anew what is applied costs time and nothing else. Waits while the store is away.
    """
    await asyncio.gather(*(_check(store, patience, name, partition) for partition, name in logs.items()))


async def _check(store: Store, patience: Patience, name: str, partition: Partition) -> None:
    # In this order: a claim is made after its writes are answered.
    claimed = await patience.until_done(lambda: store.claims(name, partition))
    if not claimed:
        return
    held = await patience.until_done(lambda: store.fences(name, partition, list(claimed)))
    holes = {room: held.get(room, -1) + 1 for room, last in claimed.items() if held.get(room, -1) < last}
    if not holes:
        return
    first = min(holes.values())
    log.warning("%s: the store lost its last writes to %d rooms; reading again from %d at most", partition, len(holes), first)
    await patience.until_done(lambda: store.turn_back(name, partition, first, list(holes)))
