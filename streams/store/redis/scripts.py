"""The Lua scripts, run by their digest."""

from collections.abc import Sequence
from hashlib import sha1
from importlib.resources import files
from typing import Any

from redis.exceptions import NoScriptError

from streams.store.redis.client import Client, Command


class Script:
    """One script from the file beside this module."""

    def __init__(self, name: str) -> None:
        self._text = files(__package__).joinpath(name).read_text("utf-8")
        self._digest = sha1(self._text.encode(), usedforsecurity=False).hexdigest()

    def call(self, keys: list[str], *arguments: str | int | bytes) -> Command:
        """The command that runs the script where the server knows it."""
        return ("EVALSHA", self._digest, len(keys), *keys, *arguments)

    def spelled_out(self, call: Command) -> Command:
        """The same call with the script's text, which the server then knows."""
        return ("EVAL", self._text, *call[2:])


async def run(client: Client, script: Script, calls: list[Command], before: Sequence[Command] = ()) -> list[Any]:
    """The answers to all calls of the script, sent in one go behind the commands `before`.

    A server that does not know the script (a new one, or a node of a cluster) is told its text.
    """
    answers = await client.try_run([*before, *calls])
    for answer in answers:
        if isinstance(answer, Exception) and not isinstance(answer, NoScriptError):
            raise answer
    del answers[: len(before)]
    unknown = [i for i, answer in enumerate(answers) if isinstance(answer, NoScriptError)]
    again = await client.run([script.spelled_out(calls[i]) for i in unknown])
    for i, answer in zip(unknown, again, strict=True):
        answers[i] = answer
    return answers
