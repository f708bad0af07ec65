"""The settings of the embedded Kafka, and how long records are kept."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings

from agents.settings import AgentSettings
from deploy.embedded.retention import Bounds
from streams.kafka.brokers import Brokers

_AGENT = AgentSettings(kafka=Brokers(""), redis="")


def _directory(value: Path) -> Path:
    """Checks that it is there, before anything is started."""
    if not value.is_dir():
        raise ValueError("must be a directory that is there")
    return value


class EmbeddedSettings(BaseSettings):
    """Part of `deploy.settings.Settings`."""

    jars: Annotated[Path, AfterValidator(_directory)] | None = Field(
        default=None,
        description="The embedded Kafka's jars: a directory that holds them. Not set: they are fetched once from a Maven repository.",
    )
    log_mb: int = Field(
        default=10_000,
        ge=500,
        description="The most the embedded Kafka's log may hold, in millions of bytes. The oldest goes first, once it is saved.",
    )
    disk_free_mb: int = Field(
        default=1_000,
        ge=1,
        description="So much of its disk the embedded Kafka leaves free, in millions of bytes; below that it refuses producers.",
    )
    java: str | None = Field(
        default=None,
        description="The embedded Kafka's Java, 17 or newer: its `java` program. Not set: the packaged one, else the one on the PATH.",
    )
    retention_hours: int = Field(
        default=_AGENT.retention_hours,
        ge=-1,
        description="How long a created topic keeps its records, in hours; -1: for ever. In the embedded Kafka only what is saved goes.",
    )

    @property
    def log_bounds(self) -> Bounds:
        """Those of the embedded Kafka's log."""
        return Bounds(self.retention_hours, self.log_mb, self.disk_free_mb)
