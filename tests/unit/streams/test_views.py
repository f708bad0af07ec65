"""live.views: figures, sources and audience."""

import pytest

from streams import events as ev
from tests.rooms.build import MINUTE, NOW, SECOND, event
from tests.rooms.drive import Room


@pytest.mark.parametrize(
    ("sort", "counter", "people"),
    [
        (ev.RoomExposed, "impressions", "exposed_users"),
        (ev.Entered, "entries", "viewers"),
        (ev.Left, "leaves", None),
        (ev.Liked, "likes", "interacting_users"),
        (ev.Shared, "shares", "interacting_users"),
        (ev.Followed, None, "new_fans"),
        (ev.JoinedClub, None, "club_joins"),
        (ev.Disliked, "dislikes", None),
    ],
)
async def test_each_kind_counts_events_and_different_users(
    room: Room, sort: type[ev.Event], counter: str | None, people: str | None
) -> None:
    await room.send(*(event(sort, user=user) for user in "aab"))
    board = await room.board()
    for part in (board["total"], board["last_5m"], (await room.minutes())[NOW]):
        counted = {name: part[name] for name in ("impressions", "entries", "leaves", "likes", "shares", "dislikes") if part[name]}
        met = {name: part[name] for name in ("exposed_users", "viewers", "interacting_users", "new_fans", "club_joins") if part[name]}
        assert counted == ({counter: 3} if counter else {})
        assert met == ({people: 2} if people else {})


async def test_a_user_who_likes_shares_and_comments_interacts_once(room: Room) -> None:
    await room.send(event(ev.Liked), event(ev.Shared), event(ev.Commented), event(ev.Liked, user="v"))
    assert (await room.board())["total"]["interacting_users"] == 2


async def test_watch_time_is_summed_to_the_ms_and_shared_among_viewers(room: Room) -> None:
    await room.send(
        event(ev.Entered, user="a"),
        event(ev.Entered, user="b"),
        event(ev.Stayed, user="a", seconds=10.25),
        event(ev.Left, user="b", seconds=0.5),
    )
    assert (await room.board())["total"]["average_watch_seconds"] == 5.375


async def test_sources_take_exposures_and_entries(room: Room) -> None:
    await room.send(
        event(ev.RoomExposed, source="video"),
        event(ev.Entered, source="video"),
        event(ev.Entered, source="ads_feed"),
        event(ev.Entered, source="ads_feed"),
    )
    sources = (await room.board())["sources"]
    assert {name: (row["impressions"], row["entries"], row["natural"]) for name, row in sources.items()} == {
        "video": (1, 1, True),
        "ads_feed": (0, 2, False),
    }
    assert sources["ads_feed"]["entries_share"] == pytest.approx(2 / 3)


async def test_viewers_by_profile_are_different_people(room: Room) -> None:
    f, m = ev.Person(gender="f", fan=True, province="浙江"), ev.Person(gender="m")
    await room.send(*(event(ev.Entered, user=user, person=person) for user, person in (("a", f), ("a", f), ("b", f), ("c", m))))
    viewers = (await room.board())["audience"]["viewers"]
    assert viewers["gender"] == {"f": 2, "m": 1}
    assert viewers["province"] == {"unknown": 1, "浙江": 2}
    assert viewers["fan"] == {"false": 1, "true": 2}


async def test_an_exposure_says_nothing_of_the_audience(room: Room) -> None:
    await room.send(event(ev.RoomExposed, person=ev.Person(gender="f")))
    board = await room.board()
    assert board["audience"]["viewers"]["gender"] == {}
    assert board["total"]["online"] == 0


@pytest.mark.parametrize("age_ms", [16 * MINUTE, 5 * 60 * MINUTE])
async def test_a_late_event_counts_in_its_minute_and_the_total(room: Room, age_ms: int) -> None:
    await room.send(event(ev.Liked), event(ev.Liked, at=NOW - age_ms + SECOND))
    board = await room.board()
    assert (board["total"]["likes"], board["last_5m"]["likes"], board["previous_5m"]["likes"]) == (2, 1, 0)
    assert (await room.minutes())[(NOW - age_ms + SECOND) // MINUTE * MINUTE]["likes"] == 1


async def test_as_of_is_the_newest_event_of_each_topic(room: Room) -> None:
    await room.send(event(ev.Liked, at=NOW - 5), event(ev.Liked, at=NOW - 9), event(ev.Carted, at=NOW - 7))
    assert (await room.board())["as_of"] == {
        "live.views": NOW - 5,
        "live.clicks": NOW - 7,
        "live.orders": None,
        "live.comments": None,
        "live.scenes": None,
    }
