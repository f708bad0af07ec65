"""The files of sources: read here and nowhere else. Secrets are read whenever they are needed, so that a new one holds at once."""

from collections import abc
from dataclasses import dataclass, field
from pathlib import Path

from streams.mapping import Mapping, parse, shipped
from streams.platforms import sources
from streams.platforms.sources import BadSources, Sender

_MAX_BYTES = 64 * 1024


class NoSecret(Exception):
    """None of a source's secrets can be read; the text says why, and nothing of them."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Name → source. `folder`: what the names of files are relative to."""

    senders: abc.Mapping[str, Sender] = field(default_factory=dict)
    folder: Path = Path()

    def secrets(self, sender: Sender) -> list[dict[str, str]]:
        """Those that can be read, in the order of the settings. Raises `NoSecret` where there is none."""
        found, why = [], ""
        for name in sender.secrets:
            try:
                with (self.folder / name).open("rb") as file:
                    found.append(sources.secret(file.read(_MAX_BYTES), sender.platform))
            except (OSError, BadSources) as error:
                why = f"{name}: {getattr(error, 'strerror', None) or error}"
        if not found:
            raise NoSecret(why)
        return found

    def token(self, sender: Sender) -> str:
        """The access token for look-ups. Raises `NoSecret`."""
        try:
            with (self.folder / sender.token).open("r", encoding="ascii") as file:
                return file.read(_MAX_BYTES).strip()
        except (OSError, UnicodeError) as error:
            raise NoSecret(f"{sender.token}: {getattr(error, 'strerror', None) or 'no token'}") from None

    def mapping(self, sender: Sender) -> Mapping:
        """The source's mapping. Raises `BadMapping` and OSError."""
        known = shipped.text(sender.mapping)
        return parse(known if known is not None else (self.folder / sender.mapping).read_text(encoding="utf-8"))


def read(path: str | None) -> Sources:
    """The sources of a file; none without one. Raises `BadSources` and OSError."""
    if path is None:
        return Sources()
    return Sources(sources.parse(Path(path).read_text(encoding="utf-8")), Path(path).parent)
