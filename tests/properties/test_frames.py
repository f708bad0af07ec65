"""Whatever happens to the tables and whichever frames a reader misses, full + deltas reproduce them exactly."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from streams.frames import Journal, Tables

# Each table's rows have that table's fields, as on a board; `loose` rows may have any of them.
FIXED = {"t": ("x", "y"), "u": ("x", "y", "z")}
VALUES = st.one_of(st.none(), st.integers(0, 3), st.text(max_size=2), st.lists(st.integers(0, 2), max_size=2))
KEYS = st.sampled_from(["a", "b", "c", "d"])


def rows(fields: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(KEYS, st.fixed_dictionaries(dict.fromkeys(fields, VALUES)), max_size=4)


EXACT = st.fixed_dictionaries({}, optional={table: rows(fields) for table, fields in FIXED.items()})
LOOSE = st.dictionaries(
    st.sampled_from(["t", "u"]),
    st.dictionaries(KEYS, st.dictionaries(st.sampled_from("xyz"), VALUES, max_size=3)),
    max_size=2,
)
WATCHED = st.lists(st.booleans(), min_size=1, max_size=4)


class Reader:
    """What a browser does with frames."""

    def __init__(self) -> None:
        self.rev: int | None = None
        self.tables: dict[str, dict[str, dict[str, Any]]] = {}

    def follow(self, journal: Journal) -> None:
        delta = None if self.rev is None else journal.since(self.rev)
        if delta is None:
            self.tables = {t: {k: dict(row) for k, row in held.items()} for t, held in journal.full().items()}
        else:
            for table, changes in delta.items():
                held = self.tables.setdefault(table, {})
                for key, row in changes.items():
                    if row is None:
                        held.pop(key, None)
                    else:
                        held.setdefault(key, {}).update(row)
        self.rev = journal.rev


def bare(held: Any) -> dict[str, Any]:
    return {table: {k: dict(row) for k, row in found.items()} for table, found in held.items() if found}


def play(states: list[Tables], readers: list[list[bool]], journal: Journal, exact: bool) -> None:
    followers = [(Reader(), when) for when in readers]
    for step, state in enumerate(states):
        before = journal.rev
        changed = journal.update(state)
        assert journal.rev == before + changed
        assert bare(journal.full()) == bare(state) or not exact
        for reader, when in followers:
            if when[step % len(when)]:
                reader.follow(journal)
                assert bare(reader.tables) == bare(journal.full())
    for reader, _ in followers:
        reader.follow(journal)
        assert bare(reader.tables) == bare(journal.full())


@given(st.lists(EXACT, max_size=12), st.lists(WATCHED, max_size=3), st.integers(1, 6), st.integers(1, 6))
def test_full_and_any_deltas_reproduce_the_tables(
    states: list[Tables], readers: list[list[bool]], keep_revisions: int, keep_removed: int
) -> None:
    play(states, readers, Journal(keep_revisions, keep_removed), exact=True)


@given(st.lists(LOOSE, max_size=12), st.lists(WATCHED, max_size=3), st.integers(1, 6), st.integers(1, 6))
def test_rows_that_lose_fields_agree_with_the_journal(
    states: list[Tables], readers: list[list[bool]], keep_revisions: int, keep_removed: int
) -> None:
    """A field that goes stays as null, so here the journal, not the tables, is what every reader must have."""
    journal = Journal(keep_revisions, keep_removed)
    play(states, readers, journal, exact=False)
    if states:
        for table, held in states[-1].items():
            for key, row in held.items():
                kept = journal.full()[table][key]
                assert {name: value for name, value in kept.items() if name in row} == row
                assert all(kept[name] is None for name in kept if name not in row)
