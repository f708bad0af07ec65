"""The file of sources: who pushes to us, signed with which secret, mapped how (the setting `LIVESCREEN_PLATFORMS`).

sources:
  my-shop:                       # the address is /in/platforms/my-shop
    platform: doudian
    secrets: [doudian.json]      # one or two files, both good; relative to this file
    mapping: doudian             # not given: the shipped one of the platform; else a file
    account: "880001"            # whose open room it is where a push names none
    room: spring-1               # for mappings that ask for `source.room`
    zone: "+08:00"               # for mappings that ask for `source.zone`
    token: doudian.token         # the file with the access token for look-ups, read anew each time
    address: https://…           # of the API, where it is not the platform's own
"""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
import yaml
from msgspec import Meta

from streams import strict_yaml
from streams.mapping import Source
from streams.platforms import PLATFORMS
from streams.platforms.base import Platform
from streams.room_names import RULE, is_room

MAX_SOURCES = 200
_NAME = r"^[A-Za-z0-9_.-]{1,64}$"
_Short = Annotated[str, Meta(max_length=256)]


class BadSources(Exception):
    """The file cannot be used; each line says why."""

    def __init__(self, *lines: str) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


class _Given(msgspec.Struct, forbid_unknown_fields=True):
    platform: str
    secrets: Annotated[list[_Short], Meta(min_length=1, max_length=2)]
    mapping: _Short = ""
    account: _Short = ""
    room: _Short = ""
    zone: _Short = "+08:00"
    token: _Short = ""
    address: _Short = ""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    sources: dict[Annotated[str, Meta(pattern=_NAME)], _Given]


@dataclass(frozen=True, slots=True)
class Sender:
    """One source. `secrets` and `token` are names of files, `mapping` that of a file or of a shipped one."""

    name: str
    platform_name: str
    platform: Platform
    secrets: tuple[str, ...]
    mapping: str
    token: str
    address: str
    said: Source

    @property
    def key(self) -> str:
        """Under which its ids are remembered, apart from those of tokens."""
        return f"platform:{self.name}"


def parse(text: str) -> dict[str, Sender]:
    """Name → source. Raises `BadSources`."""
    try:
        node = strict_yaml.compose(text)
        file = msgspec.convert(strict_yaml.construct(node) if node else {}, _File)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadSources(f"line {line}: {error.problem}") from None
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise BadSources(" ".join(str(error).split())[:200]) from None
    if len(file.sources) > MAX_SOURCES:
        raise BadSources(f"at most {MAX_SOURCES} sources")
    wrong = [f"{name}: {why}" for name, given in file.sources.items() if (why := _misfit(given))]
    if wrong:
        raise BadSources(*wrong)
    return {name: _sender(name, given) for name, given in file.sources.items()}


def _misfit(given: _Given) -> str | None:
    if given.platform not in PLATFORMS:
        return f"platform must be one of {', '.join(PLATFORMS)}"
    if given.room and not is_room(given.room):
        return f"room must be {RULE}"
    if given.address and (urlsplit(given.address).scheme not in ("http", "https") or not urlsplit(given.address).hostname):
        return "address must be http://… or https://…"
    if PLATFORMS[given.platform].address and not given.token:
        return "token must be there: the file with the access token, with which the orders of its pushes are looked up"
    return None


def _sender(name: str, given: _Given) -> Sender:
    platform = PLATFORMS[given.platform]
    address = (given.address or platform.address).rstrip("/")
    said = Source(name, given.account, given.room, given.zone)
    return Sender(name, given.platform, platform, tuple(given.secrets), given.mapping or given.platform, given.token, address, said)


def secret(raw: bytes, platform: Platform) -> dict[str, str]:
    """The fields of a secret's file. Raises `BadSources`, without a word of it."""
    try:
        found = msgspec.json.decode(raw, type=dict[str, str | int])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadSources("a secret is a JSON object of texts") from None
    if missing := [name for name in platform.fields if not found.get(name)]:
        raise BadSources(f"the secret lacks {', '.join(missing)}")
    return {name: str(value) for name, value in found.items()}
