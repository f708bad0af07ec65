"""Names from outside never become keys, and never meet another's."""

import re
from itertools import product

import pytest

from streams import keys

HOSTILE = ["", " ", "0", "1", "1 a", "a", "a1", "\x1f", "a\x1fb", "~", "p:x", "{r}", "*", "\r\n", "\0", "😀", "新品", "x" * 4_000]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_key_is_made_of_plain_letters_whatever_the_name(name: str) -> None:
    made = [keys.product(name), keys.source(name), keys.viewers("crowd", name), keys.sold(name), keys.minute(7, keys.product(name))]
    assert all(re.fullmatch(r"[a-z0-9:~]{1,80}", key) for key in made)


@pytest.mark.parametrize("make", [keys.product, keys.source, keys.sold, keys.digest, lambda name: keys.viewers("age", name)])
def test_two_names_never_share_a_key(make: object) -> None:
    assert len({make(name) for name in HOSTILE}) == len(HOSTILE)  # type: ignore[operator]


def test_kinds_of_keys_never_meet() -> None:
    n = 7
    p = keys.product("x")
    made = [
        keys.TOTAL,
        keys.FACTS,
        keys.SHELF,
        keys.TAKEN,
        keys.TAKEN_BEFORE,
        keys.ORDERS,
        keys.BUYERS,
        keys.AUDIENCE,
        keys.SCENES,
        keys.COMMENTS,
    ]
    made += [
        keys.WORDS,
        keys.minute(n),
        keys.bucket(n),
        keys.presence(n),
        keys.watching(n),
        keys.paid(n),
        keys.words(n),
        keys.answers(n),
        keys.people(keys.answers(n), "1"),
        keys.sold("x"),
        p,
    ]
    made += [keys.source("x"), keys.minute(n, p), keys.bucket(n, p), keys.minute(n, keys.source("x"))]
    made += [keys.people(key, "viewers") for key in (keys.TOTAL, keys.minute(n), keys.bucket(n), p, keys.bucket(n, p))]
    assert len(set(made)) == len(made)


def test_pairs_split_as_they_were_joined() -> None:
    pairs = list(product(HOSTILE, repeat=2))
    assert [keys.unpair(keys.pair(*names)) for names in pairs] == pairs
    assert len({keys.pair(*names) for names in pairs}) == len(pairs)
