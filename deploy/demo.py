"""`livescreen demo`: the whole system with a simulated broadcast, opened by one link."""

import random
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from deploy import stack, tokens
from deploy.ports import next_free
from deploy.settings import Settings
from deploy.stack import Plan
from deploy.statefile import Listening

EVENTS_PER_SECOND = 60
MINUTES = 24 * 60
HISTORY_MINUTES = 20  # so that there is something to see at once


def run(settings: Settings, data: Path, port: int | None, say: Callable[[str], None]) -> None:
    """Runs the stack and the simulator until it is asked to stop; prints the address as soon as the screen answers."""
    room = time.strftime("demo-%Y%m%d-%H%M%S")
    wanted = port or settings.port
    free = next_free(settings.host, wanted)
    if free != wanted:
        say(f"port {wanted} is taken; using {free}")

    async def ready(listening: Listening) -> None:
        link = await tokens.new(listening.redis, "admin", days=1, name="demo", kind="link")
        print(f"Open {listening.screen}/login?{urlencode({'token': link, 'next': f'/rooms/{room}'})}", flush=True)

    options = {
        "--room": room,
        "--rate": EVENTS_PER_SECOND,
        "--minutes": MINUTES,
        "--history": HISTORY_MINUTES,
        "--seed": random.randrange(1_000_000),  # noqa: S311 (a simulation, no secret)
    }
    simulate = ["simulate", *(str(part) for option in options.items() for part in option)]
    stack.run(Plan(settings.listening_on(free), data, {"simulator": simulate}), say, ready)
