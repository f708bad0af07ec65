"""The login page's language and texts."""

import pytest

from screen import pages


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("zh-TW", "zh-CN"),
        ("en-GB,zh;q=0.9", "en"),
        ("fr-FR, en;q=0.5, zh;q=0.7", "zh-CN"),
        ("de;q=x,zh;q=nonsense,*", "zh-CN"),
        ("fr", "en"),
        ("," * 10_000, "en"),
    ],
)
def test_the_language_ranked_first_of_the_two(accepted: str, lang: str) -> None:
    assert pages.language(accepted) == lang


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
@pytest.mark.parametrize("error", [None, "wrong", "often", "origin", "sessions"])
def test_the_page_is_whole(lang: str, error: pages.Error | None) -> None:
    page = pages.login(lang, "/live", "/rooms/r1", error)
    assert f'<html lang="{lang}">' in page
    assert 'name="next" value="/rooms/r1"' in page
    assert "$" not in page
    assert 'href="/live/login.css"' in page
    assert ('name="everywhere"' in page) == (error == "sessions")
    assert ('role="alert"' in page) == (error is not None)
