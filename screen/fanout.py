"""How the frames of a feed reach its websockets: written to each that can take one, with no task woken for any of them.

A websocket whose buffers are full is passed over. Once it has drained it is written what brings it from the revision it has to the newest,
so what it missed is neither kept nor sent: newest wins, and a slow browser holds no more memory than its buffers.
"""

import asyncio
import logging
from asyncio import TimerHandle
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Protocol

from screen.close import FEED_BROKE, NOT_READING, TOKEN_ENDED, Close
from screen.measures import Measures

log = logging.getLogger(__name__)

#: So many websockets are written to at a time, in less than a millisecond, before whatever else the loop has to do.
SLICE = 64
#: A browser that lets a frame wait this long, with all buffers on the way full, is closed.
NOT_READING_SECONDS = 10.0


class Source(Protocol):
    """Where the frames come from."""

    epoch: str

    @property
    def ready(self) -> int:
        """The time of the newest board, Unix ms; 0 while there is none."""

    def frame(self, epoch: str, rev: int | None) -> tuple[int, str, bytes]:
        """What brings a browser from `rev` of `epoch` to now: the revision it has then, the kind of frame, and it as a websocket frame."""


class Socket(Protocol):
    """A browser's websocket, as far as frames are written to it."""

    drained: Callable[[], None] | None

    def write_frame(self, frame: bytes) -> bool:
        """Sends a whole websocket frame at once; False, and nothing is sent, while too much waits (`drained` tells the end of that)."""


@dataclass(eq=False, slots=True)
class Client:
    """One websocket, and what its browser has.

    end      ends it, for a reason to tell the browser
    expires  when its access token ends, Unix ms
    cut      while it is behind: ends it if it stays so
    """

    socket: Socket
    end: Callable[[Close | None], None]
    expires: int
    epoch: str = ""
    rev: int | None = None
    cut: TimerHandle | None = None


class Fanout:
    """The websockets of one feed. Who waited longest is first, also where the next frame comes before the last one reached everybody."""

    def __init__(self, source: Source, measures: Measures) -> None:
        self._source, self._measures = source, measures
        self._clients: dict[Client, None] = {}
        self._due: dict[Client, None] = {}
        self._soon: asyncio.Handle | None = None

    def add(self, client: Client) -> None:
        """It is written what it lacks now, and every frame from then on."""
        self._clients[client] = None
        client.socket.drained = partial(self._drained, client)
        if self._source.ready:
            self._offer({client: None})

    def discard(self, client: Client) -> None:
        """Nothing more is written to it."""
        self._clients.pop(client, None)
        self._due.pop(client, None)
        client.socket.drained = None
        _reads(client)

    def publish(self) -> None:
        """There is a new frame, for all."""
        self._offer(self._clients)

    def _offer(self, clients: dict[Client, None]) -> None:
        self._due.update(clients)  # whoever is in it keeps the place
        if self._due and self._soon is None:
            self._soon = asyncio.get_running_loop().call_soon(self._write)

    def _drained(self, client: Client) -> None:
        if client.cut is not None:
            _reads(client)
            self._offer({client: None})

    def _write(self) -> None:
        """One slice. A bug ends all clients: it is logged, and they are told to come back."""
        self._soon = None
        some = list(islice(self._due, SLICE))
        for client in some:
            del self._due[client]
        try:
            self._write_to(some)
        except Exception:
            log.exception("a frame of epoch %s broke", self._source.epoch)
            for client in self._clients:
                client.end(FEED_BROKE)
            return
        self._offer({})

    def _write_to(self, clients: list[Client]) -> None:
        source, now_ms = self._source, self._source.ready
        sent: Counter[tuple[str, int]] = Counter()
        for client in clients:
            if now_ms >= client.expires:
                client.end(TOKEN_ENDED)
            elif client.cut is None:
                rev, kind, frame = source.frame(client.epoch, client.rev)
                if client.socket.write_frame(frame):
                    client.epoch, client.rev = source.epoch, rev
                    sent[kind, len(frame)] += 1
                else:
                    client.cut = asyncio.get_running_loop().call_later(NOT_READING_SECONDS, client.end, NOT_READING)
        for (kind, size), number in sent.items():
            self._measures.count_frames(kind, size, number)


def _reads(client: Client) -> None:
    if client.cut is not None:
        client.cut.cancel()
        client.cut = None
