"""Alerts through the screen: their history, and acts of people beside an evaluator that writes at the same time."""

import asyncio
from typing import Any

import msgspec
import pytest

from screen.roles import Role
from streams.alerts import State, alert_id, decode, encode
from streams.alerts.life import Said, state_key
from streams.store.desk import AlertStep, Saved

KEY = state_key("stock-low", "p1")
SAID = Said("warning", "stock", "库存告急", "Stock low", "还有 3 件", "3 left")
FIRING = State("stock-low", "p1", "firing", 5_000, 5_000, number=2, seq=7, said=SAID)
ALERT = alert_id(FIRING)
ACK = f"/api/rooms/r1/alerts/{ALERT}/ack"


@pytest.fixture
async def fired(store: Any, log: Any) -> None:
    assert isinstance(await store.alerts.save(AlertStep("r1", 0, None, {KEY: encode(FIRING)}, [])), Saved)


async def told(store: Any) -> list[dict[str, Any]]:
    return [msgspec.json.decode(one.text) for one in (await store.alerts.untold(["r1"], 100)).get("r1", [])]


@pytest.mark.usefixtures("fired")
async def test_an_acknowledgement_is_told_and_in_the_history(call: Any, store: Any) -> None:
    answer = await call("POST", ACK, role=Role.OPERATOR, json={"comment": "正在补货"})
    assert answer.status_code == 200
    row = answer.json()["alert"]
    assert (row["id"], row["status"], row["acknowledged_by"], row["comment"]) == (ALERT, "acknowledged", "a operator", "正在补货")
    (transition,) = await told(store)
    assert (transition["from"], transition["to"], transition["by"]) == ("firing", "acknowledged", "a operator")
    assert transition["id"] == f"r1/{ALERT}/8"
    page = (await call("GET", "/api/rooms/r1/alerts")).json()
    assert page["alerts"] == [row]
    assert page["log"] == [transition]
    assert (await call("GET", "/api/rooms/r1/alerts?log=0")).json() == {"alerts": [row]}
    assert (await call("GET", "/api/rooms/r1")).json()["alerts"] == [row]


@pytest.mark.usefixtures("fired")
async def test_the_same_call_again_tells_nothing_new(call: Any, store: Any) -> None:
    for _ in range(2):
        assert (await call("POST", ACK, role=Role.OPERATOR)).status_code == 200
    assert len(await told(store)) == 1


@pytest.mark.usefixtures("fired")
async def test_giving_it_to_someone_and_calling_it_false(call: Any, store: Any) -> None:
    row = (await call("POST", ACK, role=Role.OPERATOR, json={"to": "小王"})).json()["alert"]
    assert (row["assigned_to"], row["status"]) == ("小王", "acknowledged")
    row = (await call("POST", ACK, role=Role.OPERATOR, json={"false_alarm": True})).json()["alert"]
    assert (row["status"], row["false_alarm"]) == ("resolved", True)
    assert [(each["reason"], each["to"]) for each in await told(store)] == [
        ("assigned", "firing"),
        ("acknowledged", "acknowledged"),
        ("false_alarm", "resolved"),
    ]
    over = await call("POST", ACK, role=Role.OPERATOR)
    assert (over.status_code, over.json()["type"]) == (409, "urn:livescreen:alert-over")


@pytest.mark.usefixtures("fired")
@pytest.mark.parametrize("alert", [f"{KEY}:1", f"{KEY}:3", "stock-low:other:1", "nonsense", "::", "stock-low:p1:９"])
async def test_unknown_alerts(call: Any, store: Any, alert: str) -> None:
    answer = await call("POST", f"/api/rooms/r1/alerts/{alert}/ack", role=Role.OPERATOR)
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:livescreen:unknown-alert")
    assert await told(store) == []


@pytest.mark.usefixtures("fired")
@pytest.mark.parametrize("body", ["[]", "{", '{"comment": 1}', '{"by": "someone else"}', '{"comment": "' + "x" * 501 + '"}', "\udcff"])
async def test_wrong_bodies(call: Any, body: str) -> None:
    answer = await call("POST", ACK, role=Role.OPERATOR, content=body.encode("utf-8", "surrogateescape"))
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:livescreen:wrong-body")


@pytest.mark.usefixtures("fired")
async def test_who_may(call: Any, http: Any) -> None:
    assert (await call("POST", ACK, role=Role.ASSISTANT)).status_code == 403
    assert (await call("POST", ACK, role=Role.OPERATOR, rooms=("r2",))).status_code == 403
    assert (await call("GET", "/api/rooms/r1/alerts", rooms=("r2",))).status_code == 403
    assert (await http.post(ACK)).status_code == 401
    assert (await call("GET", "/api/rooms/nowhere/alerts")).status_code == 404


@pytest.mark.usefixtures("fired")
async def test_acts_beside_an_evaluator_lose_nothing_and_double_nothing(call: Any, store: Any) -> None:
    stop = asyncio.Event()
    other = state_key("quiet", "")

    async def evaluate() -> int:
        saved = 0
        while not stop.is_set():
            kept = await store.alerts.read("r1")
            state = State("quiet", "", "firing", saved, saved, number=1, seq=saved, said=SAID)
            step = AlertStep("r1", kept.version, None, {other: encode(state)}, [f'{{"id":"e{saved}","to":"pending"}}'])
            saved += isinstance(await store.alerts.save(step), Saved)
            await asyncio.sleep(0.005)
        return saved

    evaluator = asyncio.create_task(evaluate())
    answers = await asyncio.gather(*(call("POST", ACK, role=Role.OPERATOR, json={"comment": f"c{n}"}) for n in range(8)))
    stop.set()
    saved = await evaluator
    assert {answer.status_code for answer in answers} == {200}
    ids = [each["id"] for each in await told(store)]
    assert len(ids) == len(set(ids)) == saved + 8
    states = (await store.alerts.read("r1")).states
    assert decode(states[KEY]).seq == FIRING.seq + 8
    assert decode(states[other]).seq == saved - 1


async def test_an_alert_says_the_figures_that_stand_beside_it(call: Any, store: Any, log: Any) -> None:
    said = Said("warning", "trade", "题", "T", "{total.comments} 条", "{total.comments} comments")
    state = State("many", "", "firing", 5_000, 5_000, number=1, said=said, facts={"total.comments": 999})
    await store.alerts.save(AlertStep("r1", 0, None, {state_key("many", ""): encode(state)}, []))
    board = (await call("GET", "/api/rooms/r1")).json()
    (row,) = board["alerts"]
    assert (row["message_zh"], row["message_en"]) == (f"{board['total']['comments']} 条", f"{board['total']['comments']} comments")
    (row,) = (await call("GET", "/api/rooms/r1/alerts")).json()["alerts"]
    assert row["message_en"] == "999 comments"  # as it was written down last
