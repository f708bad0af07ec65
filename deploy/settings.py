"""All settings: the environment variables LIVESCREEN_*. Only this module reads them."""

import difflib
import os
import re
import ssl
from collections.abc import Iterable
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_settings import SettingsConfigDict

from agents.alerting.settings import WatchSettings
from agents.inbox.settings import ConnectSettings
from agents.settings import AgentSettings
from deploy.embedded_settings import EmbeddedSettings
from deploy.kafka_settings import KafkaSettings, file_that_is_there
from deploy.platform_settings import PlatformSettings
from deploy.problem import Problem
from deploy.redis_address import redis_url
from screen import provinces
from screen.settings import ScreenSettings
from streams.kafka.brokers import Brokers
from streams.topics import PREFIX as TOPIC_PREFIX

PREFIX = "LIVESCREEN_"
#: Variables with the same prefix that the build and the tests read.
ELSEWHERE = {"LIVESCREEN_NODE", "LIVESCREEN_SKIP_WEB", "LIVESCREEN_REQUIRE_SERVICES", "LIVESCREEN_SHARED"}

#: The defaults: whoever needs a setting says what it is when nobody sets it.
_AGENT = AgentSettings(kafka=Brokers(""), redis="")
_SCREEN = ScreenSettings(kafka=Brokers(""), redis="")
_WATCH = WatchSettings(kafka=Brokers(""), redis="")
_BOUNDS = ("most_products", "most_sources", "most_values")
_EXAMPLES = {"kafka": "host:port[,host:port…]", "redis": "redis://host:port/0"}


def _folder(value: str) -> str:
    """Checks that it is there: a slip of the pen must not mean the shipped lists."""
    if not Path(value).is_dir():
        raise ValueError("must be a folder that is there")
    return value


def _map(value: str) -> str:
    """Checks all of it: a browser that cannot draw it would show nothing."""
    provinces.read(value)  # BadMap is a ValueError
    return value


def _authorities(value: str) -> str:
    """Checks that there are some: else no alert would be delivered, and only the log of the deliveries would say so."""
    try:
        ssl.create_default_context().load_verify_locations(value)
    except OSError:  # an SSLError is one
        raise ValueError("must be a file with certificates (PEM)") from None
    return value


def _addresses(value: str) -> str:
    """Checks each: one that is none would be trusted by nobody, without a word."""
    for each in value.split(","):
        try:
            ip_network(each.strip())
        except ValueError:
            raise ValueError("must be addresses (10.0.0.7) and networks (10.0.0.0/8) with commas between them") from None
    return value


def _origins(value: str) -> str:
    """Checks each: what is none would stand in a header of every page."""
    if value and not all(re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?", each) for each in value.split(",")):
        raise ValueError("must be origins with commas between them, each https://host or https://host:port without a path")
    return value


class Settings(PlatformSettings, EmbeddedSettings, KafkaSettings):
    """The settings, each as its environment variable says it, in the units of its name."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, hide_input_in_errors=True, env_ignore_empty=True)

    redis: Annotated[str, AfterValidator(redis_url)] | None = Field(
        default=None, description="The store, redis://[user:password@]host:port/0. Not set: the embedded store."
    )
    partitions: int = Field(default=_AGENT.partitions, ge=1, le=1_000, description="Partitions of a topic when it is created.")
    group: str = Field(
        default=_AGENT.group,
        pattern=r"^[A-Za-z0-9_.-]{1,200}$",
        description="The agents' consumer group; not set: with another topic prefix, that behind it.",
    )
    agents: int = Field(default=1, ge=1, le=64, description="How many agent workers `livescreen up` starts.")
    poll_records: int = Field(default=_AGENT.poll_records, ge=1, le=100_000, description="The most records one fetch of an agent brings.")
    dead_letters_per_minute: int = Field(
        default=_AGENT.dead_letters_per_minute,
        ge=1,
        description="So many rejected records of one room have a dead letter each within a minute; beyond, one letter tells of many.",
    )
    most_products: int = Field(
        default=_AGENT.most_products, ge=1, le=100_000, description="So many products of a room are counted apart; others as `overflow`."
    )
    most_sources: int = Field(
        default=_AGENT.most_sources, ge=1, le=10_000, description="So many sources of a room are counted apart; others as `overflow`."
    )
    most_values: int = Field(
        default=_AGENT.most_values,
        ge=10,
        le=1_000,
        description="So many values of each dimension of a profile (crowd, age …) are counted apart in a room; others as `overflow`.",
    )
    stalled_seconds: int = Field(
        default=60,
        ge=1,
        description="An agent that has records waiting and applies none for so long ends, to be started afresh.",
    )
    metrics_host: str = Field(
        default=_AGENT.metrics_host, min_length=1, description="The address an agent or a watcher serves Prometheus figures on."
    )
    metrics_port: int | None = Field(
        default=_AGENT.metrics_port,
        ge=1,
        le=65_000,
        description="The port for that; each further agent of `livescreen up` takes the next, and then each watcher. Not set: none.",
    )
    violation_lists: Annotated[str, AfterValidator(_folder)] | None = Field(
        default=_AGENT.violation_lists,
        description="A folder with your own lists for finding violations (`abuse.txt` …); what is not in it is the shipped one.",
    )
    watchers: int = Field(
        default=1, ge=0, le=64, description="How many watchers `livescreen up` starts, which evaluate rules and deliver alerts; 0: none."
    )
    rules: Annotated[str, AfterValidator(file_that_is_there)] | None = Field(
        default=_WATCH.rules,
        description="Your file of alert rules, read again when it changes. Not set: those in the store, else the shipped ones.",
    )
    notify_ca: Annotated[str, AfterValidator(_authorities)] | None = Field(
        default=_WATCH.notify_ca,
        description="A file with authorities of your own (PEM), trusted beside the usual ones where alerts are delivered to.",
    )
    host: str = Field(default=_SCREEN.host, min_length=1, description="The address the screen listens on; 0.0.0.0 for all.")
    port: int = Field(default=_SCREEN.port, ge=1, le=65_535, description="The port the screen listens on, unless --port says another.")
    tick_ms: int = Field(
        default=_SCREEN.tick_ms, ge=50, le=1_000, description="How often a watched room is read and sent, in milliseconds."
    )
    stock_urgent_below: int = Field(
        default=_SCREEN.stock_urgent_below, ge=0, description="A product with fewer pieces than this is marked 库存告急."
    )
    unpaid_minutes: int = Field(
        default=_SCREEN.unpaid_minutes,
        ge=1,
        le=10_080,
        description="An order that was neither paid nor cancelled lapses so many minutes after it was created: its stock is free again.",
    )
    silent_hours: int = Field(
        default=_SCREEN.silent_hours,
        ge=1,
        le=720,
        description="A room that nobody closed is closed by the system so many hours after its newest record arrived.",
    )
    late_seconds: int = Field(
        default=_SCREEN.late_seconds,
        ge=5,
        le=600,
        description="Figures older than this are late: greyed on the screen and the wall, and `limits.late_seconds` for the rules.",
    )
    map: Annotated[str, AfterValidator(_map)] | None = Field(
        default=_SCREEN.map,
        description="Your own map of provinces: a GeoJSON file, each `name` a GB/T 2260 short name (浙江). Not set: the shipped one.",
    )
    max_watchers: int = Field(default=_SCREEN.max_watchers, ge=1, description="The most browsers one screen server lets watch at once.")
    token_watchers: int = Field(
        default=_SCREEN.token_watchers, ge=1, description="The most browsers one screen server lets watch at once with one access token."
    )
    token_sessions: int = Field(
        default=_SCREEN.token_sessions, ge=1, description="How many browsers may be logged in with one access token at a time."
    )
    address_connections: int = Field(
        default=_SCREEN.address_connections, ge=1, description="How many connections one address may have to a screen server at a time."
    )
    header_seconds: int = Field(
        default=_SCREEN.header_seconds, ge=1, le=600, description="How long the head of a request may take from its first byte."
    )
    body_seconds: int = Field(default=_SCREEN.body_seconds, ge=1, le=3_600, description="How long the body of a request may take.")
    trusted_proxies: Annotated[str, AfterValidator(_addresses)] = Field(
        default=_SCREEN.trusted_proxies,
        description="Proxies whose X-Forwarded-For and X-Forwarded-Proto count: addresses and networks with commas between them.",
    )
    embed_origins: Annotated[str, AfterValidator(_origins)] = Field(
        default=_SCREEN.embed_origins,
        description="Origins whose pages may show a room in a frame, with commas between them: https://shop.example. Not set: none.",
    )
    base_path: str = Field(
        default=_SCREEN.base_path,
        pattern=r"^(/[A-Za-z0-9_.~-]+)*$",
        description="The path of the screen on its host, /live for example, where a proxy serves other things too. Not set: the root.",
    )
    wait_seconds: int = Field(
        default=_SCREEN.wait_seconds,
        ge=1,
        le=3_600,
        description="How long agents and screen wait for Kafka and Redis at start before they give up.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="The least severe lines that are logged.")

    @model_validator(mode="after")
    def _group_of_its_own(self) -> Self:
        """One group with members of two prefixes would be dealt topics that a member doesn't read."""
        if "group" not in self.model_fields_set and self.topic_prefix != TOPIC_PREFIX:
            self.__dict__["group"] = f"{self.group}-{self.topic_prefix}"  # the settings are frozen
        return self

    def listening_on(self, port: int | None) -> Self:
        """The same settings with another port for the screen, if one is given."""
        return self if port is None else self.model_copy(update={"port": port})

    def for_agents(self) -> AgentSettings:
        """What one agent worker must know; a `Problem` when Kafka or Redis is not named."""
        names = ("group", "partitions", "retention_hours", "poll_records", "dead_letters_per_minute", *_BOUNDS)
        rest = ("wait_seconds", "stalled_seconds", "metrics_host", "metrics_port", "violation_lists", "log_level")
        return AgentSettings(*self._servers(), **{name: getattr(self, name) for name in (*names, *rest)})

    def for_watch(self) -> WatchSettings:
        """What one watcher must know; a `Problem` when Kafka or Redis is not named."""
        names = ("partitions", "retention_hours", "rules", "stock_urgent_below", "wait_seconds", "log_level")
        rest = ("metrics_host", "metrics_port", "unpaid_minutes", "silent_hours", "late_seconds", "notify_ca")
        return WatchSettings(*self._servers(), **{name: getattr(self, name) for name in (*names, *rest)})

    def for_screen(self) -> ScreenSettings:
        """What one screen server must know; a `Problem` when Kafka or Redis is not named."""
        names = ("partitions", "host", "port", "tick_ms", "stock_urgent_below", "max_watchers", "wait_seconds", "rules", "map")
        rest = (
            "unpaid_minutes",
            "silent_hours",
            "late_seconds",
            "token_watchers",
            "token_sessions",
            "base_path",
            "embed_origins",
            "platforms",
        )
        bounds = ("address_connections", "header_seconds", "body_seconds", "trusted_proxies", "embed_origins", "platforms")
        return ScreenSettings(*self._servers(), **{name: getattr(self, name) for name in (*names, *rest, *bounds)})

    def for_connect(self) -> ConnectSettings:
        """What one connect worker must know; a `Problem` when Kafka or Redis is not named."""
        names = ("platforms", "partitions", "retention_hours", "lookup_minutes", "wait_seconds", "log_level")
        return ConnectSettings(*self._servers(), group=f"{self.group}-connect", **{name: getattr(self, name) for name in names})

    def _servers(self) -> tuple[Brokers, str]:
        if self.brokers is None or self.redis is None:
            missing = [(name, example) for name, example in _EXAMPLES.items() if getattr(self, name) is None]
            lines = [f"{variable(name)} is not set: set it to {example}" for name, example in missing]
            raise Problem(*lines, "or run everything on this machine with `livescreen up`")
        return self.brokers, self.redis


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"{PREFIX}{name.upper()}"


def load() -> Settings:
    """Reads the settings from the environment; `Problem` with one line for each that is wrong or not known."""
    unknown = _unknown(os.environ)
    try:
        settings = Settings()
        _ = settings.brokers  # so that what is wrong there is said now
    except ValidationError as error:
        raise Problem(*[_explain(details) for details in error.errors(include_url=False)], *unknown) from None
    except Problem as problem:
        raise Problem(*problem.lines, *unknown) from None
    if unknown:
        raise Problem(*unknown)
    return settings


def _unknown(names: Iterable[str]) -> list[str]:
    """One line for each variable that looks like a setting and is none: mostly a slip of the pen."""
    known = {variable(name) for name in Settings.model_fields}
    lines = []
    for name in sorted(names):
        if not name.upper().startswith(PREFIX) or name.upper() in known | ELSEWHERE:
            continue
        near = difflib.get_close_matches(name.upper(), known, n=1)
        lines.append(f"{name} is not a setting" + (f"; is {near[0]} meant?" if near else ""))
    return lines


def _explain(details: Any) -> str:
    """One line about one wrong value. The value itself stays out of it: it may be a password."""
    name = str(details["loc"][0])
    text = str(details["msg"]).removeprefix("Value error, ")
    return f"{variable(name)}: {text[0].lower()}{text[1:]} ({Settings.model_fields[name].description})"
