"""Why an attempt came to nothing, as codes: whoever reads the log has the words, in a language of their own.

A detail says more, in the receiver's words, and is one line; no address is ever in it: it may hold a password.
"""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx

from streams.notices.plan import Outcome, Reason

#: Answers that a later attempt may change; every other 4xx is the receiver's last word.
_TRY_AGAIN = {408, 409, 423, 425, 429}
LONGEST_PAUSE_MS = 600_000
_LONGEST_DETAIL = 200
#: Group bots that take so many messages a minute and no more say this; DingTalk (130101, 410100, 90030), WeCom (45009, 45033), Feishu and
#: Lark (11232, 230020, 99991400). -1: the system is busy. Where they stand: docs/decisions/0009-what-services-answer-apprise.md.
_RATE_LIMITED = {130101, 410100, 90030, 45009, 45033, 11232, 230020, 99991400}
_BUSY = {-1}
#: Their limits are by the minute; DingTalk then holds a bot back for ten, as its documents say, and a try a minute finds out.
_BOT_PAUSE_MS = 60_000


#: The first that is among the causes: those that say most stand first, and most are an OSError too.
_KINDS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Reason], ...] = (
    (socket.gaierror, "unknown_host"),
    (ssl.SSLCertVerificationError, "certificate"),
    (ssl.SSLError, "tls"),
    (ConnectionRefusedError, "connection_refused"),
    ((TimeoutError, httpx.TimeoutException), "no_answer"),
    (ConnectionError, "broken_off"),
    (OSError, "unreachable"),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of an attempt; `pause_ms`: so long the receiver wants no other."""

    outcome: Outcome
    reason: Reason
    detail: str = ""
    pause_ms: int = 0


def of_status(status: int, retry_after: str, now: float) -> Verdict:
    """Of an HTTP answer. `now`: Unix seconds."""
    detail = f"status {status}"
    if 200 <= status < 300:
        return Verdict("delivered", "taken", detail)
    if status in _TRY_AGAIN or status >= 500:
        return Verdict("failed", "rate_limited" if status == 429 else "status", detail, pause_ms(retry_after, now))
    return Verdict("refused", "status", detail)


def pause_ms(retry_after: str, now: float) -> int:
    """What Retry-After asks for, in seconds or as a date (RFC 9110); 0 where it is neither."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit() and len(text) < 7:
        wanted = int(text) * 1000
    else:
        try:
            wanted = round((parsedate_to_datetime(text).timestamp() - now) * 1000)
        except (ValueError, OverflowError):
            return 0
    return max(0, min(wanted, LONGEST_PAUSE_MS))


def of_bot(answered: object) -> Verdict | None:
    """Of the JSON with which DingTalk, WeCom, Feishu and Lark answer, in an HTTP 200 whatever happened; None: they took the message."""
    if not isinstance(answered, dict):
        return None
    code, text = answered.get("errcode", answered.get("code", 0)), answered.get("errmsg", answered.get("msg", ""))
    if not isinstance(code, int) or code == 0:
        return None
    detail = one_line(f"{code} {text}")
    if code in _RATE_LIMITED:
        return Verdict("failed", "rate_limited", detail, _BOT_PAUSE_MS)
    return Verdict("failed" if code in _BUSY else "refused", "bot", detail)


def of_error(error: BaseException) -> Verdict:
    """Of an attempt that had no answer."""
    causes = list(_causes(error))
    for kinds, reason in _KINDS:
        for cause in causes:
            if isinstance(cause, kinds):
                code = getattr(cause, "verify_code", "") if reason == "certificate" else ""
                return Verdict("failed", reason, f"X.509 verification {code}" if code else "")
    return Verdict("failed", "broken_off", type(error).__name__)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that led to it, as far as libraries keep that: as causes, groups, arguments, or a `reason` (urllib3)."""
    waiting, seen = [error], set()
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        inner = [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args, *getattr(each, "exceptions", ())]
        waiting += [one for one in inner if isinstance(one, BaseException)]


def one_line(text: str) -> str:
    """What a receiver says, as part of a line of ours."""
    return "".join(letter if letter.isprintable() else " " for letter in text)[:_LONGEST_DETAIL].strip()
