"""Who may do what: four roles, each of which may do all that the one before may; and `source` for programs, which only write events."""

from enum import IntEnum


class Role(IntEnum):
    """In rising order, so that `held >= needed` decides."""

    SOURCE = 0  # writes events, and nothing else (`screen.ingest`)
    VIEWER = 1  # reads
    ASSISTANT = 2  # also writes scenes
    OPERATOR = 3  # also acknowledges alerts, prompts the host, changes rules
    ADMIN = 4  # also manages tokens

    @classmethod
    def named(cls, name: str) -> "Role":
        """The role of that name in small letters; ValueError for any other text."""
        for role in cls:
            if role.label == name:
                return role
        raise ValueError(f"no such role: {name!r}; there are {', '.join(role.label for role in cls)}")

    @property
    def label(self) -> str:
        """The name as it is written everywhere: "viewer"."""
        return self.name.lower()
