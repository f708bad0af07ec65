"""Knocking at Kafka's door: whether it lets us in, and if not, why. aiokafka's clients only log that, a line for each broker."""

import asyncio
import os
import socket
import ssl
from typing import Never

from aiokafka.conn import AIOKafkaConnection, collect_hosts
from aiokafka.errors import IllegalSaslStateError, KafkaConnectionError, KafkaError, SaslAuthenticationFailed, UnsupportedSaslMechanismError
from aiokafka.protocol.admin import SaslHandShakeRequest
from aiokafka.protocol.metadata import MetadataRequest

from streams.kafka.brokers import Brokers

_SECONDS = 3.0
#: OpenSSL's codes for a certificate that is good, but of another host.
_OTHER_NAME = frozenset({62, 64})
#: … and for one that nobody we trust has signed.
_NO_AUTHORITY = frozenset({18, 19, 20, 21})


class Away(Exception):
    """No broker answers as Kafka does; the text says why, in a few words. It may come."""


class Refused(Exception):
    """Kafka is there, and these settings are wrong for it: waiting does not help. The text is a line that says what to do."""


async def knock(brokers: Brokers) -> None:
    """Returns when one of the brokers lets us in. Raises `Refused`, and `Away` when none answers."""
    away: list[str] = []
    refused: list[Refused] = []
    for host, port, _ in collect_hosts(brokers.addresses, randomize=False):
        try:
            return await _enter(brokers, host, port)
        except Away as error:
            away.append(str(error))
        except Refused as error:
            refused.append(error)
    if refused:
        raise refused[0]
    raise Away(", ".join(dict.fromkeys(away)))


async def _enter(brokers: Brokers, host: str, port: int) -> None:
    at = f"Kafka at {host}:{port}"
    try:
        async with asyncio.timeout(_SECONDS):
            await _ask(brokers, host, port)
    except ssl.SSLCertVerificationError as error:
        raise Refused(f"{at} {_distrust(error)}") from None
    except TimeoutError:
        raise Away("no answer") from None
    except (SaslAuthenticationFailed, UnsupportedSaslMechanismError, IllegalSaslStateError) as error:
        raise Refused(f"{at} {_rejection(brokers, error)}") from None
    except (KafkaConnectionError, ssl.SSLError, ConnectionResetError) as error:
        await _explain_hanging_up(brokers, host, port, error)
    except OSError as error:
        raise Away(_no_connection(error)) from None
    except (KafkaError, ValueError, KeyError) as error:
        raise Away(f"it does not answer as Kafka does ({type(error).__name__})") from None


async def _ask(brokers: Brokers, host: str, port: int) -> None:
    """Connects, logs in, and asks for what any client asks first."""
    connection = AIOKafkaConnection(host, port, request_timeout_ms=int(_SECONDS * 1_000), **brokers.access())
    try:
        await connection.connect()
        await connection.send(MetadataRequest([]))
    finally:
        connection.close()


def _distrust(error: ssl.SSLCertVerificationError) -> str:
    why = f"({error.verify_message.rstrip('.')})"
    if error.verify_code in _OTHER_NAME:
        return f"shows a certificate of another host {why}: set LIVESCREEN_KAFKA to the names its certificates are for"
    if error.verify_code in _NO_AUTHORITY:
        return f"shows a certificate of an unknown authority {why}: set LIVESCREEN_KAFKA_CA to the file with that authority's certificate"
    return f"shows a certificate that is not good {why}: renew it, or set this machine's clock"


def _rejection(brokers: Brokers, error: KafkaError) -> str:
    assert brokers.login is not None  # noqa: S101 (it is an answer to one)
    if isinstance(error, SaslAuthenticationFailed):
        remedy = "set LIVESCREEN_KAFKA_USER and LIVESCREEN_KAFKA_PASSWORD, or LIVESCREEN_KAFKA_MECHANISM if another one is meant"
        return f"does not let in {brokers.login.user} with this password ({brokers.login.mechanism}): {remedy}"
    if isinstance(error, UnsupportedSaslMechanismError):
        return f"does not take {brokers.login.mechanism}: set LIVESCREEN_KAFKA_MECHANISM to what it takes"
    return "asks for no user there: unset LIVESCREEN_KAFKA_USER, or set LIVESCREEN_KAFKA to the port where it does"


async def _explain_hanging_up(brokers: Brokers, host: str, port: int, error: Exception) -> Never:
    """Tries the other ways in, to say which of the settings is wrong; `Away` when none of them is better."""
    at = f"Kafka at {host}:{port}"
    if brokers.tls is None and await _speaks_tls(host, port):
        raise Refused(f"{at} speaks TLS: set LIVESCREEN_KAFKA_TLS=1") from None
    if brokers.tls is not None and await _mechanisms(Brokers(""), host, port) is not None:
        raise Refused(f"{at} speaks no TLS: set LIVESCREEN_KAFKA to its port for TLS, or LIVESCREEN_KAFKA_TLS=0") from None
    if brokers.tls is not None and _is_about_ours(error):
        raise Refused(
            f"{at} wants a client certificate that it trusts: set LIVESCREEN_KAFKA_CERTIFICATE and LIVESCREEN_KAFKA_KEY"
        ) from None
    if brokers.login is None and (mechanisms := await _mechanisms(brokers, host, port)):
        remedy = "set LIVESCREEN_KAFKA_USER, LIVESCREEN_KAFKA_PASSWORD and LIVESCREEN_KAFKA_MECHANISM"
        raise Refused(f"{at} wants a user ({', '.join(mechanisms)}): {remedy}") from None
    raise Away("it does not answer as Kafka does, it hangs up") from None


def _is_about_ours(error: Exception) -> bool:
    """Whether the broker said, in TLS, that it misses our certificate or does not like it. In TLS 1.3 it does so after the handshake."""
    cause = error if isinstance(error, ssl.SSLError) else error.__cause__
    return isinstance(cause, ssl.SSLError) and any(word in str(cause).upper() for word in ("CERTIFICATE", "UNKNOWN_CA", "UNKNOWN CA"))


async def _speaks_tls(host: str, port: int) -> bool:
    anybody = ssl.create_default_context()
    anybody.check_hostname = False
    anybody.verify_mode = ssl.CERT_NONE  # nothing is sent to it
    try:
        async with asyncio.timeout(_SECONDS):
            _, writer = await asyncio.open_connection(host, port, ssl=anybody)
    except ssl.SSLError as error:
        return _is_about_ours(error)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def _mechanisms(brokers: Brokers, host: str, port: int) -> list[str] | None:
    """What the broker takes, as far as it says, to let a user in; empty when it wants none; None when it does not answer as Kafka does."""
    way = Brokers("", brokers.tls)
    connection = AIOKafkaConnection(host, port, request_timeout_ms=int(_SECONDS * 1_000), **way.access())
    try:
        async with asyncio.timeout(_SECONDS):
            await connection.connect()
            return list((await connection.send(SaslHandShakeRequest("PLAIN"))).enabled_mechanisms)
    except (KafkaError, OSError, TimeoutError):
        return None
    finally:
        connection.close()


def _no_connection(error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return "unknown host"
    return os.strerror(error.errno).lower() if error.errno and error.errno > 0 else "no connection"
