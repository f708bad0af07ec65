"""One person in the room."""

from deploy.simulator.catalogue import Product
from deploy.simulator.people import Profile
from deploy.simulator.sources import Source


class Viewer:
    """Someone in the room.

    lively    they like, write, follow; the others only watch and shop
    heard_at  up to when (ms) their watching was reported     leaves_at  when (ms) they will go
    seen      the explained product they were shown last
    """

    __slots__ = ("club", "fan", "heard_at", "leaves_at", "lively", "nickname", "profile", "seen", "source", "user")

    def __init__(self, user: str, profile: Profile, source: Source, lively: bool) -> None:
        self.user = user
        self.profile = profile
        self.source = source
        self.lively = lively
        self.fan = profile.fan
        self.club = False
        self.nickname = ""
        self.seen: Product | None = None
        self.heard_at = self.leaves_at = 0
