"""The lists of stop words."""

import unicodedata

import pytest

from streams.hotwords.stopwords import LANGUAGES, STOP_WORDS, read


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_words_as_they_are_looked_up(language: str) -> None:
    found = read(language)
    assert len(found) > 40
    assert all(word == unicodedata.normalize("NFC", word).lower() for word in found)


def test_what_is_asked_for_in_a_shop_is_none() -> None:
    asked = "price size buy want available 尺码 价格 有货 包邮 いくら 送料 가격 ราคา giá precio envío harga"
    assert STOP_WORDS.isdisjoint(asked.split())
