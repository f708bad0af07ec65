"""Many spellings become one."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.violations.normalise import Normaliser, base, pairs
from streams.violations.terms import read_groups

PLAIN = Normaliser({"ν": "v", "х": "x", "號": "号"})


@pytest.mark.parametrize(
    ("text", "folded", "squeezed"),
    [
        ("ＶＸ", "vx", "vx"),
        ("Ｖ\u200bX\ufeff", "vx", "vx"),
        ("νх號", "vx号", "vx号"),
        ("加 微.信😀", "加 微.信😀", "加微信"),
        ("é̶", "e", "e"),
        ("①⑴1️⃣𝟏１", "1(1)111", "11111"),
        ("٣३", "33", "33"),
        ("ẞ ﬃ Ⅷ", "ss ffi viii", "ssffiviii"),
        ("\u202eabc\u3164", "abc", "abc"),
        ("a\nb", "a\nb", "ab"),
        ("", "", ""),
        ("!?。 ～", "!?。 ~", ""),
    ],
)
def test_fold_and_squeeze(text: str, folded: str, squeezed: str) -> None:
    assert (PLAIN.fold(text), PLAIN.squeeze(text)) == (folded, squeezed)


def _may_change(character: str) -> bool:
    """Most of the million are ideographs, which stay what they are, or are not assigned."""
    category = unicodedata.category(character)
    return category not in ("Cn", "Co", "Lo") or unicodedata.decomposition(character) != "" or character in "微徽號号가힣"


def test_every_character_there_is_needs_normalising_once(shipped: dict[str, str]) -> None:
    groups, _ = read_groups("lookalikes", shipped["lookalikes"])
    normaliser = Normaliser(pairs(groups))
    again = [
        code
        for code in range(sys.maxunicode + 1)
        if _may_change(chr(code))
        for once in [normaliser.fold(chr(code))]
        if normaliser.fold(once) != once or normaliser.squeeze(once) != normaliser.squeeze(chr(code))
    ]
    assert again == []


@given(st.text(), st.text())
def test_twice_is_once_and_a_text_is_the_sum_of_its_parts(one: str, other: str) -> None:
    for normalise in (PLAIN.fold, PLAIN.squeeze):
        assert normalise(normalise(one)) == normalise(one)
        assert normalise(one + other) == normalise(one) + normalise(other)


@given(st.text())
def test_places_are_where_the_squeezed_text_stands(text: str) -> None:
    folded = PLAIN.fold(text)
    assert "".join(folded[place] for place in PLAIN.places(folded)) == PLAIN.squeeze(text)


@given(st.dictionaries(st.characters(), st.text(max_size=5), max_size=8), st.text())
def test_whatever_lookalikes_an_operator_lists_twice_is_once(groups: dict[str, str], text: str) -> None:
    normaliser = Normaliser(pairs({plain: variants for plain, variants in groups.items() if len(base(plain)) == 1}))
    once = normaliser.fold(text)
    assert normaliser.fold(once) == once


def test_a_plain_character_is_nobodys_variant() -> None:
    assert pairs({"a": "bc", "b": "d"}) == {"c": "a", "d": "b"}
    assert pairs({"a": "A x", "c": "x"}) == {"x": "a"}  # the first that names it
