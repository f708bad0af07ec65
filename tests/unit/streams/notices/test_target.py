import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.notices import target
from streams.notices.subscription import BadSubscription, parse


@pytest.mark.parametrize(
    "bad",
    [
        "http://[::1", "http://[invalid", "http://a]b/", "https://[]/", "http://exa mple/", "http://\x00/", "http://\u2028/x", "http://",
        "http://a:99999999/", "http://a:0/", "http://a:b/", "http://℀.com", "[://x", "nowhere", "://x", "http:///path", "http://.a..b/",
        "feishu://a b", "http://" + "a" * 64 + ".com/",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_without_being_told(bad: str) -> None:
    with pytest.raises(target.BadTarget) as caught:
        target.check(bad)
    assert bad not in str(caught.value)
    with pytest.raises(BadSubscription):
        parse(json.dumps({"id": "s", "target": bad, "secret": "x" * 16}))


@pytest.mark.parametrize(
    ("good", "shown"),
    [
        ("http://[::1]:8080/x", "http://::1/…"),
        ("https://user:pw@hooks.example/p?token=abc", "https://hooks.example/…"),
        ("HTTPS://例え.jp/x", "https://例え.jp/…"),
        ("http://127.0.0.1:9/x", "http://127.0.0.1/…"),
        ("feishu://token-5678", "feishu://…"),
        ("mailtos://user:pw@example.com?to=a@b.c", "mailtos://…"),
    ],
)
def test_what_is_one_is_shown_without_its_secrets(good: str, shown: str) -> None:
    target.check(good)
    assert target.shown(good) == shown


@given(st.one_of(st.text(max_size=30), st.text(alphabet="http:/[]@.%#?1a℀\u2028", max_size=30)))
def test_whatever_passes_can_be_shown(text: str) -> None:
    for given_text in (text, f"http://{text}"):
        try:
            target.check(given_text)
        except target.BadTarget:
            continue
        assert target.shown(given_text)
