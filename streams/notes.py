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
from streams.names import NOTE, SCENE

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

    A note that is gone keeps its history; of a room's history the newest events are kept (`streams.names`).
    """
    name = field(event.note)
    change.set(keys.NOTE_LOG, f"{event.kind}:{event.id}", msgspec.json.encode(row(event)).decode())
    change.naming.keep_newest(NOTE, f"{event.kind}:{event.id}", event.at)
    if isinstance(event, ev.NoteDeleted):
        scenes.pop(name, None)
        change.drop(keys.SCENES, [name])
        change.naming.forget(SCENE, name)
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
    change.naming.keep_newest(SCENE, name, msgspec.json.decode(scenes[name])["at"])


def history(log: Mapping[str, str], note: str) -> list[dict[str, Any]]:
    """What was said in a note, oldest first: the rows of its events. `log`: what the store has under `keys.NOTE_LOG`."""
    found: Iterable[dict[str, Any]] = (msgspec.json.decode(text) for text in log.values())
    return sorted((each for each in found if each["note"] == note), key=lambda each: (each["at"], _ORDER.index(each["kind"]), each["id"]))


def author(log: Mapping[str, str], note: str) -> str | None:
    """Whose the note is: who noted it first. None: nobody did."""
    return next((each["author"] for each in history(log, note) if each["kind"] == "noted"), None)
