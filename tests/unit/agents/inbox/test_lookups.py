"""Look-ups, against an API that is played."""

import json
from pathlib import Path

import httpx
import pytest

from agents.inbox import lookups
from agents.inbox.lookups import Failed, Lookups, _Pace
from streams.platforms import files
from streams.platforms.base import Unreadable
from tests.platforms.cases import CASES, MS, SECRETS

PAYLOAD = CASES["tiktok-shop"].value


@pytest.fixture
def sources(tmp_path: Path) -> files.Sources:
    (tmp_path / "s.json").write_text(json.dumps(SECRETS["tiktok-shop"]))
    (tmp_path / "token").write_text("secret token")
    (tmp_path / "f.yaml").write_text(
        "sources:\n  shop: {platform: tiktok-shop, secrets: [s.json], token: token, address: 'http://api.test'}\n"
    )
    return files.read(str(tmp_path / "f.yaml"))


def asked(sources: files.Sources, answer: object) -> Lookups:
    made = Lookups(sources, lambda: MS)
    made._client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return made


async def test_the_detail_of_an_order(sources: files.Sources):
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=CASES["tiktok-shop"].lookup[1])

    found = await asked(sources, answer).detail(sources.senders["shop"], PAYLOAD)
    assert found == CASES["tiktok-shop"].lookup[1]["data"]
    assert (seen[0].url.params["ids"], seen[0].headers["x-tts-access-token"]) == ("57", "secret token")


async def test_no_address_with_a_token_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    (tmp_path / "s.json").write_text(json.dumps(SECRETS["wechat-shop"]))
    (tmp_path / "token").write_text("hidden-token")
    (tmp_path / "f.yaml").write_text(
        "sources:\n  shop: {platform: wechat-shop, secrets: [s.json], token: token, address: 'http://api.test'}\n"
    )
    sources = files.read(str(tmp_path / "f.yaml"))
    caplog.set_level("INFO")
    made = asked(sources, lambda _: httpx.Response(200, json=CASES["wechat-shop"].lookup[1]))
    assert await made.detail(sources.senders["shop"], CASES["wechat-shop"].value)
    assert "hidden-token" not in caplog.text


async def test_a_message_that_needs_none_asks_nobody(sources: files.Sources):
    def answer(_: httpx.Request) -> httpx.Response:
        raise AssertionError("nobody asks")

    assert await asked(sources, answer).detail(sources.senders["shop"], {"type": 71}) is None


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(302, headers={"location": "http://elsewhere"}),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={"code": 105002, "message": "expired"}),
        httpx.Response(200, content=b" " * (lookups.MAX_ANSWER_BYTES + 1)),
        httpx.ConnectError("no route to secret token"),
        httpx.ReadTimeout("slow"),
    ],
)
async def test_what_is_no_detail_is_a_failure_that_tells_no_secret(sources: files.Sources, answer: httpx.Response | Exception):
    def give(_: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(Failed) as error:
        await asked(sources, give).detail(sources.senders["shop"], PAYLOAD)
    assert "secret" not in str(error.value)


async def test_without_a_token_it_waits(sources: files.Sources):
    (sources.folder / "token").unlink()
    with pytest.raises(Failed, match="no secret or token"):
        await asked(sources, lambda _: httpx.Response(200)).detail(sources.senders["shop"], PAYLOAD)


async def test_a_push_without_its_order_is_unreadable(sources: files.Sources):
    with pytest.raises(Unreadable):
        await asked(sources, lambda _: httpx.Response(200)).detail(sources.senders["shop"], {"type": 1, "data": {}})


def test_an_api_that_fails_is_asked_ever_more_seldom():
    pace, now, pauses = _Pace(), 0.0, []
    for _ in range(9):
        pace.failed(now)
        pace.failed(now)  # several calls of one moment are one failure
        pauses.append(pace.until - now)
        now = pace.until
    assert pauses[:4] == [0.5, 1.0, 2.0, 4.0] and pauses[-1] == 30.0
