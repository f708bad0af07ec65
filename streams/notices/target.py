"""Where a subscription's messages go: an address, checked before it is stored, and shown without what is secret in it."""

import re
from urllib.parse import SplitResult, urlsplit

WEBHOOK = ("http://", "https://")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
#: What no address holds: blanks, control characters, halves of characters.
_NEVER = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class BadTarget(ValueError):
    """Says why an address is none, without the address: it may hold a password."""


def is_webhook(target: str) -> bool:
    """Whether it is told by the signed webhook; else it is an address for Apprise."""
    return target.lower().startswith(WEBHOOK)


def check(target: str) -> None:
    """Raises `BadTarget`."""
    scheme, found, _ = target.partition("://")
    if not found:
        raise BadTarget("must be http(s)://… or an Apprise address")
    if not _SCHEME.fullmatch(scheme):
        raise BadTarget("what stands before :// is no scheme")
    if _NEVER.search(target):
        raise BadTarget("an address has no blanks and no control characters")
    if is_webhook(target):
        _check_host(target)


def _check_host(target: str) -> None:
    parts = _split(target)
    try:
        port = parts.port
    except ValueError:
        raise BadTarget("the port must be a number from 1 to 65535") from None
    host = parts.hostname
    if port == 0:
        raise BadTarget("the port must be a number from 1 to 65535")
    if not host:
        raise BadTarget("the host is missing")
    try:
        host.encode("idna")
    except UnicodeError:
        raise BadTarget("the host is no name and no address") from None


def _split(target: str) -> SplitResult:
    try:
        return urlsplit(target)
    except ValueError:  # brackets that do not match, letters that become others
        raise BadTarget("the host is no name and no address") from None


def shown(target: str) -> str:
    """Of an address that was checked what says where it goes: an Apprise address is a password as a whole."""
    if not is_webhook(target):
        return f"{target.partition('://')[0]}://…"
    parts = _split(target)
    return f"{parts.scheme}://{parts.hostname}/…"
