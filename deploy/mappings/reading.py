"""Mappings and files as a person names them: a shipped mapping by its name, all else by its path."""

from pathlib import Path

from deploy.problem import Problem
from streams.mapping import BadMapping, Mapping, parse, shipped
from streams.mapping.document import MAX_BYTES


def mapping(name: str) -> Mapping:
    """A mapping; a `Problem` with a line for each thing that is wrong in it."""
    try:
        return parse(_text(name))
    except BadMapping as error:
        raise Problem(*[f"{name}:{line}: {fault}" for line, fault in error.faults]) from None


def _text(name: str) -> str:
    if (known := shipped.text(name)) is not None:
        return known
    path = Path(name)
    if not path.is_file():
        raise Problem(f"{name} is neither a file nor a shipped mapping ({', '.join(shipped.names())})", status=2)
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1).decode("utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise Problem(f"{name} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}") from None
