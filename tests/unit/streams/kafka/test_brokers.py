import ssl

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from streams.kafka.brokers import Brokers, Login
from streams.topics import VIEWS

TLS = ssl.create_default_context()
LOGIN = Login("ann", "secret", "PLAIN")


@pytest.mark.parametrize(
    ("brokers", "protocol"),
    [
        (Brokers("k:1"), "PLAINTEXT"),
        (Brokers("k:1", TLS), "SSL"),
        (Brokers("k:1", TLS, LOGIN), "SASL_SSL"),
        (Brokers("k:1", login=LOGIN), "SASL_PLAINTEXT"),
    ],
)
async def test_aiokafka_takes_each_way_in(brokers: Brokers, protocol: str) -> None:
    client = brokers.client()
    assert (client["bootstrap_servers"], client["security_protocol"]) == ("k:1", protocol)
    await AIOKafkaAdminClient(**client).close()
    assert brokers.open is (protocol == "PLAINTEXT")


def test_the_user_and_password_are_shown_to_kafka() -> None:
    access = Brokers("k:1", TLS, LOGIN).access()
    assert access["ssl_context"] is TLS
    assert [access[f"sasl_{name}"] for name in ("mechanism", "plain_username", "plain_password")] == ["PLAIN", "ann", "secret"]


def test_the_password_is_in_no_text() -> None:
    brokers = Brokers("k:1,l:2", TLS, LOGIN)
    assert str(brokers) == "k:1,l:2"
    assert "secret" not in f"{brokers!r} {brokers.login!r}"


@pytest.mark.parametrize(("prefix", "name"), [("live.", "live.views"), ("shop-1.live.", "shop-1.live.views"), ("", "views")])
def test_a_topic_has_another_name_in_kafka_and_ours_everywhere_else(prefix, name):
    brokers = Brokers("k:1", prefix=prefix)
    assert brokers.name(VIEWS) == name
    assert brokers.topic(name) == VIEWS
