"""Replay against the real broker, and what the whole stack makes of good and bad lines."""

import asyncio
import base64
import json
import signal
import time

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.ports import free_port
from streams.topics import ALL, DEAD_LETTERS

NOW_MS = int(time.time() * 1_000)
ROOM = "replayed"
YEAR_MS = 365 * 86_400_000


def event(topic, number, **fields):
    return {"topic": topic, "id": f"{topic}-{number}", "room": ROOM, "at": NOW_MS - 60_000, **fields}


def view(number, **fields):
    return event("live.views", number, **{"kind": "entered", "user": f"u{number}", "source": "search", "person": {}, **fields})


def paid(number):
    fields = {"user": f"u{number}", "order": f"o{number}", "product": "p", "quantity": 2, "amount": 1_999}
    return event("live.orders", number, kind="paid", **fields)


GOOD = [event("live.scenes", 0, kind="opened", title="房间"), *[view(n) for n in range(300)], *[paid(n) for n in range(20)]]

#: A bad line, and the reason that its dead letter gives.
BAD = [
    (b"\x00\xff\xfe\x80" * 250, "not-json"),
    (json.dumps(view(1)).encode()[:-20], "not-json"),
    (json.dumps(view(2, user=7)).encode(), "wrong-type"),
    (json.dumps(view(3, kind="danced")).encode(), "unknown-kind"),
    (json.dumps(view(4, note="x" * 2**20)).encode(), "too-large"),
    (json.dumps(view(5, at=NOW_MS + YEAR_MS)).encode(), "future"),
    (json.dumps({**view(6), "topic": "live.nothing"}).encode(), "wrong-value"),
    (b'{"topic":"live.views"}', "unknown-kind"),
]


@pytest.fixture
def stack(livescreen, tmp_path):
    running = livescreen.up("--token-file", tmp_path / "token")
    yield running
    running.kill()


def board_when(stack, token, condition):
    end = time.monotonic() + 30
    board = {}
    while time.monotonic() < end:
        status, body = stack.get(f"/api/rooms/{ROOM}", token)
        board = json.loads(body)
        if status == 200 and condition(board["total"]):
            return board
        time.sleep(0.1)
    pytest.fail(f"never so: {board.get('total', board)}")


async def read_all(kafka, topic, count, room=None):
    """The first `count` records of a topic, or of one room in it."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or range(4))])
        records = []
        async with asyncio.timeout(90):
            while len(records) < count:
                for fetched in (await consumer.getmany(timeout_ms=500)).values():
                    records += [record for record in fetched if room is None or record.key == room]
        return records
    finally:
        await consumer.stop()


async def test_bad_lines_are_one_dead_letter_each_and_what_follows_counts(stack, livescreen, tmp_path, no_traceback):
    good = [json.dumps(each).encode() for each in GOOD]
    mixed = tmp_path / "mixed.ndjson"
    mixed.write_bytes(b"\n".join([*good[:100], *(raw for raw, _ in BAD), *good[100:]]))
    done = await asyncio.to_thread(livescreen.run, "replay", mixed, "--data", livescreen.data)
    assert done.returncode == 0, done.stderr
    assert f"sent {len(GOOD)}, rejected {len(BAD)}" in done.stdout and no_traceback(done.stderr)

    token = (tmp_path / "token").read_text().strip()
    board = await asyncio.to_thread(board_when, stack, token, lambda total: total["entries"] == 300 and total["orders_paid"] == 20)
    assert (board["total"]["gmv"], board["total"]["items_sold"], board["title"]) == (20 * 1_999, 40, "房间")

    letters = [json.loads(record.value) for record in await read_all(stack.listening()["kafka"], DEAD_LETTERS, len(BAD))]
    assert sorted(each["reason"] for each in letters) == sorted(reason for _, reason in BAD)
    raws = {base64.b64decode(each["raw"]) for each in letters}
    assert raws == {raw for raw, _ in BAD}
    for each in letters:
        assert set(each) >= {"reason", "detail", "topic", "partition", "offset", "bytes", "raw", "at"}
    unplaced = {(each["file"], each["offset"]) for each in letters if each["topic"] is None}
    assert unplaced == {("mixed.ndjson", 100 + line) for line in (1, 2, 7)}, "those of BAD that name no topic"

    again = await asyncio.to_thread(livescreen.run, "replay", mixed, "--data", livescreen.data)
    assert again.returncode == 0
    board = await asyncio.to_thread(board_when, stack, token, lambda total: total["entries"] == 600)
    assert (board["total"]["orders_paid"], board["total"]["gmv"]) == (20, 20 * 1_999), "orders repeat, and count once"


def test_lines_arrive_as_they_are_in_order_and_under_their_room(livescreen, broker, tmp_path):
    lines = [b'{"room":"order-%d", "n" :%d,"x":"\xe6\xb5\x99\\u6d59"}' % (number % 3, number) for number in range(5_000)]
    path = tmp_path / "live.comments.ndjson"
    path.write_bytes(b"\n".join(lines))
    done = livescreen.run("replay", path, KAFKA=broker)
    assert done.returncode == 0 and "sent 0, rejected 5000" in done.stdout, done.stderr
    records = [record for record in asyncio.run(read_all(broker, "live.comments", 5_000)) if record.key.startswith(b"order-")]
    assert sorted(record.value for record in records) == sorted(lines)
    for room in (b"order-0", b"order-1", b"order-2"):
        own = [record for record in records if record.key == room]
        assert [record.value for record in own] == [line for line in lines if room in line]
        assert len({record.partition for record in own}) == 1


def test_rebase_and_speed_together_send_at_the_pace_and_stamp_with_it(livescreen, broker, tmp_path):
    path = tmp_path / "rebase.ndjson"
    path.write_text("\n".join(json.dumps({**view(n), "room": "rebased", "at": 1_600_000_000_000 + n * 1_000}) for n in range(31)))
    begin = time.time() * 1_000
    done = livescreen.run("replay", path, "--speed", 30, "--rebase", KAFKA=broker)
    end = time.time() * 1_000
    assert "sent 31, rejected 0" in done.stdout, done.stderr
    records = [record for record in asyncio.run(read_all(broker, "live.views", 31)) if record.key == b"rebased"]
    times = [json.loads(record.value)["at"] for record in records]
    assert begin <= times[0] and times[-1] <= end
    assert times[-1] - times[0] == 1_000
    assert 800 <= records[-1].timestamp - records[0].timestamp <= 2_000


def test_ctrl_c_says_what_was_sent(livescreen, broker, tmp_path):
    path = tmp_path / "views.ndjson"
    path.write_text("\n".join(json.dumps({**view(n), "room": "cut", "at": 1_600_000_000_000 + n * 100_000_000}) for n in range(9)))
    running = livescreen.start("replay", path, "--speed", 0.1, KAFKA=broker)
    try:
        asyncio.run(read_all(broker, "live.views", 1, b"cut"))
        assert running.stop(signal.SIGINT) == 130
    finally:
        running.kill()
    assert "sent 1, rejected 0" in running.said() and "Traceback" not in running.said()


def test_rebase_alone_says_what_to_do_about_the_future(livescreen, broker, tmp_path):
    path = tmp_path / "views.ndjson"
    path.write_text("\n".join(json.dumps({**view(n), "room": "ahead", "at": 1_600_000_000_000 + n * 100_000}) for n in range(3)))
    done = livescreen.run("replay", path, "--rebase", KAFKA=broker)
    assert "sent 1, rejected 2" in done.stdout and "future 2" in done.stdout, done.stderr
    assert "add --speed" in done.stderr


def test_topics_are_created_where_missing(livescreen, broker, tmp_path):
    path = tmp_path / "live.scenes.ndjson"
    path.write_text("")
    assert livescreen.run("replay", path, KAFKA=broker).returncode == 0
    examined = livescreen.run("doctor", KAFKA=broker, REDIS=f"redis://127.0.0.1:{free_port()}")
    assert examined.returncode == 1
    assert all(f"{topic} (" in examined.stdout for topic in ALL), examined.stdout  # other tests may have made them, with fewer partitions


def test_a_broker_that_is_away(livescreen, tmp_path, no_traceback):
    path = tmp_path / "live.scenes.ndjson"
    path.write_text("")
    done = livescreen.run("replay", path, KAFKA=f"127.0.0.1:{free_port()}")
    assert done.returncode == 1 and "Kafka" in no_traceback(done.stderr).splitlines()[-1]
