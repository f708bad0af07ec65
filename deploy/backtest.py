"""`livescreen backtest RULES --room R`: when each rule would have fired in a recorded broadcast."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from deploy import cluster
from deploy.problem import Problem
from deploy.settings import Settings
from streams.alerts import Rule, Transition, backtest, parse
from streams.store.past import read_people
from streams.store.redis import RedisStore
from streams.store.view import RoomView

#: A month. Each minute is judged, those without events too, and one event of years ago makes millions of them.
_MOST_MINUTES = 31 * 1_440
_TOLD = ("firing", "resolved")


def run(settings: Settings, data: Path, file: Path, room: str) -> None:
    """Prints each firing and its end, what could not be judged and why, and rules that are broken.

    A `Problem` for a file that is no text, for an unknown room, and for one whose minutes lie too far apart.
    """
    rules, problems = parse(_text(file))
    judged = [rule for rule in rules if backtest.not_judged(rule) is None and rule.applies_to(room)]
    minutes, told = asyncio.run(_run(cluster.find_redis(settings, data), room, judged))
    console = Console(markup=False, highlight=False)
    for problem in problems:
        console.print(f"line {problem.line}: {problem.rule or 'a rule'} is refused: {problem.reason}")
    console.print(_table(told))
    fired = {transition.rule for transition in told if transition.to == "firing"}
    console.print(f"{len(minutes)} minutes, looked at after each; {len(judged)} rules judged, {len(fired)} of them fired")
    for rule in rules:
        reason = backtest.not_judged(rule) or (None if rule.applies_to(room) else "it is not for this room")
        if reason:
            console.print(f"not judged: {rule.id} ({reason})")


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        raise Problem(f"{file} is not UTF-8 text") from None


async def _run(url: str, room: str, rules: Sequence[Rule]) -> tuple[range, list[Transition]]:
    store = RedisStore.connect(url)
    try:
        view = RoomView(store, room)
        await view.refresh(time.time_ns() // 1_000_000)
        if not view.material.rev:
            raise Problem(f"there is no room {room!r}")
        if len(backtest.span(view.material)) > _MOST_MINUTES:
            raise Problem(
                f"the events of {room} lie further apart than {_MOST_MINUTES // 1_440} days: every minute between would be judged"
            )
        people = await read_people(store, view.material)
        return backtest.span(view.material), list(backtest.run(rules, view.material, people))
    finally:
        await store.close()


def _table(told: Sequence[Transition]) -> Table:
    table = Table("at", "rule", "severity", "", "message", box=None)
    for each in told:
        if each.to in _TOLD:
            at = datetime.fromtimestamp(each.at / 1_000).strftime("%Y-%m-%d %H:%M")
            table.add_row(at, each.rule, each.severity, f"{each.to} ({each.reason})", each.message_zh if each.to == "firing" else "")
    return table
