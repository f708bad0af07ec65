"""The stack as a person runs it."""

import http.client
import json
import os
import re
import signal
import socket
import stat
import time
from urllib.parse import urlsplit

import pytest

from deploy.ports import free_port


@pytest.fixture
def stack(livescreen, tmp_path):
    running = livescreen.up("--token-file", tmp_path / "secret" / "token", AGENTS="2")
    yield running
    running.kill()


def test_up_serves_says_where_and_ctrl_c_leaves_nothing(stack, livescreen, tmp_path, still_alive, no_traceback):
    family = stack.family()
    assert len(family) == 6, family  # broker, store, two agents, watcher, screen

    file = tmp_path / "secret" / "token"
    token = file.read_text().strip()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((livescreen.data / "stack.json").stat().st_mode) == 0o600
    assert stack.get("/api/rooms", token) == (200, b'{"rooms":[],"on_air":{"rooms":0,"online":0,"orders_paid":0,"gmv":{}}}')
    assert stack.get("/api/rooms")[0] == 401

    listening = stack.listening()
    assert listening["pid"] == stack.process.pid
    password = re.fullmatch(r"redis://:(.+)@127\.0\.0\.1:\d+/0", str(listening["redis"]))
    assert password is not None
    assert not any(password[1] in line for line in family.values()), "the password is on no command line"
    logs = "".join(path.read_text() for path in (livescreen.data / "logs").iterdir())
    assert password[1] not in logs + stack.said() and token not in logs + stack.said()

    second = livescreen.run("up", "--data", livescreen.data, "--port", free_port())
    assert second.returncode == 1
    assert "already running" in no_traceback(second.stderr) and len(second.stderr.splitlines()) == 1
    assert stack.listening() == listening, "the refused one leaves the first alone"

    examined = livescreen.run("doctor", "--data", livescreen.data)
    assert examined.returncode == 0 and "✗" not in examined.stdout, examined.stdout

    wrong = livescreen.run("token", "--role", "viewer", "--room", "", "--data", livescreen.data)
    assert wrong.returncode == 2 and not wrong.stdout and "--room must be" in no_traceback(wrong.stderr)
    rooms = [argument for n in range(9) for argument in ("--room", f"broadcast-{n}")]
    made = livescreen.run("token", "--role", "viewer", "--days", "1", "--name", "Mo", *rooms, "--data", livescreen.data)
    assert made.returncode == 0 and stack.get("/api/rooms", made.stdout.splitlines()[-1])[0] == 200
    listed = livescreen.run("token", "list", "--data", livescreen.data).stdout
    (mine,) = (line for line in listed.splitlines() if "Mo" in line)
    identity = mine.split()[0]
    assert made.stdout.strip() not in listed and len(identity) == 12 and "broadcast-0, broadcast-1" in mine and "broadcast-8" in mine
    assert livescreen.run("token", "revoke", identity, "--data", livescreen.data).returncode == 0
    assert stack.get("/api/rooms", made.stdout.splitlines()[-1])[0] == 401

    assert stack.stop(signal.SIGINT) == 0, stack.said()
    assert still_alive(family, 0.5) == {}
    assert not (livescreen.data / "stack.json").exists()
    # A busy machine may see it wait for the screen; nothing else is said but where it is.
    said = [line for line in no_traceback(stack.said()).splitlines() if not line.startswith(("waiting for", "livescreen: starting"))]
    assert len(said) == 1, stack.said()


def test_a_part_that_dies_comes_back(stack, no_traceback):
    before = stack.part("deploy screen")
    os.kill(before, signal.SIGKILL)
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            if stack.get("/healthz")[0] == 200:
                break
        except OSError:
            time.sleep(0.1)
    assert stack.part("deploy screen") != before
    assert "screen was ended by SIGKILL; it starts again in 0.5 s" in no_traceback(stack.said())


def test_a_broker_that_cannot_start_ends_the_stack_with_its_reason(livescreen, no_traceback):
    properties = livescreen.data / "broker" / "log" / "meta.properties"
    properties.parent.mkdir(parents=True)
    properties.write_text("cluster.id=x\nversion=1\nnode.id=99\n")  # of another node
    done = livescreen.run("up", "--data", livescreen.data, "--port", free_port())
    assert done.returncode == 1
    last = no_traceback(done.stderr).splitlines()[-1]
    assert "broker ended with status 1" in last and "broker.log" in last, done.stderr


def test_nothing_outlives_a_killed_parent_and_the_next_one_starts(stack, livescreen, still_alive, no_traceback):
    family = stack.family()
    room = str(stack.listening()["screen"])
    stack.kill()
    assert still_alive(family) == {}
    assert (livescreen.data / "stack.json").exists(), "it had no time to clean up"
    stranded = livescreen.run("token", "--role", "viewer", "--data", livescreen.data)
    assert stranded.returncode == 1 and "none is running" in no_traceback(stranded.stderr)

    again = livescreen.up()
    try:
        assert again.listening()["screen"] != room
        assert again.stop(signal.SIGTERM) == 0
    finally:
        again.kill()


def test_a_port_that_is_taken(livescreen, no_traceback):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = livescreen.run("up", "--data", livescreen.data, "--port", port)
    assert done.returncode == 1
    assert no_traceback(done.stderr) == f"livescreen: port {port} of 127.0.0.1 is taken: choose another with --port\n"


def test_an_address_that_is_not_this_machines(livescreen, no_traceback):
    done = livescreen.run("demo", "--data", livescreen.data, HOST="192.0.2.1")
    assert done.returncode == 1
    line = no_traceback(done.stderr)
    assert line.startswith("livescreen: cannot listen on 192.0.2.1:8700 (") and "LIVESCREEN_HOST" in line and len(line.splitlines()) == 1


@pytest.mark.parametrize("command", ["up", "agents", "watch", "screen", "demo", "doctor"])
def test_wrong_settings_are_lines(livescreen, no_traceback, command):
    done = livescreen.run(command, KAFKA="nowhere", PORT="none", REDISS="redis://:secret@h")
    lines = no_traceback(done.stdout + done.stderr).splitlines()
    assert done.returncode == 1 and len(lines) == 3
    assert all(name in line for name, line in zip(("LIVESCREEN_KAFKA", "LIVESCREEN_PORT", "LIVESCREEN_REDISS"), lines, strict=True))
    assert "secret" not in done.stdout + done.stderr


@pytest.mark.parametrize("command", ["agents", "watch", "screen", "up"])
@pytest.mark.parametrize("missing", ["KAFKA", "REDIS"])
def test_servers_that_do_not_answer_are_named_with_what_to_do(livescreen, no_traceback, broker, redis_url, command, missing):
    nobody = f"127.0.0.1:{free_port()}"
    there = {"KAFKA": broker, "REDIS": redis_url, "WAIT_SECONDS": "1", "PORT": str(free_port())}
    there[missing] = {"KAFKA": nobody, "REDIS": f"redis://:secret@{nobody}/0"}[missing]
    done = livescreen.run(command, **there)
    text = no_traceback(done.stdout + done.stderr)
    assert done.returncode not in (0, None)
    assert nobody in text and f"LIVESCREEN_{missing}" in text and "secret" not in text


def test_given_servers_are_used_and_not_started(livescreen, broker, redis_url, still_alive):
    running = livescreen.up(KAFKA=broker, REDIS=redis_url)
    try:
        family = running.family()
        assert len(family) == 3, family  # agents, watcher, screen
        assert running.listening()["kafka"] == broker and running.listening()["redis"] == redis_url
        assert running.stop() == 0
        assert still_alive(family, 0.5) == {}
    finally:
        running.kill()


def test_the_demo_prints_one_link_that_opens_once(livescreen, tmp_path, still_alive):
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        demo = livescreen.start("demo", "--port", taken)
        try:
            demo.wait_until_ready()
            end = time.monotonic() + 60
            while "Open " not in demo.said() and time.monotonic() < end:
                time.sleep(0.05)
            assert f"port {taken} is taken; using " in demo.said()
            (line,) = (line for line in demo.said().splitlines() if "Open " in line)
            url = line.split()[-1]
            seen = [follow(url), follow(url)]
            assert [status for status, _ in seen] == [303, 401]
            assert re.fullmatch(r"/rooms/demo-[0-9-]+", seen[0][1])
            room = seen[0][1].rpartition("/")[2]
            token = livescreen.run("token", "--role", "viewer", "--data", livescreen.data).stdout.strip()
            first, later = wait_for_figures(demo, room, token)
            assert later > first
            family = demo.family()
            assert demo.stop() == 0, demo.said()
            assert still_alive(family, 0.5) == {}
            assert "goodbye; what it counted is kept in" in demo.said().splitlines()[-1]
            assert "kafka." not in demo.said() and len(demo.said().splitlines()) < 20, demo.said()
        finally:
            demo.kill()


def follow(url):
    """Status and location of a link's answer."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", f"{parts.path}?{parts.query}")
    answer = connection.getresponse()
    connection.close()
    return answer.status, answer.getheader("location", "")


def wait_for_figures(demo, room, token):
    """The room's entries as soon as there are any, and once they have risen."""
    seen = []
    end = time.monotonic() + 40
    while len(seen) < 2 and time.monotonic() < end:
        status, body = demo.get(f"/api/rooms/{room}", token)
        entries = json.loads(body)["total"]["entries"] if status == 200 else 0
        if entries and (not seen or entries > seen[-1]):
            seen.append(entries)
        time.sleep(0.2)
    return seen
