"""Where messages go: the signed webhook, or any address that Apprise knows. Operators alone set targets, so inner addresses are allowed."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

import httpx

from streams.notices import letter
from streams.notices.plan import Message, Outcome, Result
from streams.notices.subscription import Subscription

_WEBHOOK_SECONDS = 10.0
_APPRISE_SECONDS = 30.0
#: Answers that a later attempt may change; every other 4xx is the receiver's last word.
_TRY_AGAIN = {408, 409, 423, 425, 429}
_LONGEST_PAUSE_MS = 600_000
#: Attempts by Apprise at once. Each keeps a thread while its service is silent, and the loop's own few are for what is quick.
_THREADS = 64
_LEAST_PART = 70


class Targets:
    """Sends messages; use it as a context manager, in one event loop."""

    def __init__(self) -> None:
        # As many connections as there are subscriptions: one that is silent must not keep another waiting.
        unlimited = httpx.Limits(max_connections=None, max_keepalive_connections=20)
        self._client = httpx.AsyncClient(timeout=_WEBHOOK_SECONDS, follow_redirects=False, limits=unlimited)
        self._threads = ThreadPoolExecutor(_THREADS, "apprise")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        await self._client.aclose()

    async def send(self, subscription: Subscription, message: Message) -> Result:
        """One attempt; never raises for what a receiver does."""
        begun = time.monotonic()
        if subscription.is_webhook:
            outcome, detail, pause_ms = await self._webhook(subscription, message)
        else:
            outcome, detail, pause_ms = await self._apprise(subscription, message)
        return Result(outcome, detail, round((time.monotonic() - begun) * 1000), pause_ms)

    async def _webhook(self, subscription: Subscription, message: Message) -> tuple[Outcome, str, int]:
        body = letter.body(subscription, message)
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "livescreen",
            "X-Livescreen-Id": message.id,
            "X-Livescreen-Timestamp": timestamp,
            "X-Livescreen-Signature": letter.signature(subscription.secret, timestamp, body),
        }
        try:
            async with (
                asyncio.timeout(_WEBHOOK_SECONDS),
                self._client.stream("POST", subscription.target, content=body, headers=headers) as answer,
            ):
                return _judge(answer)  # what it says beyond its status is not read
        except TimeoutError:
            return "failed", f"no answer in {_WEBHOOK_SECONDS:g} s", 0
        except httpx.HTTPError as error:
            return "failed", type(error).__name__, 0
        except (httpx.InvalidURL, UnicodeError):  # an international name that is none is the latter
            return "refused", "the target is no address", 0

    async def _apprise(self, subscription: Subscription, message: Message) -> tuple[Outcome, str, int]:
        plain = letter.plain(subscription, message)
        try:
            async with asyncio.timeout(_APPRISE_SECONDS):
                return await asyncio.get_running_loop().run_in_executor(self._threads, _notify, subscription.target, plain)
        except TimeoutError:
            return "failed", f"no answer in {_APPRISE_SECONDS:g} s", 0
        except Exception as error:  # noqa: BLE001 - of a hundred services' code: else it would be tried again at once, for ever
            return "failed", f"{type(error).__name__} within Apprise", 0


def _judge(answer: httpx.Response) -> tuple[Outcome, str, int]:
    status = answer.status_code
    if answer.is_success:
        return "delivered", f"status {status}", 0
    if status in _TRY_AGAIN or status >= 500:
        asked = answer.headers.get("Retry-After", "")
        pause_ms = int(asked) * 1000 if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
        return "failed", f"status {status}", min(pause_ms, _LONGEST_PAUSE_MS)
    return "refused", f"status {status}", 0


def _notify(target: str, plain: letter.Plain) -> tuple[Outcome, str, int]:
    from apprise import Apprise, AppriseAsset, NotifyFormat, OverflowMode  # noqa: PLC0415 (it takes most of a second, and few need it)

    # In this thread: those of its own are few, and shared by all. The time is kept by who waits for it.
    service = Apprise(asset=AppriseAsset(async_mode=False, service_timeout=0))
    if not service.add(target):
        return "refused", "Apprise does not know such an address", 0
    for each in service:
        # In parts, not as a whole that the service refuses or drops without a word. Some limits are bytes: of these Chinese takes three.
        each.overflow_mode = OverflowMode.SPLIT
        each.body_maxlen = min(each.body_maxlen, max(each.body_maxlen // 3, _LEAST_PART))
    sent = service.notify(title=plain.title, body=plain.body, notify_type=plain.mood, body_format=NotifyFormat.TEXT)
    return ("delivered", "the service took it", 0) if sent else ("failed", "the service did not take it", 0)
