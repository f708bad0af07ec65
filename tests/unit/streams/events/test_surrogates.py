import json
import re

from hypothesis import given
from hypothesis import strategies as st

from streams.events import Commented, decode
from streams.events.surrogates import replace
from streams.topics import COMMENTS

NOW = 1_760_000_000_000


def commented(text: str) -> bytes:
    return b'{"id": "1", "room": "r", "at": %d, "kind": "commented", "user": "u", "text": "%s"}' % (NOW, text.encode())


def text_of(escaped: str) -> str:
    event = decode(COMMENTS, commented(escaped), NOW)
    assert isinstance(event, Commented)
    return event.text


def test_half_an_emoji_is_replaced_and_the_rest_is_kept() -> None:
    assert text_of(r"买\ud83d") == "买�"
    assert text_of(r"\ude00买") == "�买"
    assert text_of(r"\ud83d\ud83d\ude00!") == "�😀!"
    assert text_of(r"\uD83Dx\u4e70") == "�x买"


def test_a_whole_pair_and_an_escaped_backslash_are_left_alone() -> None:
    assert text_of(r"\ud83d\ude00") == "😀"
    assert text_of(r"\\ud83d \ud83d") == r"\ud83d �"
    plain = commented(r"\\ud83d")
    assert replace(plain) == plain


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_every_half_and_nothing_else_is_replaced(text: str) -> None:
    raw = json.dumps(text).encode()
    assert json.loads(replace(raw)) == re.sub("[\ud800-\udfff]", "\ufffd", json.loads(raw))


@given(st.binary(max_size=100))
def test_bytes_without_halves_are_the_same(raw: bytes) -> None:
    if b"\\ud" not in raw.lower():
        assert replace(raw) is raw
