"""Access tokens from the command line, and for the stack that has just started."""

import asyncio
import getpass
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from deploy import cluster
from deploy.private import write_private
from deploy.problem import Problem
from deploy.settings import Settings
from screen.audit import Audit
from screen.roles import Role
from screen.tokens import DAY_MS, Kind, Token, Tokens
from streams.room_names import RULE, is_room
from streams.store.redis.client import Client
from streams.topics import WRITABLE

T = TypeVar("T")
#: Columns for a program that reads the list: as many as a line needs.
_WIDE = 1 << 16


def make(settings: Settings, data: Path, role: str, rooms: Sequence[str], topics: Sequence[str], days: float, name: str) -> None:
    """Makes an access token and prints it, alone on the last line; a `Problem` for a name that no room, topic or role has."""
    if wrong := [room for room in rooms if not is_room(room)]:
        raise Problem(f"--room must be {RULE}, not {wrong[0]!r}", status=2)
    if topics and role != Role.SOURCE.label:
        raise Problem(f"--topic goes with --role {Role.SOURCE.label}: the others write no events", status=2)
    if wrong := [topic for topic in topics if topic not in WRITABLE]:
        raise Problem(f"--topic must be one of {', '.join(WRITABLE)}, not {wrong[0]!r}", status=2)
    url = cluster.find_redis(settings, data)
    text = asyncio.run(new(url, role, rooms=rooms, topics=topics, days=days, name=name))
    print(text)


def show(settings: Settings, data: Path) -> None:
    """Prints the tokens that are good now; never their text, which nobody knows any more."""
    table = Table(box=None)
    for heading in ("id", "kind", "role", "rooms", "name", "made", "good until"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "id")  # folded, never cut: an id is copied, a room must be read
    for token in asyncio.run(_with_tokens(cluster.find_redis(settings, data), lambda tokens: tokens.list())):
        made, until = (datetime.fromtimestamp(ms / 1_000).strftime("%Y-%m-%d %H:%M") for ms in (token.created, token.expires))
        cells = (token.id[:12], token.kind, token.role, ", ".join(token.rooms) or "all", token.name, made, until)
        table.add_row(*(_plain(cell) for cell in cells))
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console.width = _WIDE
    console.print(table)


def revoke(settings: Settings, data: Path, token_id: str) -> None:
    """Ends a token; a `Problem` when the id names none, or several."""
    if not asyncio.run(_with_tokens(cluster.find_redis(settings, data), lambda tokens: _revoke(tokens, token_id))):
        raise Problem("no single token has an id that begins so: give at least 8 letters of one that `livescreen token list` shows")
    print("revoked")


async def new(
    url: str, role: str, *, rooms: Sequence[str] = (), topics: Sequence[str] = (), days: float = 1, name: str = "", kind: Kind = "access"
) -> str:
    """The text of a new token in the store at `url`; a `Problem` when there is no such role."""
    try:
        rank = Role.named(role)
    except ValueError as error:
        raise Problem(str(error), status=2) from None
    lifetime_ms = int(days * DAY_MS)

    async def make_one(tokens: Tokens) -> str:
        text, token = await tokens.make(rank, lifetime_ms=lifetime_ms, rooms=rooms, topics=topics, name=name, kind=kind)
        await _note(tokens, "token_made", token)
        return text

    return await _with_tokens(url, make_one)


async def _revoke(tokens: Tokens, token_id: str) -> bool:
    token = await tokens.revoke(token_id)
    if token is not None:
        await _note(tokens, "token_revoked", token)
    return token is not None


async def _note(tokens: Tokens, action: str, token: Token) -> None:
    """In the audit log, by whom as this machine calls them; without a token, which is how the screen knows the command line."""
    what = {"token": token.id[:6], "kind": token.kind, "role": token.role, "name": token.name, "rooms": ", ".join(token.rooms)}
    await Audit(tokens.redis, _now_ms, tokens.prefix).add(
        "tokens", action, {name: text for name, text in what.items() if text}, by=account()
    )


async def write_admin_token(url: str, file: Path) -> None:
    """Writes a new admin token to a file that only this user can read."""
    text = await new(url, "admin", days=365, name=account())
    write_private(file, text + "\n")


def account() -> str:
    """Who runs this, as the machine calls them: what they do with the token is signed by that name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "admin"


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


async def _with_tokens(url: str, use: Callable[[Tokens], Awaitable[T]]) -> T:
    client = Client(url)
    try:
        return await use(Tokens(client, _now_ms))
    finally:
        await client.close()


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)
