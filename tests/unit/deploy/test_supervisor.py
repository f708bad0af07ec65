import asyncio
import contextlib
import os
import signal
import sys

import pytest

from deploy import supervisor
from deploy.cli import say
from deploy.supervisor import OnEnd, Part, Supervisor, describe


@pytest.fixture
async def stack(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "FIRST_DELAY_SECONDS", 0.05)
    said = []
    made = Supervisor(tmp_path, said.append)
    made.said = said
    yield made
    await made.stop()


def part(name, program, on_end=OnEnd.RESTART, *, layer=0, grace=5.0, final=frozenset()):
    return Part(name, [sys.executable, "-c", program], on_end, layer, grace, final=final)


async def until(condition, seconds=60):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 (another process makes it true)
            await asyncio.sleep(0.02)


async def test_a_part_that_ends_is_started_again_ever_later(stack, tmp_path):
    await stack.start(part("p", "print('here'); raise SystemExit(4)"))
    await until(lambda: len(stack.said) >= 3)
    assert stack.said[:3] == [
        f"p ended with status 4; it starts again in {delay} s (see {tmp_path / 'p.log'})" for delay in ("0.05", "0.1", "0.2")
    ]
    assert (tmp_path / "p.log").read_text().count("here") >= 3


async def test_a_final_status_is_not_argued_with(stack):
    await stack.start(part("p", "raise SystemExit(3)", final=frozenset({3})))
    await until(lambda: stack.said)
    await asyncio.sleep(0.3)
    assert len(stack.said) == 1 and "p ended with status 3 and is not started again" in stack.said[0]
    assert not stack.failed.done()


async def test_a_part_that_the_stack_cannot_do_without(stack):
    await stack.start(part("p", "print('no room'); raise SystemExit(1)", OnEnd.FAIL))
    line = await asyncio.wait_for(stack.failed, 30)
    assert line.startswith("p ended with status 1") and line.endswith("no room")


async def test_once_the_stack_has_started_it_waits_for_any_part_to_come_back(stack):
    stack.started = True
    await stack.start(part("p", "raise SystemExit(1)", OnEnd.FAIL))
    await until(lambda: len(stack.said) >= 2)
    assert "it starts again in" in stack.said[0] and not stack.failed.done()


async def test_a_part_that_has_done_its_work(stack):
    await stack.start(part("p", "pass", OnEnd.ACCEPT))
    await until(lambda: stack.said)
    assert stack.said == ["p has ended"]


async def test_warnings_reach_the_person_and_everything_the_file_without_tricks(stack, tmp_path):
    program = "print('2026-01-01 00:00:00,000 INFO a: b'); print('2026-01-01 00:00:00,000 ERROR a: \\x1b[2J\\x07' + 'x')"
    await stack.start(part("p", program, OnEnd.ACCEPT))
    await until(lambda: len(stack.said) == 2)
    assert stack.said[0] == "p: 2026-01-01 00:00:00,000 ERROR a: ?[2J?x"
    assert (tmp_path / "p.log").read_text().splitlines() == ["2026-01-01 00:00:00,000 INFO a: b", stack.said[0][3:]]


async def test_a_line_without_end_does_not_fill_the_memory(stack, tmp_path):
    await stack.start(part("p", "import sys; sys.stdout.write('x' * 3_000_000)", OnEnd.ACCEPT))
    await until(lambda: stack.said)
    assert 0 < (tmp_path / "p.log").stat().st_size < 50_000


async def test_a_full_disk_is_one_line_and_stops_nobody(stack, tmp_path, capfd):
    (tmp_path / "p.log").symlink_to("/dev/full")
    program = "print('2026-01-01 00:00:00,000 ERROR a: b'); print('x' * 300_000)"
    await stack.start(part("p", program, OnEnd.ACCEPT))
    await until(lambda: "p has ended" in stack.said)
    await stack.stop()
    full = f"p: its log {tmp_path / 'p.log'} cannot be written: No space left on device"
    assert stack.said == [full, "p: 2026-01-01 00:00:00,000 ERROR a: b", "p has ended"]
    assert capfd.readouterr().err == ""


async def test_a_part_is_started_again_though_the_terminal_is_gone(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "FIRST_DELAY_SECONDS", 0.05)
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", buffering=1) as nobody:
        monkeypatch.setattr(sys, "stderr", nobody)
        made = Supervisor(tmp_path, say)
        await made.start(part("p", "print('2026-01-01 00:00:00,000 ERROR a: here'); raise SystemExit(4)"))
        await until(lambda: (tmp_path / "p.log").read_text().count("here") >= 2)
        await made.stop()
        with contextlib.suppress(BrokenPipeError):
            nobody.close()


async def test_stop_ends_upper_layers_first_and_kills_who_does_not_listen(stack, tmp_path):
    wait = "import signal, time, pathlib; "
    deaf = wait + "signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    note = f"pathlib.Path({str(tmp_path / 'below')!r}).write_text(str(time.time()))"
    below = wait + f"signal.signal(signal.SIGTERM, lambda *_: ({note}, exit(0))); print('below', flush=True); time.sleep(60)"
    await stack.start(part("below", below))
    await stack.start(part("deaf", deaf, layer=1, grace=0.5))
    await until(lambda: all((tmp_path / f"{name}.log").read_text() for name in ("below", "deaf")))
    begin = asyncio.get_running_loop().time()
    await stack.stop()
    assert 0.4 < asyncio.get_running_loop().time() - begin < 20
    assert (tmp_path / "below").exists(), "the lower one was asked, after the upper one was gone"
    assert stack.said == []


async def test_in_a_hurry_everything_is_killed(stack, tmp_path):
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    await stack.start(part("deaf", deaf, grace=60))
    await until((tmp_path / "deaf.log").read_text)
    stopping = asyncio.create_task(stack.stop())
    await asyncio.sleep(0.1)
    stack.kill()
    await asyncio.wait_for(stopping, 20)


def test_statuses_in_words():
    assert describe(2) == "ended with status 2"
    assert describe(-signal.SIGKILL) == "was ended by SIGKILL"
    assert describe(-250) == "was ended by signal 250"
