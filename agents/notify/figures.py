"""The figures of now in a message that is told later than it happened: a reminder, or what waited for quiet hours or others to end."""

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from streams import alert_rows
from streams.alerts import Transition
from streams.alerts.life import split
from streams.notices.plan import Message
from streams.notices.selection import TRIAL, event
from streams.store.desk import Alerts

_decode = msgspec.json.Decoder(dict[str, Any]).decode


async def of_now(alerts: Alerts, message: Message) -> Message:
    """The message with the sentences of alerts that still fire as they were written down last; all else as it is. Raises `StoreAway`."""
    rooms = sorted({each.room for each in message.transitions if _goes_on(each)})
    kept = dict(zip(rooms, await asyncio.gather(*map(alerts.read, rooms)), strict=True))
    return replace(
        message, transitions=[_told_now(each, kept[each.room].states) if _goes_on(each) else each for each in message.transitions]
    )


def _goes_on(transition: Transition) -> bool:
    return transition.room != TRIAL and event(transition) == "firing"


def _told_now(transition: Transition, states: Mapping[str, str]) -> Transition:
    key, number = split(transition.alert) or ("", 0)
    state = _decode(states[key]) if key in states else {}
    if (state.get("status"), state.get("number")) != ("firing", number):
        return transition  # it is over, or another one by now
    return replace(transition, **alert_rows.texts(state))
