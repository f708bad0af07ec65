"""People coming in, staying, doing this and that, and leaving: the views topic."""

from collections import deque
from random import Random

from deploy.simulator import habits
from deploy.simulator.agenda import Agenda
from deploy.simulator.chance import table
from deploy.simulator.chat import Chat
from deploy.simulator.people import Crowd
from deploy.simulator.records import Scribe
from deploy.simulator.shopping import Shopping
from deploy.simulator.sources import Source
from deploy.simulator.stage import Stage
from deploy.simulator.viewer import Viewer
from streams.topics import VIEWS

_REMEMBERED = 4_000  # people who left and may come back

_DEEDS = {
    "liked": habits.LIKES,
    "commented": habits.COMMENTS,
    "shared": habits.SHARES,
    "followed": habits.FOLLOWS,
    "joined_club": habits.JOINS_CLUB,
    "disliked": habits.DISLIKES,
}
_DEED = table(_DEEDS, 2_000)
_DOES_SOMETHING = sum(_DEEDS.values())


class Viewers:
    """All sessions of a broadcast that ends at `end` (ms). `online` is how many are in the room."""

    def __init__(
        self, scribe: Scribe, agenda: Agenda, rng: Random, crowd: Crowd, stage: Stage, shopping: Shopping, chat: Chat, end: int
    ) -> None:
        self.online = 0
        self._write = scribe.write
        self._add = agenda.add
        self._rng = rng
        self._random = rng.random
        self._crowd = crowd
        self._stage = stage
        self._look = shopping.look
        self._say = chat.say
        self._end = end
        self._gone: deque[Viewer] = deque(maxlen=_REMEMBERED)

    def expose(self, at: int, source: Source) -> None:
        """Shows the room to someone, who may come in a little later."""
        if self._random() >= source.enters:
            profile = self._crowd.profile(self._random() < source.fans)
            self._write(VIEWS, "exposed", at, user=self._crowd.user(), source=source.name, person=profile.person)
            return
        viewer = self._someone(source)
        self._write(VIEWS, "exposed", at, user=viewer.user, source=source.name, person=viewer.profile.person)
        self._add(at + 300 + int(self._random() * 3_000), self._enter, viewer)

    def _someone(self, source: Source) -> Viewer:
        """Somebody new, or one of those who left."""
        if len(self._gone) > 50 and self._random() < habits.RETURNS:
            viewer = self._gone.popleft()
            viewer.source = source
            return viewer
        profile = self._crowd.profile(self._random() < source.fans)
        return Viewer(self._crowd.user(), profile, source, lively=self._random() < habits.LIVELY)

    def _enter(self, at: int, viewer: Viewer) -> None:
        if at > self._end - habits.LAST_GOODBYES_MS:
            return
        self._write(VIEWS, "entered", at, user=viewer.user, source=viewer.source.name, person=viewer.profile.person)
        self.online += 1
        viewer.heard_at = at
        viewer.leaves_at = self._leaves_at(at, viewer)
        self._turn(at, viewer)

    def _leaves_at(self, at: int, viewer: Viewer) -> int:
        seconds = min(habits.WATCH_LONGEST_S, self._rng.lognormvariate(0, habits.WATCH_SIGMA) * habits.WATCH_MEDIAN_S * viewer.source.watch)
        leaves_at = at + 1_500 + int(seconds * 1_000)
        bag = self._stage.bag_ends_at
        if bag > leaves_at and self._random() < habits.HELD_BY_BAG:
            leaves_at = bag + int(self._random() * 15_000)
        return min(leaves_at, self._end - 1_000 - int(self._random() * (habits.LAST_GOODBYES_MS - 1_000)))

    def _turn(self, at: int, viewer: Viewer) -> None:
        """The next half minute of someone: what they look at, what they do, and how it ends."""
        least, most = habits.TURN_MS
        until = at + least + int(self._random() * (most - least))
        stays = until < viewer.leaves_at
        if not stays:
            until = max(at, viewer.leaves_at)
        dwell = until - at
        self._look(at, dwell, viewer)
        if viewer.lively and self._random() * most < _DOES_SOMETHING * dwell:
            self._do(at, dwell, viewer)
        self._add(until, self._stay if stays else self._leave, viewer)

    def _stay(self, at: int, viewer: Viewer) -> None:
        self._write(VIEWS, "stayed", at, user=viewer.user, seconds=self._watched(at, viewer))
        self._turn(at, viewer)

    def _leave(self, at: int, viewer: Viewer) -> None:
        self.online -= 1
        if self._random() >= habits.VANISHES:
            self._write(VIEWS, "left", at, user=viewer.user, seconds=self._watched(at, viewer))
        self._gone.append(viewer)

    @staticmethod
    def _watched(at: int, viewer: Viewer) -> int:
        """Whole seconds since the last report; what is left of a second is carried to the next one."""
        seconds = (at - viewer.heard_at) // 1_000
        viewer.heard_at += seconds * 1_000
        return seconds

    def _do(self, at: int, dwell: int, viewer: Viewer) -> None:
        deed = _DEED[int(self._random() * len(_DEED))]
        when = at + int(self._random() * dwell)
        if deed == "liked":
            for tap in range(1 + int(self._random() * habits.LIKE_TAPS)):
                self._add(min(when + tap * 180, at + dwell), self._deed, (deed, viewer))
        elif deed == "commented":
            self._add(when, self._say, viewer)
        elif self._is_new(deed, viewer):
            self._add(when, self._deed, (deed, viewer))

    @staticmethod
    def _is_new(deed: str, viewer: Viewer) -> bool:
        """Following and joining the club happen once."""
        if deed == "followed":
            viewer.fan, was = True, viewer.fan
            return not was
        if deed == "joined_club":
            viewer.club, was = viewer.fan, viewer.club
            return viewer.fan and not was
        return True

    def _deed(self, at: int, what: tuple[str, Viewer]) -> None:
        deed, viewer = what
        self._write(VIEWS, deed, at, user=viewer.user)
