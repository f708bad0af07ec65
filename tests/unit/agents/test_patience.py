import logging

import pytest

from agents import patience
from agents.patience import Patience
from streams.store.port import StoreAway


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_FIRST_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(patience, "_WORTH_SAYING_SECONDS", 0.0)


async def test_repeats_until_done_and_logs_an_outage_twice(caplog: pytest.LogCaptureFixture) -> None:
    patient, tries = Patience(), iter([StoreAway("gone"), StoreAway("gone"), StoreAway("gone"), 42])

    async def call() -> object:
        answer = next(tries)
        if isinstance(answer, StoreAway):
            raise answer
        assert patient.waiting
        return answer

    with caplog.at_level(logging.WARNING):
        assert await patient.until_done(call) == 42
    assert [line.split(" (")[0].split(" after")[0] for line in caplog.messages] == ["the store is away", "the store is back"]
    assert not patient.waiting


async def test_a_blip_is_not_worth_a_line(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_WORTH_SAYING_SECONDS", 60.0)
    patient, tries = Patience(), iter([StoreAway("a dead connection"), StoreAway("another"), None])

    async def call() -> None:
        if answer := next(tries):
            raise answer

    await patient.until_done(call)
    assert not caplog.messages


async def test_a_bug_is_not_an_outage() -> None:
    async def call() -> None:
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        await Patience().until_done(call)
