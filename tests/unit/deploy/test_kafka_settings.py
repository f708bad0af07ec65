"""How Kafka is to let us in: what the settings make, and what is said of those that do not fit."""

import logging
import os

import pytest

from deploy.problem import Problem
from deploy.settings import load
from tests.servers.authority import Authority


@pytest.fixture(autouse=True)
def only_our_environment(monkeypatch):
    for name in list(os.environ):
        if name.startswith("LIVESCREEN_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def brokers(monkeypatch):
    """What the settings make of the variables, given without LIVESCREEN_KAFKA_."""

    def read(kafka="k:9093", **variables):
        monkeypatch.setenv("LIVESCREEN_KAFKA", kafka)
        for name, value in variables.items():
            monkeypatch.setenv(f"LIVESCREEN_KAFKA_{name}", str(value))
        return load().brokers

    return read


@pytest.fixture
def wrong(brokers):
    """The line that they are refused with."""

    def read(kafka="k:9093", **variables):
        with pytest.raises(Problem) as caught:
            brokers(kafka, **variables)
        assert caught.value.status == 1
        (line,) = caught.value.lines
        return line

    return read


def protocol(brokers):
    return brokers.access()["security_protocol"]


def test_an_address_alone_is_plain(brokers):
    assert protocol(brokers()) == "PLAINTEXT"


def test_no_address_is_the_embedded_broker():
    assert load().brokers is None


def test_tls_with_what_this_machine_trusts(brokers):
    made = brokers(TLS="1")
    assert protocol(made) == "SSL" and made.tls.check_hostname


def test_a_ca_means_tls_and_is_all_that_is_trusted(brokers, authority):
    made = brokers(CA=authority.file)
    assert protocol(made) == "SSL" and len(made.tls.get_ca_certs()) == 1


def test_a_certificate_of_ours_with_its_key_in_the_same_file_or_another(brokers, authority, tmp_path):
    ours = authority.sign("client")
    assert protocol(brokers(CERTIFICATE=ours.file, KEY=ours.key)) == "SSL"
    (tmp_path / "both.pem").write_text(ours.together)
    assert protocol(brokers(CERTIFICATE=tmp_path / "both.pem", KEY="")) == "SSL"


def test_a_user_means_tls_unless_it_is_said_otherwise(brokers):
    made = brokers(USER="ann", PASSWORD="secret")
    assert protocol(made) == "SASL_SSL"
    assert (made.login.user, made.login.password, made.login.mechanism) == ("ann", "secret", "SCRAM-SHA-512")
    assert protocol(brokers(TLS="0", MECHANISM="PLAIN")) == "SASL_PLAINTEXT"


def test_the_password_from_a_file_without_the_end_of_its_line(brokers, tmp_path):
    (tmp_path / "password").write_text(" a b \n")
    assert brokers(USER="ann", PASSWORD_FILE=tmp_path / "password").login.password == " a b "


def test_the_password_is_shown_nowhere(brokers, monkeypatch):
    brokers(USER="ann", PASSWORD="secret")
    monkeypatch.setenv("LIVESCREEN_REDIS", "redis://r")
    settings = load()
    shown = [settings, settings.for_agents(), settings.for_watch(), settings.for_screen()]
    assert all("secret" not in f"{each!r} {each}" for each in shown)
    logger = logging.getLogger("aiokafka.conn")
    sent = logger.makeRecord(logger.name, logging.DEBUG, "", 0, "Request: %s", ("secret",), None)
    assert not logger.filter(sent)


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        ({"USER": "ann"}, "LIVESCREEN_KAFKA_USER is set without a password: set LIVESCREEN_KAFKA_PASSWORD_FILE or"),
        ({"USER": "ann", "PASSWORD": ""}, "LIVESCREEN_KAFKA_USER is set without a password"),
        ({"PASSWORD": "hunter2"}, "Kafka's password or LIVESCREEN_KAFKA_MECHANISM is set without LIVESCREEN_KAFKA_USER: set it too"),
        ({"MECHANISM": "PLAIN"}, "Kafka's password or LIVESCREEN_KAFKA_MECHANISM is set without LIVESCREEN_KAFKA_USER: set it too"),
        ({"USER": "ann", "PASSWORD": "hunter2", "PASSWORD_FILE": __file__}, "LIVESCREEN_KAFKA_PASSWORD and LIVESCREEN_KAFKA_PASSWORD_FILE"),
        ({"KEY": __file__}, "LIVESCREEN_KAFKA_KEY is set without LIVESCREEN_KAFKA_CERTIFICATE"),
        ({"CA": __file__, "TLS": "0"}, "LIVESCREEN_KAFKA_TLS says no, but there is a CA or a certificate"),
        ({"CA": __file__}, "LIVESCREEN_KAFKA_CA: no certificate or crl found: must be a file of certificates in PEM"),
        ({"CA": "/none"}, "LIVESCREEN_KAFKA_CA: must be a file that is there"),
        ({"CERTIFICATE": __file__}, "LIVESCREEN_KAFKA_CERTIFICATE and LIVESCREEN_KAFKA_KEY: "),
        ({"USER": "ann", "PASSWORD_FILE": "/none"}, "LIVESCREEN_KAFKA_PASSWORD_FILE: must be a file that is there"),
        ({"USER": "ann", "PASSWORD_FILE": os.devnull}, "LIVESCREEN_KAFKA_PASSWORD_FILE: must be a file that is there"),
        ({"MECHANISM": "hunter2"}, "LIVESCREEN_KAFKA_MECHANISM: input should be 'SCRAM-SHA-512', 'SCRAM-SHA-256' or 'PLAIN'"),
    ],
)
def test_what_does_not_fit_is_one_line(wrong, variables, line):
    said = wrong(**variables)
    assert said.startswith(line) and "\n" not in said and "hunter2" not in said


def test_an_empty_password_file(wrong, tmp_path):
    (tmp_path / "password").write_text("\n")
    assert wrong(USER="ann", PASSWORD_FILE=tmp_path / "password") == (
        "LIVESCREEN_KAFKA_PASSWORD_FILE: the file is empty: write the password into it"
    )


def test_a_key_of_another_certificate(wrong, authority):
    ours, other = authority.sign("ours"), authority.sign("other")
    assert "key values mismatch" in wrong(CERTIFICATE=ours.file, KEY=other.key)


def test_a_key_with_a_password_asks_nobody(wrong, authority):
    ours = authority.sign("locked", password=b"secret")
    assert "the key has a password, take it off" in wrong(CERTIFICATE=ours.file, KEY=ours.key)


def test_the_embedded_broker_has_none_of_this(wrong):
    line = (
        "LIVESCREEN_KAFKA_CA, LIVESCREEN_KAFKA_TLS: the embedded broker has neither TLS nor users; set LIVESCREEN_KAFKA too, or unset this"
    )
    assert wrong("", TLS="1", CA=__file__) == line


def test_all_that_is_wrong_is_said_at_once(brokers, monkeypatch):
    monkeypatch.setenv("LIVESCREEN_KAFAK", "k:1")
    with pytest.raises(Problem) as caught:
        brokers(USER="ann", KEY=__file__)
    assert len(caught.value.lines) == 3
