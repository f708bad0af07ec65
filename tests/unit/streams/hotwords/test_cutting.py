"""Words of many languages, none of them cut within a character."""

import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from streams.hotwords import cutting, words
from streams.hotwords.stopwords import STOP_WORDS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("S码有货吗", ["s码", "有货"]),  # jieba alone makes it "码有"
        ("要3XL的黑色", ["3xl", "黑色"]),
        ("38码和3号链接", ["38码", "3号", "链接"]),
        ("怎麼買 有優惠嗎", ["優惠"]),
        ("绝绝子太好看了", ["绝绝子", "好看"]),
        ("How much is this one?", []),
        ("I don't want size-L", ["want", "size-l"]),
        ("đẹp quá shop ơi", ["đẹp", "shop"]),
        (unicodedata.normalize("NFD", "Áo này bao nhiêu tiền"), ["áo", "tiền"]),
        ("これいくらですか", ["いくら"]),
        ("送料無料ですか サイズ Mありますか", ["送料", "無料", "サイズ"]),
        ("이거 얼마예요 사이즈 있나요", ["얼마예요", "사이즈"]),
        ("ราคาเท่าไหร่คะ สีดำมีไหม", ["ราคา", "สี", "ดำ"]),
        ("¿Cuánto cuesta el envío?", ["cuánto", "cuesta", "envío"]),
        ("berapa harganya kak", ["berapa", "harganya"]),
        ("हिन्दी", ["हिन्दी"]),
        ("Сколько стоит", ["сколько", "стоит"]),
        ("👨‍👩‍👧‍👦好看😂", ["好看"]),
        ("Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑O", []),
        ("12.50 2026-11-26 ٣٣", []),
        ("\u202e反转\u202c", ["反转"]),
        ("a" * 25, []),
    ],
)
def test_words_of_many_languages(text: str, found: list[str]) -> None:
    assert words(text) == found


_PIECES = [*"S码有货3号 quá\u0301ếいくらราคาสี이거a'-.\u0308हि", "👨\u200d👩\u200d👧", "❤\ufe0f", "🇨🇳", "1\ufe0f\u20e3"]


@given(st.lists(st.sampled_from(_PIECES), max_size=60).map("".join))
def test_no_character_is_cut(text: str) -> None:
    """Each word stands in the text between edges of characters as people see them."""
    plain = unicodedata.normalize("NFC", text).lower()
    edges = {0, *(found.end() for found in regex.finditer(r"\X", plain))}
    for word in words(text):
        places = [found.start() for found in regex.finditer(regex.escape(word), plain, overlapped=True)]
        assert any(place in edges and place + len(word) in edges for place in places), word


@given(st.text(max_size=2_000))
def test_no_text_breaks_it(text: str) -> None:
    found = words(text)
    assert len(found) <= cutting.MOST
    assert STOP_WORDS.isdisjoint(found)
    assert all(len(word) >= 2 for word in found)
