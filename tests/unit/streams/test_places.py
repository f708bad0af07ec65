from streams import events as ev
from streams import keys
from streams.places import AS_OF, EPOCH_MS, Place, Places, Seen, parse, seen, text, wants
from tests.rooms.build import event

EPOCH = 1_000
OLD, NEW = Place(300, False, "p", -1, 1_500_000), Place(400, True, "p", -1, 2_000_000)


def at(epoch: int, user: str = "u") -> ev.Event:
    return event(ev.Liked, at=epoch * EPOCH_MS, user=user)


def read_at(epoch: int, *users: str, newest: int | None = None) -> Places:
    """What is known after a first reading for events of these users, in a room that has come as far as `newest`."""
    asked = wants([at(epoch, user) for user in users])
    rows = {keys.FACTS: {AS_OF: str((epoch if newest is None else newest) * EPOCH_MS)}}
    return Places(rows, asked)


def test_a_place_is_read_as_it_was_written() -> None:
    for place in (Place(7, False, "f\x1f 18-23", -1, 35_001), Place(9, True, "", 4, 45_000, 0b1001, (3, 20_000))):
        assert parse(text(place)) == place


def test_the_newest_row_of_a_user_counts() -> None:
    rows = {keys.presence(3): {"u": text(NEW)}, keys.presence(2): {"u": text(OLD)}}
    assert Places(rows, {}).known == {"u": NEW}


def test_readers_see_where_a_user_was_last_heard_of() -> None:
    left = Place(9, False, "f\x1f 18-23", 4, 45_000, 0b1001, (3, 20_000))
    assert seen({keys.presence(0): {"v": text(left)}}) == {"v": Seen(9, left.profile)}
    for order in ([OLD, NEW], [NEW, OLD]):
        rows = {keys.presence(number): {"u": text(place)} for number, place in enumerate(order)}
        assert seen(rows) == {"u": Seen(NEW.bucket, "p")}


def test_in_a_new_room_nobody_need_be_read() -> None:
    places = Places({keys.FACTS: {}}, wants([at(EPOCH)]))
    assert places.whole
    assert places.lasting
    assert wants([at(EPOCH + 9, "v")], places) == {}


def test_only_users_that_nothing_is_known_of_are_read_again() -> None:
    places = read_at(EPOCH, "u", "v")
    epochs = [keys.presence(EPOCH + step) for step in (-1, 0, 1)]
    assert wants([at(EPOCH, "u"), at(EPOCH, "w")], places) == {key: ["w"] for key in epochs}
    assert wants([at(EPOCH, "u")], places) == {}


def test_what_was_read_does_not_serve_events_that_look_further_back() -> None:
    places = read_at(EPOCH, "u")
    assert places.serves([at(EPOCH), at(EPOCH + 1)])
    assert not places.serves([at(EPOCH), at(EPOCH - 1)])
    assert not places.serves([at(EPOCH + 2)])


def test_what_was_read_for_late_events_is_not_kept() -> None:
    assert read_at(EPOCH, "u", newest=EPOCH + 1).lasting
    assert not read_at(EPOCH, "u", newest=EPOCH + 2).lasting


def test_knowledge_is_whole_when_all_that_counts_came_after_it_began() -> None:
    places = read_at(EPOCH, "u")
    for step, whole in ((1, False), (2, False), (3, True)):
        places.move({f"u{step}": ((EPOCH + step) * 120, True, "p")}, (EPOCH + step) * EPOCH_MS)
        assert places.whole is whole
    assert set(places.known) == {"u1", "u2", "u3"}
