"""A Kafka that wants TLS, certificates or passwords: the whole system on it, and what is said when they are wrong."""

import json
import ssl
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from aiokafka.errors import KafkaError

from agents import topics
from agents.waiting import check_group, check_producer
from deploy.doctor.keeping import check_keeping
from deploy.ports import free_port
from deploy.problem import explain
from streams.kafka.brokers import Brokers, Login
from streams.kafka.knock import Refused, knock
from streams.store.redis import RedisStore
from streams.topics import INPUTS, SCENES
from tests.integration.agents.world import now_ms
from tests.integration.deploy.conftest import Livescreen
from tests.kafka.verdict import ends, judge
from tests.load import Load
from tests.servers import secured_kafka
from tests.servers.redis import Server
from tests.servers.secured_kafka import PASSWORD, STRANGER, USER, Secured

pytestmark = pytest.mark.kafka

EVENTS = 5_000
GOOD = Login(USER, PASSWORD)


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    with secured_kafka.running(tmp_path_factory.mktemp("secured")) as kafka:
        yield kafka


@pytest.fixture
def settings(secured: Secured, redis_server: Server, tmp_path: Path) -> dict[str, str]:
    """Those that are right for users over TLS, by their names behind LIVESCREEN_."""
    password = tmp_path / "password"
    password.write_text(f"{PASSWORD}\n")
    kafka = {"KAFKA": secured.doors["SASL_SSL"], "KAFKA_CA": str(secured.authority.file), "KAFKA_USER": USER}
    return {**kafka, "KAFKA_PASSWORD_FILE": str(password), "REDIS": redis_server.url, "WAIT_SECONDS": "20"}


async def test_the_whole_system_counts_exactly(secured: Secured, settings: dict[str, str], store: RedisStore, tmp_path: Path) -> None:
    livescreen, load = Livescreen(tmp_path / "data"), Load(21)
    # At its most talkative, and with the mechanism that sends the password as it is.
    running = livescreen.up("--token-file", tmp_path / "token", **settings, LOG_LEVEL="debug", KAFKA_MECHANISM="PLAIN")
    try:
        sent = livescreen.run("replay", *written_down(load, tmp_path), **settings)
        assert f"sent {EVENTS - load.rejected}, rejected {load.rejected}" in sent.stdout, sent.stderr
        await judge(secured.kafka, store, load)
        assert post_scene(str(running.listening()["screen"]), (tmp_path / "token").read_text().strip()) == 201
        assert [end for place, end in (await ends(secured.kafka.brokers)).items() if place.topic == SCENES and end] == [1]
        examined = livescreen.run("doctor", "--data", livescreen.data, **settings)
        wrong = [line for line in examined.stdout.splitlines() if "✗" in line]
        assert len(wrong) == 1 and f"at least {load.rejected}: not-json {load.rejected}" in wrong[0], examined.stdout
        family = running.family()
        assert len(family) == 3 and not any(PASSWORD in line for line in family.values())
        assert running.stop() == 0
    finally:
        running.kill()
    written = [path.read_text() for path in livescreen.data.rglob("*") if path.is_file()]
    assert not any(PASSWORD in text for text in (*written, running.said(), sent.stderr, examined.stdout))
    assert "Traceback" not in running.said()


def test_a_wrong_password_is_one_line(settings: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "password").write_text("let-me-in")
    livescreen = Livescreen(tmp_path / "data")
    line = f"Kafka at {settings['KAFKA']} does not let in {USER} with this password (SCRAM-SHA-512): set LIVESCREEN_KAFKA_USER and"
    commands = ("agents", "screen", "up", "doctor")
    with ThreadPoolExecutor() as at_once:
        ended = at_once.map(lambda command: livescreen.run(command, **settings, PORT=str(free_port())), commands)
        for command, done in zip(commands, ended, strict=True):
            lines = [line for line in (done.stdout + done.stderr).splitlines() if "✓" not in line]
            assert done.returncode == 1, (command, lines)
            assert line in lines[0], command
            assert len(lines) == (2 if command == "doctor" else 1), (command, lines)  # the doctor misses the screen too
            assert "let-me-in" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("door", "tls", "login", "line"),
    [
        ("SASL_SSL", "ours", GOOD, None),
        ("SASL_SSL", "ours", Login(USER, PASSWORD, "PLAIN"), None),
        ("SASL_SSL", "ours", Login(USER, PASSWORD, "SCRAM-SHA-256"), "does not take SCRAM-SHA-256: set LIVESCREEN_KAFKA_MECHANISM"),
        ("SASL_SSL", "ours", Login("eve", PASSWORD), "does not let in eve with this password"),
        ("SASL_SSL", "ours", None, r"wants a user \(SCRAM-SHA-512, PLAIN\): set LIVESCREEN_KAFKA_USER"),
        ("SASL_SSL", "others", GOOD, "unknown authority .*: set LIVESCREEN_KAFKA_CA"),
        ("SASL_SSL", None, GOOD, "speaks TLS: set LIVESCREEN_KAFKA_TLS=1"),
        ("SASL_PLAINTEXT", None, GOOD, None),
        ("SASL_PLAINTEXT", None, None, "wants a user"),
        ("SASL_PLAINTEXT", "ours", GOOD, "speaks no TLS: set LIVESCREEN_KAFKA to its port for TLS, or LIVESCREEN_KAFKA_TLS=0"),
        ("SSL", "ours, shown", None, None),
        ("SSL", "ours, shown", GOOD, "asks for no user there: unset LIVESCREEN_KAFKA_USER"),
        ("SSL", "ours", None, "wants a client certificate that it trusts: set LIVESCREEN_KAFKA_CERTIFICATE"),
        ("SSL", None, None, "speaks TLS"),
        ("PLAINTEXT", None, None, None),
        ("PLAINTEXT", "ours", None, "speaks no TLS"),
    ],
)
async def test_each_door(secured: Secured, door: str, tls: str | None, login: Login | None, line: str | None) -> None:
    brokers = Brokers(secured.doors[door], trust(secured, tls), login)
    if line is None:
        await knock(brokers)
        await topics.create_missing(brokers, 4)
        return
    with pytest.raises(Refused, match=f"^Kafka at {brokers} .*{line}"):
        await knock(brokers)


async def test_a_user_who_is_allowed_nothing(secured: Secured) -> None:
    brokers = Brokers(secured.doors["SASL_SSL"], trust(secured, "ours"), Login(STRANGER, PASSWORD))
    await knock(brokers)
    for check in (check_group(brokers, "livescreen"), check_producer(brokers)):
        with pytest.raises(Refused, match=r"does not let us .*: let our user read, write, describe and create the topics live\.\*"):
            await check
    assert await check_keeping(brokers, INPUTS, 2) == [], "who may not ask is not told"
    with pytest.raises(KafkaError) as caught:
        await topics.create_missing(brokers, 4)
    problem = explain(caught.value)
    assert problem and problem.lines[0].startswith(
        "Kafka does not allow it ([Error 29] TopicAuthorizationFailedError: cannot create topic live."
    )


def trust(secured: Secured, how: str | None) -> ssl.SSLContext | None:
    if how is None:
        return None
    context = ssl.create_default_context(cafile=None if how == "others" else str(secured.authority.file))
    if "shown" in how:
        certificate = secured.authority.sign("client")
        context.load_cert_chain(certificate.file, certificate.key)
    return context


def written_down(load: Load, directory: Path) -> list[Path]:
    """The load's events, in a file for each topic."""
    load.make(EVENTS, now_ms())
    files = {topic: directory / f"{topic}.ndjson" for topic in sorted({record.topic for record in load.records})}
    for topic, file in files.items():
        file.write_bytes(b"".join(record.value + b"\n" for record in load.records if record.topic == topic))
    return list(files.values())


def post_scene(screen: str, token: str) -> int:
    """The status of a call that writes a scene to Kafka."""
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    body = json.dumps({"kind": "opened", "title": "T"}).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{screen}/api/rooms/made-here/scenes", body, headers), timeout=60) as answer:
        return int(answer.status)
