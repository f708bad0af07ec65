"""redis-py's connections without what costs most in a pipeline: 2 µs an argument packed, 10 µs a time-out for each answer, a task for each
time it sends.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

import hiredis
from redis.asyncio.connection import AbstractConnection, RedisSSLContext, SSLConnection
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import ResponseError

#: hiredis packs what redis-py would, in C; its stub knows commands of one word only.
_pack: Callable[[tuple[str | int | bytes, ...]], bytes] = hiredis.pack_command  # type: ignore[assignment]


def quick(sort: type[AbstractConnection]) -> type[AbstractConnection]:
    """The same sort of connection (plain, TLS, by a file), quicker; for the connections of one client, which share their options."""
    return type(f"Quick{sort.__name__}", (_Quick, sort), {})


#: What answers are made of. A half answer is a mark of redis-py's own; `PushNotification`, a list, is told apart by its type.
_PLAIN = frozenset({str, int, list, dict, float, bool, set, bytes, type(None)})
#: So much may wait to be sent without anybody waiting for it.
_UNSENT_BYTES = 65_536


class _Quick(AbstractConnection):
    #: What all TLS connections of one client share: to make it reads every certificate that the machine trusts, 0.1 s for each connection.
    _tls: ClassVar[RedisSSLContext | None] = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if isinstance(self, SSLConnection):
            sort = type(self)
            sort._tls = self.ssl_context = sort._tls or self.ssl_context

    async def send_packed_command(self, command: Any, check_health: bool = True) -> None:
        """Waits, as redis-py does for every command, only where much is left to be sent. What is lost shows when the answer is read."""
        writer = self._writer
        if writer is None or writer.transport.is_closing() or not isinstance(command, list) or self.health_check_interval:
            await super().send_packed_command(command, check_health)
            return
        writer.writelines(command)
        if writer.transport.get_write_buffer_size() > _UNSENT_BYTES:
            await super().send_packed_command([], check_health)

    async def ask(self, commands: Sequence[Sequence[Any]]) -> list[Any]:
        """The answers to the commands, all sent at once; an error that Redis answers stays among them."""
        await self.send_packed_command(self.pack_commands(commands))
        answers: list[Any] = []
        for _ in commands:
            try:
                answers.append(await self.read_response())
            except ResponseError as error:
                answers.append(error)
        return answers

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
