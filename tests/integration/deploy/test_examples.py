"""The examples, as somebody who has just cloned the project runs them: one stack, and each of them beside it."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

EXAMPLES = Path(__file__).parents[3] / "examples"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SECONDS = 60.0


@pytest.fixture(scope="module")
def stack(tmp_path_factory) -> Iterator:
    from .conftest import Livescreen

    folder = tmp_path_factory.mktemp("examples")
    running = Livescreen(folder / "data").up("--token-file", folder / "token")
    yield running
    running.kill()


@pytest.fixture(scope="module")
def token(stack) -> str:
    return (stack.data.parent / "token").read_text().strip()


class Example:
    """One of them, running; `said` is what it printed."""

    def __init__(self, output: Path, name: str, *arguments: object) -> None:
        self._output = output / f"{name}.txt"
        with self._output.open("wb") as file:
            command = [sys.executable, str(EXAMPLES / name), *map(str, arguments)]
            self.process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)

    def said(self) -> str:
        return self._output.read_text()

    def wait(self, ready: Callable[[str], bool]) -> str:
        end = time.monotonic() + SECONDS
        while not ready(self.said()):
            assert time.monotonic() < end, self.said()
            time.sleep(0.1)
        return self.said()


@pytest.fixture
def example(tmp_path) -> Iterator[Callable[..., Example]]:
    started: list[Example] = []

    def start(name: str, *arguments: object) -> Example:
        started.append(Example(tmp_path, name, *arguments))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.wait()


def test_events_go_in_and_a_client_a_rule_and_a_webhook_tell_of_them(stack, token, example) -> None:
    screen = stack.listening()["screen"]
    http = httpx.Client(base_url=str(screen), headers={"authorization": f"Bearer {token}"}, timeout=SECONDS)
    taken = http.put("/api/rules", content=(EXAMPLES / "rules.yaml").read_bytes())
    assert taken.status_code == 200 and [rule["id"] for rule in taken.json()["rules"]], taken.text
    receiver = example("webhook_receiver.py", SECRET, 0)
    hook = receiver.wait(lambda said: "listening on" in said).split()[-1]
    subscription = {"id": "examples", "target": hook, "secret": SECRET, "language": "en"}
    assert http.post("/api/subscriptions", json=subscription).status_code == 201

    done = subprocess.run(
        [sys.executable, "-m", "deploy", "replay", str(EXAMPLES / "events.ndjson"), "--rebase", "--data", str(stack.data)],
        check=True, capture_output=True, text=True, timeout=SECONDS, cwd=stack.data.parent,
    )  # fmt: skip
    lines = (EXAMPLES / "events.ndjson").read_text().splitlines()
    assert f"sent {len(lines)}, rejected 0" in done.stdout, done.stdout + done.stderr
    paid = sum(json.loads(line)["amount"] for line in lines if json.loads(line)["kind"] == "paid")
    end = time.monotonic() + SECONDS
    while http.get("/api/rooms/autumn-sale").status_code == 404:
        assert time.monotonic() < end
        time.sleep(0.1)
    example("watch.py", screen, token, "autumn-sale").wait(lambda said: f"gmv {paid}, online" in said)
    receiver.wait(lambda said: "info autumn-sale: " in said and '"The goal is reached"' in said)


def test_the_producer_sends_what_the_agents_count(stack, token, example) -> None:
    producer = example("producer.py", stack.listening()["kafka"], "produced")
    assert producer.process.wait(SECONDS) == 0, producer.said()
    end = time.monotonic() + SECONDS
    total: dict = {}
    while total.get("gmv") != 9900:
        assert time.monotonic() < end, total
        status, body = stack.get("/api/rooms/produced", token)
        total = json.loads(body)["total"] if status == 200 else {}
    assert (total["viewers"], total["product_clicks"], total["orders_paid"], total["comments"]) == (5, 5, 1, 1)


def test_the_receiver_refuses_what_is_not_signed(example) -> None:
    receiver = example("webhook_receiver.py", SECRET, 0)
    hook = receiver.wait(lambda said: "listening on" in said).split()[-1]
    stamp = {"webhook-id": "m", "webhook-timestamp": str(int(time.time())), "webhook-signature": "v1,AAAA"}
    for headers in ({}, stamp, {**stamp, "webhook-timestamp": "1"}, {**stamp, "webhook-signature": "v1,壹".encode()}):
        assert httpx.post(hook, content=b'{"alerts": []}', headers=headers).status_code == 401


def test_the_client_of_the_websocket_stays_short() -> None:
    code = (EXAMPLES / "watch.py").read_text().partition('"""\n')[2].splitlines()
    assert len([line for line in code if line.strip()]) <= 30
