"""What can be a room's name."""

import re

#: For people.
RULE = "1 to 64 of A-Z a-z 0-9 _ . -"
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def is_room(name: str) -> bool:
    """Whether a room can be called so."""
    return _NAME.fullmatch(name) is not None
