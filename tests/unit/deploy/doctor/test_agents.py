from deploy.dead_letters.letters import Letter
from deploy.doctor.agents import check_agents, judge
from streams.store.memory import MemoryStore
from streams.workers import Report

NOW = 1_760_000_000_000


def test_what_was_rejected_lately_is_told_with_what_is_only_counted() -> None:
    letters = [
        Letter("future", NOW - 1_000),
        Letter("summary", NOW - 2_000, count=40, last_offset=50, reasons={"future": 38, "not-json": 2}),
        Letter("mended", NOW),
        Letter("too-old", NOW - 11 * 60_000),
    ]
    finding = judge(letters, NOW)
    assert not finding.good
    assert "at least 41: future 39, not-json 2" in str(finding)
    assert judge(letters[2:], NOW).good


async def test_agents_that_ended_are_a_finding_with_the_reason() -> None:
    store = MemoryStore(lambda: NOW)
    assert (await check_agents(store)).good
    await store.report("w", Report(NOW, "ended", "its log was cut").text(), 0)
    finding = await check_agents(store)
    assert not finding.good and "its log was cut" in str(finding)
