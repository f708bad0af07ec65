"""The settings of platforms that push to us."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings

from agents.inbox.settings import ConnectSettings
from deploy.kafka_settings import file_that_is_there
from streams.kafka.brokers import Brokers
from streams.platforms import files
from streams.platforms.sources import BadSources

_CONNECT = ConnectSettings(kafka=Brokers(""), redis="")


def _sources(value: str) -> str:
    """Checks all of it: a source that is not known would be refused every push, without a word here."""
    try:
        files.read(file_that_is_there(value))
    except (BadSources, OSError, UnicodeError) as error:
        raise ValueError(f"must be a file of sources: {error}") from None
    return value


class PlatformSettings(BaseSettings):
    """Part of `deploy.settings.Settings`."""

    platforms: Annotated[str, AfterValidator(_sources)] | None = Field(
        default=_CONNECT.platforms, description="The file of platforms that push to us (docs/connect.md). Not set: none does."
    )
    lookup_minutes: float = Field(
        default=_CONNECT.lookup_minutes,
        ge=0.1,
        le=10_080,
        description="So long an order's detail is looked up, and its room waited for, before a platform's message is a dead letter.",
    )
