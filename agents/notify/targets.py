"""Where messages go: the signed webhook, or any address that Apprise knows. Operators alone set targets, so inner addresses are allowed."""

import asyncio
import ssl
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import certifi
import httpx
import msgspec

from agents.notify import reasons, services
from agents.notify.reasons import Verdict
from streams.notices import letter, signing
from streams.notices.plan import Message, Result
from streams.notices.subscription import Subscription

_WEBHOOK_SECONDS = 10.0
_APPRISE_SECONDS = 30.0
#: Attempts by Apprise at once. Each keeps a thread while its service is silent, and the loop's own few are for what is quick.
_THREADS = 64
#: Of a webhook's answer so much is read, and so long: whether it is a group bot's, which says no within a 200.
_BODY_BYTES, _BODY_SECONDS = 4 * 1024, 1.0


class Targets:
    """Sends messages; use it as a context manager, in one event loop.

    authorities   a file with authorities of one's own (PEM), which are trusted beside the usual ones
    """

    def __init__(self, authorities: str | None = None) -> None:
        # As many connections as there are subscriptions: one that is silent must not keep another waiting.
        unlimited = httpx.Limits(max_connections=None, max_keepalive_connections=20)
        trusted = ssl.create_default_context(cafile=certifi.where())
        self._bundle = None
        if authorities is not None:
            trusted.load_verify_locations(authorities)
            self._bundle = tempfile.NamedTemporaryFile(suffix=".pem")  # noqa: SIM115 (as long as this is)
            self._bundle.write(Path(certifi.where()).read_bytes() + b"\n" + Path(authorities).read_bytes())
            self._bundle.flush()
        self._client = httpx.AsyncClient(timeout=_WEBHOOK_SECONDS, follow_redirects=False, limits=unlimited, verify=trusted)
        self._threads = ThreadPoolExecutor(_THREADS, "apprise")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        await self._client.aclose()
        if self._bundle is not None:
            self._bundle.close()

    async def send(self, subscription: Subscription, message: Message) -> Result:
        """One attempt; never raises for what a receiver does."""
        begun = time.monotonic()
        attempt = self._webhook if subscription.is_webhook else self._apprise
        verdict = await attempt(subscription, message)
        took_ms = round((time.monotonic() - begun) * 1000)
        return Result(verdict.outcome, verdict.reason, verdict.detail, took_ms, verdict.pause_ms)

    async def _webhook(self, subscription: Subscription, message: Message) -> Verdict:
        body = letter.body(subscription, message)
        signed = signing.headers(subscription.secret, message.id, str(int(time.time())), body)
        headers = {"Content-Type": "application/json", "User-Agent": "livescreen", **signed}
        try:
            async with (
                asyncio.timeout(_WEBHOOK_SECONDS),
                self._client.stream("POST", subscription.target, content=body, headers=headers) as answer,
            ):
                verdict = reasons.of_status(answer.status_code, answer.headers.get("Retry-After", ""), time.time())
                return (await _said(answer) or verdict) if verdict.outcome == "delivered" else verdict
        except TimeoutError:
            return Verdict("failed", "no_answer", f"{_WEBHOOK_SECONDS:g} s")
        except httpx.HTTPError as error:
            return reasons.of_error(error)
        except (httpx.InvalidURL, UnicodeError):  # an international name that is none is the latter
            return Verdict("refused", "no_address")

    async def _apprise(self, subscription: Subscription, message: Message) -> Verdict:
        plain = letter.plain(subscription, message)
        try:
            async with asyncio.timeout(_APPRISE_SECONDS):
                run = asyncio.get_running_loop().run_in_executor
                bundle = None if self._bundle is None else self._bundle.name
                return await run(self._threads, services.notify, subscription.target, plain, bundle)
        except TimeoutError:
            return Verdict("failed", "no_answer", f"{_APPRISE_SECONDS:g} s")
        except Exception as error:  # noqa: BLE001 - of a hundred services' code: else it would be tried again at once, for ever
            return Verdict("failed", "service", f"{type(error).__name__} within Apprise")


async def _said(answer: httpx.Response) -> Verdict | None:
    """What a group bot, whose own address was given for a webhook's, says against it in its body; nobody else calls that `errcode`."""
    body = b""
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > _BODY_BYTES:
                    return None
        answered = msgspec.json.decode(body)
    except (TimeoutError, httpx.HTTPError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None  # it has said 200, and nothing that we understand
    return reasons.of_bot(answered) if isinstance(answered, dict) and "errcode" in answered else None
