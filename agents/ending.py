"""How a worker ends of its own accord: one clear line, a graceful stop, and a status that says whether a restart helps."""

import asyncio
import logging
import os
import signal
import threading
from typing import Never

log = logging.getLogger(__name__)

#: Exit statuses. A crash is 1 too: whatever happened, the fences make starting again safe.
RESTART = 1
NOT_READY = 2
NEEDS_ATTENTION = 3

#: A graceful stop takes up to 9 s; after this it hangs.
_STOP_SECONDS = 20.0


class Ending:
    """Ends this process. `status` is 0 until somebody asked for the end."""

    def __init__(self) -> None:
        self.status = 0
        self.line = ""

    def begin(self, status: int, line: str) -> None:
        """Logs the line, and asks the worker to stop as a supervisor would; the first line and status count."""
        if self.status:
            return
        self.status, self.line = status, line
        log.critical("%s", line)
        # The reason to end may be that the worker hangs, and then its stop hangs too.
        deadline = threading.Timer(_STOP_SECONDS, os._exit, [status])
        deadline.daemon = True
        deadline.start()
        os.kill(os.getpid(), signal.SIGTERM)

    async def reach(self, status: int, line: str) -> Never:
        """As `begin`, and never goes on: what the caller was about to do must not happen."""
        self.begin(status, line)
        await asyncio.Event().wait()
        raise AssertionError("nobody sets this event")
