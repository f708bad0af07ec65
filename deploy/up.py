"""`livescreen up`: the whole system on this machine."""

from collections.abc import Callable
from pathlib import Path

from deploy import stack
from deploy.settings import Settings
from deploy.stack import Plan
from deploy.statefile import Listening


def run(settings: Settings, data: Path, port: int | None, token_file: Path | None, say: Callable[[str], None]) -> None:
    """Runs the stack until it is asked to stop; see `deploy.stack.run`."""

    async def ready(listening: Listening) -> None:
        say(f"ready: {listening.screen} (an access token: `livescreen token --role viewer`; logs in {data / 'logs'}; Ctrl-C ends it)")

    stack.run(Plan(settings.listening_on(port), data, token_file), say, ready)
