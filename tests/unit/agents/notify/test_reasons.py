import socket
import ssl
from email.utils import formatdate

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.notify import reasons

NOW = 1_795_000_000.0


@pytest.mark.parametrize(
    ("asked", "pause_ms"),
    [
        ("120", 120_000), ("0", 0), ("", 0), ("-5", 0), ("soon", 0), ("999999", reasons.LONGEST_PAUSE_MS), ("9" * 40, 0),
        (formatdate(NOW + 120, usegmt=True), 120_000), (formatdate(NOW - 120, usegmt=True), 0),
        (formatdate(NOW + 86_400, usegmt=True), reasons.LONGEST_PAUSE_MS), ("Sun, 06 Nov 99999 08:49:37 GMT", 0),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(asked: str, pause_ms: int) -> None:
    assert reasons.pause_ms(asked, NOW) == pause_ms


@given(st.text(max_size=60))
def test_whatever_retry_after_says_the_pause_is_bounded(text: str) -> None:
    assert 0 <= reasons.pause_ms(text, NOW) <= reasons.LONGEST_PAUSE_MS


def wrapped(cause: BaseException) -> BaseException:
    """As httpx and its layers hand an error on."""
    try:
        try:
            raise cause
        except BaseException as error:
            raise OSError("All connection attempts failed") from error
    except OSError as error:
        made = httpx.ConnectError("failed")
        made.__cause__ = error
        return made


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        (socket.gaierror(-2, "Name or service not known"), "unknown_host"),
        (ConnectionRefusedError(111, "refused"), "connection_refused"),
        (ssl.SSLCertVerificationError(1, "unable to get local issuer"), "certificate"),
        (ssl.SSLError(1, "wrong version number"), "tls"),
        (TimeoutError(), "no_answer"),
        (httpx.ReadTimeout("slow"), "no_answer"),
        (ConnectionResetError(104, "reset"), "broken_off"),
        (OSError(113, "No route to host"), "unreachable"),
        (ExceptionGroup("all", [ConnectionRefusedError(111, "refused")]), "connection_refused"),
    ],
)
def test_the_cause_is_found_wherever_libraries_put_it(cause: BaseException, reason: str) -> None:
    assert reasons.of_error(wrapped(cause)).reason == reason


def test_causes_in_a_circle_end() -> None:
    one, other = ValueError(), ValueError()
    one.__cause__, other.__cause__ = other, one
    assert reasons.of_error(one).reason == "broken_off"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.dictionaries(st.sampled_from(["errcode", "code", "errmsg", "msg"]), inner),
    )
)
def test_whatever_a_bot_answers_is_a_verdict_of_one_line(answered: object) -> None:
    verdict = reasons.of_bot(answered)
    assert verdict is None or (verdict.outcome != "delivered" and verdict.detail.isprintable() and len(verdict.detail) <= 200)
