"""redis-py's connections without what costs most in a pipeline of thousands: 2 µs an argument packed, 10 µs a time-out for each answer."""

from collections.abc import Callable, Iterable
from typing import Any

import hiredis
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as NoConnection

#: hiredis packs what redis-py would, in C; its stub knows commands of one word only.
_pack: Callable[[tuple[str | int | bytes, ...]], bytes] = hiredis.pack_command  # type: ignore[assignment]


def quick(sort: type[AbstractConnection]) -> type[AbstractConnection]:
    """The same sort of connection (plain, TLS, by a file), quicker."""
    return type(f"Quick{sort.__name__}", (_Quick, sort), {})


#: What answers are made of. A half answer is a mark of redis-py's own; `PushNotification`, a list, is told apart by its type.
_PLAIN = frozenset({str, int, list, dict, float, bool, set, bytes, type(None)})


class _Quick(AbstractConnection):
    def pack_command(self, *arguments: Any) -> list[bytes]:
        return [_pack(arguments)]

    def pack_commands(self, commands: Iterable[Iterable[Any]]) -> list[bytes]:
        return [_pack(tuple(command)) for command in commands]

    async def read_response(self, disable_decoding: bool = False, timeout: float | None = None, **how: Any) -> Any:  # noqa: ASYNC109
        """An answer that has arrived already needs no time-out; whatever else comes is redis-py's business."""
        reader = getattr(self._parser, "_reader", None)  # none before the connection is made
        if reader is None or disable_decoding or timeout is not None or not reader.has_data():
            return await super().read_response(disable_decoding, timeout, **how)
        answer = reader.gets()
        if type(answer) in _PLAIN:
            return answer
        if isinstance(answer, Exception):
            if isinstance(answer, NoConnection):
                await self.disconnect(nowait=True)
            raise answer
        if isinstance(answer, hiredis.PushNotification):
            await self._parser.handle_push_response(answer)  # type: ignore[attr-defined]  # hiredis's parser has it
        return await super().read_response(disable_decoding, timeout, **how)
