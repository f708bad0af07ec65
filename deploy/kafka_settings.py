"""The settings that say where Kafka is and what it wants to be shown, and the one value that they make together."""

import logging
import re
import ssl
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Never

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings

from deploy.problem import Problem
from streams.kafka.brokers import Brokers, Login
from streams.topics import PREFIX

_BROKER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+):([0-9]{1,5})")


def _brokers(value: str) -> str:
    """Checks "host:port,host:port"; spaces around the commas are dropped."""
    brokers = [part.strip() for part in value.split(",")]
    for broker in brokers:
        match = _BROKER.fullmatch(broker)
        if match is None or not 1 <= int(match[2]) <= 65_535:
            raise ValueError("must be host:port, or several with commas between them")
    return ",".join(brokers)


def file_that_is_there(value: str) -> str:
    """Checks it: a slip of the pen must not mean the shipped rules, or no certificate."""
    if not Path(value).is_file():
        raise ValueError("must be a file that is there")
    return value


_File = Annotated[str, AfterValidator(file_that_is_there)]


class KafkaSettings(BaseSettings):
    """Part of `deploy.settings.Settings`. `brokers` is what the rest of the project knows of it."""

    kafka: Annotated[str, AfterValidator(_brokers)] | None = Field(
        default=None, description="Kafka's brokers, host:port with commas between them. Not set: the embedded broker."
    )
    kafka_tls: bool | None = Field(
        default=None, description="Whether to speak TLS to Kafka. Not set: yes if there is a CA, a certificate or a user, else no."
    )
    kafka_ca: _File | None = Field(
        default=None, description="The file with the authorities that sign Kafka's certificates (PEM). Not set: those this machine trusts."
    )
    kafka_certificate: _File | None = Field(
        default=None, description="The file with our own certificate, for a Kafka that wants one (PEM). Not set: none is shown."
    )
    kafka_key: _File | None = Field(
        default=None, description="The file with that certificate's key, without a password (PEM). Not set: it stands in the same file."
    )
    kafka_user: str | None = Field(default=None, description="Our user in Kafka (SASL). Not set: nobody in particular.")
    kafka_password: SecretStr | None = Field(default=None, description="That user's password.")
    kafka_password_file: _File | None = Field(
        default=None, description="The file that the password is in, as secrets are mounted, instead of the password itself."
    )
    kafka_mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"] = Field(
        default="SCRAM-SHA-512", description="How the password is shown: SCRAM-SHA-512, SCRAM-SHA-256 or PLAIN."
    )
    topic_prefix: str = Field(
        default=PREFIX,
        pattern=r"^[A-Za-z0-9_.-]{0,64}$",
        description="What the topics' names begin with in Kafka. Each prefix needs a Redis database of its own.",
    )

    @cached_property
    def brokers(self) -> Brokers | None:
        """Kafka as these settings say; None when it is the embedded one. Reads the files; a `Problem` when the settings do not fit."""
        if wrong := list(self._misfits()):
            raise Problem(*wrong)
        if self.kafka is None:
            return None
        return Brokers(self.kafka, self._tls() if self._wants_tls else None, self._login(), self.topic_prefix)

    @property
    def _wants_tls(self) -> bool:
        given = self.kafka_ca or self.kafka_certificate or self.kafka_user
        return bool(given) if self.kafka_tls is None else self.kafka_tls

    def _misfits(self) -> Iterator[str]:
        """A line for each thing that is given half, or twice."""
        given = {name for name in self.model_fields_set if name.startswith("kafka_") and getattr(self, name) is not None}
        if self.kafka is None:
            if given:
                names = ", ".join(sorted(f"LIVESCREEN_{name.upper()}" for name in given))
                yield f"{names}: the embedded broker has neither TLS nor users; set LIVESCREEN_KAFKA too, or unset this"
            return
        if self.kafka_tls is False and (self.kafka_ca or self.kafka_certificate):
            yield "LIVESCREEN_KAFKA_TLS says no, but there is a CA or a certificate: unset LIVESCREEN_KAFKA_TLS, or unset those"
        if self.kafka_key and not self.kafka_certificate:
            yield "LIVESCREEN_KAFKA_KEY is set without LIVESCREEN_KAFKA_CERTIFICATE: set it too"
        if self.kafka_password and self.kafka_password_file:
            yield "LIVESCREEN_KAFKA_PASSWORD and LIVESCREEN_KAFKA_PASSWORD_FILE are both set: unset one"
        password = self.kafka_password or self.kafka_password_file
        if self.kafka_user and not password:
            yield "LIVESCREEN_KAFKA_USER is set without a password: set LIVESCREEN_KAFKA_PASSWORD_FILE or LIVESCREEN_KAFKA_PASSWORD"
        if not self.kafka_user and (password or "kafka_mechanism" in given):
            yield "Kafka's password or LIVESCREEN_KAFKA_MECHANISM is set without LIVESCREEN_KAFKA_USER: set it too"

    def _tls(self) -> ssl.SSLContext:
        try:
            context = ssl.create_default_context(cafile=self.kafka_ca)
        except OSError as error:
            raise Problem(f"LIVESCREEN_KAFKA_CA: {_why(error)}: must be a file of certificates in PEM") from None
        if self.kafka_certificate is not None:
            try:
                context.load_cert_chain(self.kafka_certificate, self.kafka_key, password=_no_password)
            except (OSError, ValueError) as error:
                names = "LIVESCREEN_KAFKA_CERTIFICATE and LIVESCREEN_KAFKA_KEY"
                raise Problem(f"{names}: {_why(error)}: must be a certificate in PEM and the key that belongs to it") from None
        return context

    def _login(self) -> Login | None:
        if self.kafka_user is None:
            return None
        # At its most talkative aiokafka logs what it sends, and that is the password.
        logging.getLogger("aiokafka.conn").addFilter(_not_debug)
        return Login(self.kafka_user, self._password(), self.kafka_mechanism)

    def _password(self) -> str:
        if self.kafka_password is not None:
            return self.kafka_password.get_secret_value()
        try:
            password = Path(self.kafka_password_file or "").read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeError) as error:
            raise Problem(
                f"LIVESCREEN_KAFKA_PASSWORD_FILE: {_why(error)}: must be a file that can be read, with the password in it"
            ) from None
        if not password:
            raise Problem("LIVESCREEN_KAFKA_PASSWORD_FILE: the file is empty: write the password into it")
        return password


def _not_debug(record: logging.LogRecord) -> bool:
    return record.levelno > logging.DEBUG


def _no_password() -> Never:
    """Instead of OpenSSL's question at the terminal."""
    raise ValueError("the key has a password, take it off")


def _why(error: Exception) -> str:
    """In a few words, and none of the file's."""
    if isinstance(error, ssl.SSLError):
        return (error.reason or "not PEM").lower().replace("_", " ")
    if isinstance(error, UnicodeError):
        return "not text"
    return (error.strerror or "cannot be read").lower() if isinstance(error, OSError) else str(error)
