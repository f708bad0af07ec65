"""Notes over HTTP: whose they are, who may change them, and what was said in them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from screen import scenes
from screen.roles import Role

Make = Callable[..., Awaitable[str]]
Write = Callable[..., Awaitable[httpx.Response]]
PATH = "/api/rooms/r1/scenes"


@pytest.fixture
def write(http: httpx.AsyncClient, make: Make, log: Any) -> Write:
    """Writes a scene as the person called `name`."""

    async def write(name: str, role: Role = Role.ASSISTANT, **scene: Any) -> httpx.Response:
        bearer = {"authorization": f"Bearer {await make(role, name=name)}"}
        return await http.post(PATH, headers=bearer, json=scene)

    return write


def refused(answer: httpx.Response, status: int, kind: str) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["type"] == f"urn:livescreen:{kind}"


CHANGES = [
    {"kind": "note_edited", "note": "n1", "text": "b"},
    {"kind": "note_deleted", "note": "n1"},
    {"kind": "noted", "note": "n1", "text": "b"},
    {"kind": "noted", "id": "n1", "text": "b"},
]


@pytest.mark.parametrize("change", CHANGES)
async def test_an_assistant_changes_their_own_notes_and_an_operator_any(write: Write, producer: Any, change: dict[str, Any]) -> None:
    assert (await write("Lin", kind="noted", note="n1", text="a")).status_code == 201
    before = len(producer.sent)
    refused(await write("Mo", **change), 403, "not-your-note")
    assert len(producer.sent) == before
    assert (await write("Mo", Role.OPERATOR, **change)).status_code == 201
    refused(await write("Mo", **change), 403, "not-your-note")  # an operator's change makes it no one else's
    assert (await write("Lin", **change)).status_code == 201


async def test_tokens_without_a_name_are_different_people(http: httpx.AsyncClient, make: Make, write: Write) -> None:
    texts = [await make(Role.ASSISTANT, name="") for _ in range(2)]
    one, other = ({"authorization": f"Bearer {text}"} for text in texts)
    me = (await http.get("/api/me", headers=one)).json()
    noted = await http.post(PATH, headers=one, json={"kind": "noted", "note": "n1", "text": "a"})
    assert noted.json()["author"] == me["author"] != (await http.get("/api/me", headers=other)).json()["author"]
    refused(await http.post(PATH, headers=other, json={"kind": "note_deleted", "note": "n1"}), 403, "not-your-note")
    await http.get(f"/login?token={texts[0]}")
    assert (await http.get("/api/me")).json()["author"] == me["author"], "the browser's session is the token's"


async def test_a_note_that_is_on_its_way_can_be_changed_and_one_that_never_was_cannot(
    write: Write, log: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    changing = asyncio.create_task(write("Lin", kind="note_edited", note="late", text="b"))
    await asyncio.sleep(0.3)
    assert not changing.done()
    await log.add("live.scenes", {"kind": "noted", "note": "late", "author": "Lin", "text": "a"})
    assert (await changing).status_code == 201
    monkeypatch.setattr(scenes, "_ARRIVES_TRIES", 2)
    refused(await write("Lin", kind="note_deleted", note="never"), 404, "unknown-note")


async def test_what_was_said_in_a_note_can_be_read_also_when_it_is_gone(write: Write, call: Any) -> None:
    await write("Lin", kind="noted", note="n/1", text="a", at=1_700_000_000_000)
    await write("Lin", kind="note_edited", note="n/1", text="b")
    await write("Mo", Role.OPERATOR, kind="note_deleted", note="n/1")
    found = (await call("GET", "/api/rooms/r1/notes/n/1", role=Role.ASSISTANT)).json()
    assert (found["note"], found["author"], found["deleted"]) == ("n/1", "Lin", True)
    said = [(each["kind"], each["author"], each.get("text")) for each in found["history"]]
    assert said == [("noted", "Lin", "a"), ("note_edited", "Lin", "b"), ("note_deleted", "Mo", None)]
    refused(await call("GET", "/api/rooms/r1/notes/n/1", role=Role.VIEWER), 403, "wrong-role")
    refused(await call("GET", "/api/rooms/r1/notes/other", role=Role.ASSISTANT), 404, "unknown-note")
    refused(await call("GET", "/api/rooms/nowhere/notes/n/1", role=Role.ASSISTANT), 404, "unknown-room")


async def test_half_an_emoji_in_a_note_is_replaced(http: httpx.AsyncClient, make: Make, log: Any) -> None:
    bearer = {"authorization": f"Bearer {await make(Role.ASSISTANT)}"}
    answer = await http.post(PATH, headers=bearer, content=rb'{"kind": "noted", "text": "x\ud83d"}')
    assert (answer.status_code, answer.json()["text"]) == (201, "x\ufffd")
