"""What can be a room's name."""

import re

LONGEST = 64
#: For people.
RULE = f"1 to {LONGEST} of A-Z a-z 0-9 _ . -"
_NAME = re.compile(rf"[A-Za-z0-9_.-]{{1,{LONGEST}}}")


def is_room(name: str) -> bool:
    """Whether a room can be called so."""
    return _NAME.fullmatch(name) is not None
