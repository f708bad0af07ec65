"""One person in the room."""

from deploy.simulator.catalogue import Product
from deploy.simulator.people import Profile
from deploy.simulator.sources import Source


class Viewer:
    """Someone in the room. `heard_at`: up to when their watching was reported; `seen`: the explained product they were shown last."""

    __slots__ = ("club", "fan", "heard_at", "leaves_at", "nickname", "profile", "seen", "source", "user")

    def __init__(self, user: str, profile: Profile, source: Source) -> None:
        self.user = user
        self.profile = profile
        self.source = source
        self.fan = profile.fan
        self.club = False
        self.nickname = ""
        self.seen: Product | None = None
        self.heard_at = self.leaves_at = 0
