"""`livescreen demo`: the whole system with a simulated broadcast, opened by one link."""

import asyncio
import logging
import random
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from deploy import stack, tokens
from deploy.ports import next_free
from deploy.private import write_private
from deploy.settings import Settings
from deploy.stack import Plan
from deploy.statefile import Listening
from streams.store.redis import RedisStore

log = logging.getLogger(__name__)

EVENTS_PER_SECOND = 60
ROOM_SECONDS = 30.0
MINUTES = 24 * 60
#: In the data folder: the address for further browsers.
LINK_FILE = "demo-link"
DAYS = 1
HISTORY_MINUTES = 20  # so that there is something to see at once


def run(settings: Settings, data: Path, port: int | None, say: Callable[[str], None]) -> None:
    """Runs the stack and the simulator until it is asked to stop; prints the address as soon as the screen answers."""
    room = time.strftime("demo-%Y%m%d-%H%M%S")
    wanted = port or settings.port
    free = next_free(settings.host, wanted)
    if free != wanted:
        say(f"port {wanted} is taken; using {free}")

    async def ready(listening: Listening) -> None:
        await _wait_for_room(listening.redis, room)
        once = await tokens.new(listening.redis, "admin", days=DAYS, name="demo", kind="link")
        often = await tokens.new(listening.redis, "admin", days=DAYS, name="demo")
        file = data / LINK_FILE
        write_private(file, _login(listening.screen, often, room) + "\n")
        say("the broadcast is simulated: nothing in it is real")
        print(f"Open {_login(listening.screen, once, room)}", flush=True)
        say(f"that link works once; for another browser, use {_login(listening.screen, often, room)}")
        say(f"it is kept in {file}, which you alone can read, and is good for {DAYS} day")
        say("on the screen, ? shows the keys; Ctrl-C here ends it")

    options = {
        "--room": room,
        "--rate": EVENTS_PER_SECOND,
        "--minutes": MINUTES,
        "--history": HISTORY_MINUTES,
        "--seed": random.randrange(1_000_000),  # noqa: S311 (a simulation, no secret)
    }
    simulate = ["simulate", *(str(part) for option in options.items() for part in option)]
    stack.run(Plan(settings.listening_on(free), data, visitors={"simulator": simulate}), say, ready)
    say(f"goodbye; what it counted is kept in {data}, and `rm -r {data}` forgets it")


def _login(screen: str, token: str, room: str) -> str:
    return f"{screen}/login?{urlencode({'token': token, 'next': f'/rooms/{room}'})}"


async def _wait_for_room(redis: str, room: str) -> None:
    """Returns when the screen has something to show of the room, or will not have soon."""
    store = RedisStore.connect(redis)
    try:
        async with asyncio.timeout(ROOM_SECONDS):
            while room not in await store.rooms():  # noqa: ASYNC110 (another process makes it true)
                await asyncio.sleep(0.1)
    except TimeoutError:
        log.warning("no event of the simulated broadcast has arrived yet; the screen shows it as soon as it does")
    finally:
        await store.close()
