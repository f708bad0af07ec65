"""The words of a review: none of ours is shown as the name that programs use."""

from typing import get_args

import pytest

from screen.review.words import Language, source, word
from streams.on_air import Status

#: The channels with a meaning of their own; any other text is the senders'.
CHANNELS = (
    "recommend", "video", "follow", "search", "profile", "mall", "event", "other", "ads_feed", "ads_boost", "ads_brand", "ads_other",
)  # fmt: skip


@pytest.mark.parametrize("language", get_args(Language))
def test_every_status_and_known_source_has_a_word(language: Language) -> None:
    assert [status for status in get_args(Status) if word(status, language) == status] == []
    assert [name for name in CHANNELS if source(name, language) == name] == []


def test_what_the_system_itself_names_is_in_words_too() -> None:
    assert (source("unknown", "zh"), source("overflow", "en")) == ("未注明", "The rest")


def test_a_source_of_the_senders_own_stands_as_it_is() -> None:
    assert source("live", "zh") == "live"


def test_seconds_are_said_to_be() -> None:
    assert word("average_watch_seconds", "zh") == "人均观看时长(秒)"
    assert word("average_watch_seconds", "en").endswith("(s)")
