import pytest

from deploy.doctor import kafka
from streams.store.memory import MemoryStore
from streams.topics import ORDERS, VIEWS, Partition

ZERO, ONE = Partition(VIEWS, 0), Partition(VIEWS, 1)


class Applied:
    """A store that knows progress alone: what it says first, and then."""

    def __init__(self, *answers):
        self.answers = list(answers)

    async def progress(self, log, partitions):
        assert log == "the-log"
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def check(monkeypatch):
    monkeypatch.setattr(kafka, "LOOK_AGAIN_SECONDS", 0.0)

    async def run(ends, *progress, first=0):
        async def read_ends(_kafka, partitions):
            return dict.fromkeys(partitions, first), dict(zip(partitions, ends, strict=True))

        monkeypatch.setattr(kafka, "read_ends", read_ends)
        (finding,) = await kafka.check_lag("k:1", {VIEWS: "the-log"}, Applied(*progress), {VIEWS: 2})
        return finding

    return run


async def test_nothing_waits(check):
    finding = await check((5, 7), {ZERO: 5, ONE: 7})
    assert finding.good and "all 12 records" in finding.text


async def test_records_wait_and_are_taken(check):
    finding = await check((5, 7), {ZERO: 1}, {ZERO: 4, ONE: 1})
    assert finding.good and "7 records wait, 4 were applied" in finding.text


async def test_records_wait_and_nobody_takes_them(check):
    finding = await check((5, 7), {ZERO: 5})
    assert not finding.good and "7 records wait" in finding.text and "livescreen agents" in finding.text


async def test_what_retention_took_does_not_wait(check):
    assert (await check((5, 7), {ZERO: 5}, first=7)).good


async def test_a_log_that_was_cut(check):
    finding = await check((5, 7), {ZERO: 50, ONE: 7})
    assert not finding.good and "live.views:0: more is applied than the log holds" in finding.text


async def test_topics_made_anew():
    store = MemoryStore()
    logs = {VIEWS: "c/one", ORDERS: "c/new"}
    for topic in logs:
        await store.note_log(topic, "other/one")
        await store.note_log(topic, "c/one")
    (finding,) = await kafka.check_logs(logs, store)
    assert finding.good
    assert finding.text.startswith("live.orders was deleted and made anew, or LIVESCREEN_TOPIC_PREFIX is another one (c/new, before c/one)")
    assert "will count" in finding.text
    await store.note_log(ORDERS, "c/new")
    (finding,) = await kafka.check_logs(logs, store)
    assert "in it counts beside" in finding.text
