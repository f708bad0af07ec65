"""Scene notes: what a note says now, whose it is, and what was ever said in it.

A note is its author's, who noted it first; whoever edits it is named beside them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from streams import events as ev
from streams import keys
from streams.change import Change
from streams.events import Event

NoteEvent = ev.Noted | ev.NoteEdited | ev.NoteDeleted

_ORDER = ("noted", "note_edited", "note_deleted")


def field(note: str) -> str:
    """The field of the scenes that holds the note as it is."""
    return f"note:{note}"


def row(event: Event) -> dict[str, Any]:
    """An event as a row for readers: the fields it has, without the room."""
    return {name: value for name, value in msgspec.to_builtins(event).items() if value is not None and name != "room"}


def fold(change: Change, scenes: dict[str, str], event: NoteEvent) -> None:
    """Adds what the event does to the room's change, and to `scenes`, the notes as they are while a chunk is folded.

    The log of what was said is never cut: a note that is gone keeps its history.
    """
    name = field(event.note)
    change.set(keys.NOTE_LOG, f"{event.kind}:{event.id}", msgspec.json.encode(row(event)).decode())
    if isinstance(event, ev.NoteDeleted):
        scenes.pop(name, None)
        change.put.get(keys.SCENES, {}).pop(name, None)
        change.remove.setdefault(keys.SCENES, []).append(name)
        change.touched.add(keys.SCENES)
        return
    known = msgspec.json.decode(scenes[name]) if name in scenes else {}
    given = row(event)
    if isinstance(event, ev.NoteEdited):
        if not known:
            return  # edited after it was deleted, or never noted
        if "author" in given:
            given["edited_by"] = given.pop("author")
        given |= {"id": known["id"], "kind": known["kind"], "at": known["at"], "edited_at": event.at}
    elif known:
        given["author"] = known["author"]  # noted again: it stays whose it was
    elif name in change.remove.get(keys.SCENES, []):
        change.remove[keys.SCENES].remove(name)
    scenes[name] = msgspec.json.encode(known | given).decode()
    change.set(keys.SCENES, name, scenes[name])


def history(log: Mapping[str, str], note: str) -> list[dict[str, Any]]:
    """What was said in a note, oldest first: the rows of its events. `log`: what the store has under `keys.NOTE_LOG`."""
    found: Iterable[dict[str, Any]] = (msgspec.json.decode(text) for text in log.values())
    return sorted((each for each in found if each["note"] == note), key=lambda each: (each["at"], _ORDER.index(each["kind"]), each["id"]))


def author(log: Mapping[str, str], note: str) -> str | None:
    """Whose the note is: who noted it first. None: nobody did."""
    return next((each["author"] for each in history(log, note) if each["kind"] == "noted"), None)
