"""Where viewers come from: each channel brings its own share, and its own quality."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A channel.

    share   of the room's exposures          enters  how many of those exposed come in
    watch   how long they stay (1 = usual)   buys    how ready they are to buy (1 = usual)
    fans    share of fans among them         cost    advertising cost of one exposure, in fen (0: natural)
    plans   what of advertising is running, in turn a minute each
    """

    name: str
    share: float
    enters: float
    watch: float
    buys: float
    fans: float
    cost: float = 0.0
    plans: tuple[str, ...] = ()


SOURCES = (
    Source("recommend", 0.46, 0.135, 1.0, 0.8, 0.06),
    Source("video", 0.17, 0.17, 1.15, 1.1, 0.12),
    Source("follow", 0.08, 0.235, 1.9, 1.9, 0.97),
    Source("search", 0.05, 0.22, 1.3, 1.5, 0.2),
    Source("mall", 0.06, 0.18, 1.1, 1.5, 0.1),
    Source("profile", 0.03, 0.24, 1.5, 1.4, 0.4),
    Source("ads_feed", 0.09, 0.12, 0.7, 0.6, 0.03, cost=6.0, plans=("短视频引流", "直播间成交")),
    Source("ads_boost", 0.06, 0.155, 0.85, 0.9, 0.04, cost=8.5, plans=("直播加热",)),
)

#: During a surge the platform recommends more, and the team puts money behind it.
SURGE = {"recommend": 1.3, "ads_boost": 1.8}
