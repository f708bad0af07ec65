"""Messages by Apprise: what a hundred services answer, which Apprise keeps to itself, and whom we trust in TLS."""

import sys
import threading
import time
from types import ModuleType
from typing import Any

import requests

from agents.notify import reasons
from agents.notify.reasons import Verdict
from streams.notices.letter import Plain

#: Those that answer 200 whatever happened, and say in the body what did.
BOTS = {"dingtalk", "wecombot", "feishu", "lark"}
_LEAST_PART = 70
_MOST_BODY_BYTES = 64 * 1024
_CALLS = {"get", "post", "put", "patch", "delete", "request"}
_heard = threading.local()


class Listening(ModuleType):
    """`requests`, as a service of Apprise has it: what this thread's calls are answered is kept, and our authorities are trusted."""

    def __getattr__(self, name: str) -> Any:
        found = getattr(requests, name)
        return _kept(found) if name in _CALLS else found


def _kept(call: Any) -> Any:
    def made(*args: Any, **named: Any) -> Any:
        authorities = getattr(_heard, "authorities", None)
        if authorities is not None and named.get("verify", True) is True:
            named["verify"] = authorities
        try:
            answer = call(*args, **named)
        except requests.RequestException as error:
            _heard.answers.append(error)
            raise
        _heard.answers.append(answer)
        return answer

    return made


def notify(target: str, plain: Plain, authorities: str | None = None) -> Verdict:
    """One attempt, in this thread. `authorities`: a file with all that are trusted (PEM)."""
    from apprise import Apprise, AppriseAsset, NotifyFormat, OverflowMode  # noqa: PLC0415 (it takes most of a second, and few need it)

    # In this thread: those of its own are few, and shared by all. The time is kept by who waits for it.
    service = Apprise(asset=AppriseAsset(async_mode=False, service_timeout=0))
    if not service.add(target):
        return Verdict("refused", "unknown_service")
    for each in service:
        _listen(each)
        # In parts, not as a whole that the service refuses or drops without a word. Some limits are bytes: of these Chinese takes three.
        each.overflow_mode = OverflowMode.SPLIT
        each.body_maxlen = min(each.body_maxlen, max(each.body_maxlen // 3, _LEAST_PART))
    _heard.answers, _heard.authorities = [], authorities
    sent = service.notify(title=plain.title, body=plain.body, notify_type=plain.mood, body_format=NotifyFormat.TEXT)
    return _judge(target.partition("://")[0].lower(), bool(sent), _heard.answers)


def _listen(service: Any) -> None:
    for kind in type(service).__mro__:
        module = sys.modules.get(kind.__module__)
        if module is not None and getattr(module, "requests", None) is requests:
            vars(module)["requests"] = Listening("requests")


def _judge(scheme: str, sent: bool, answers: list[Any]) -> Verdict:
    """What came of it: of a message in parts, the last answer tells, where no part was refused within a 200."""
    if scheme in BOTS:
        for answer in answers:
            if not isinstance(answer, BaseException) and (said := reasons.of_bot(_body(answer))) is not None:
                return said
    last = answers[-1] if answers else None
    if last is None:
        return Verdict("delivered", "taken") if sent else Verdict("failed", "service")
    if isinstance(last, BaseException):
        return Verdict("delivered", "taken") if sent else reasons.of_error(last)
    verdict = reasons.of_status(last.status_code, last.headers.get("Retry-After", ""), time.time())
    if sent:
        return Verdict("delivered", "taken", verdict.detail)
    return verdict if verdict.outcome != "delivered" else Verdict("failed", "service", verdict.detail)


def _body(answer: Any) -> object:
    if len(answer.content) > _MOST_BODY_BYTES:
        return None
    try:
        return answer.json()
    except ValueError:
        return None
