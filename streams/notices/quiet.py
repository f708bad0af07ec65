"""Quiet hours: by the clock of a time zone, over midnight where they must."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from streams.notices.subscription import Quiet


def holds(quiet: Quiet | None, severity: str, at_ms: int) -> bool:
    """Whether something of this severity is not to be told at this time (Unix ms)."""
    if quiet is None or severity in quiet.through:
        return False
    clock = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZoneInfo(quiet.zone)).strftime("%H:%M")
    if quiet.begin < quiet.end:
        return quiet.begin <= clock < quiet.end
    return clock >= quiet.begin or clock < quiet.end
