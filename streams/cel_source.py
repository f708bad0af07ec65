"""Compiles CEL, for rules (`streams.alerts.expression`) and for mappings (`streams.mapping.expression`)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import cel


class NotCompiled(Exception):
    """An expression that cannot be compiled, or holds what is refused.

    line and column count from 1 within the expression; 0 where they are not known.
    """

    def __init__(self, reason: str, line: int = 0, column: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.line, self.column = reason, line, column


def compiled(source: str) -> "cel.Program":
    """The program. Raises `NotCompiled`."""
    import cel  # noqa: PLC0415 (it brings a command line of its own: a second for every process that starts, and few have rules)

    try:
        return cel.compile(source)
    except ValueError as error:
        place, _, reason = str(error).partition("<input>:")[2].partition(": ")
        line, _, column = place.partition(":")
        if not (line.isdigit() and column.isdigit()):
            raise NotCompiled("no expression") from None
        raise NotCompiled(reason.partition("\n")[0], int(line), int(column)) from None
