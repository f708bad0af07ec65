"""The file of sources."""

from pathlib import Path

import pytest

from streams.platforms import files, sources
from streams.platforms.files import NoSecret
from streams.platforms.sources import BadSources

GOOD = """\
sources:
  shop:
    platform: doudian
    secrets: [a.json, b.json]
    account: "880001"
    token: token
"""


def test_a_good_one():
    sender = sources.parse(GOOD)["shop"]
    assert (sender.mapping, sender.address, sender.said.account) == ("doudian", "https://openapi-fxg.jinritemai.com", "880001")


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("doudian", "somewhere", "platform must be one of"),
        ("    token: token\n", "", "token must be there"),
        ("[a.json, b.json]", "[a, b, c]", "length"),
        ("[a.json, b.json]", "[]", "length"),
        ("  shop:", "  a shop:", "matching regex"),
        ("token: token", "token: token\n    colour: red", "colour"),
        ("token: token", "token: token\n    address: ftp://a", "address must be"),
        ("token: token", "token: token\n    room: a room", "room must be"),
        ("platform: doudian", "platform: &a doudian", "anchors"),
        (GOOD, "[]", "object"),
    ],
)
def test_what_is_wrong_is_said(before: str, after: str, says: str):
    assert before in GOOD
    with pytest.raises(BadSources, match=says):
        sources.parse(GOOD.replace(before, after))


def test_secrets_are_read_when_they_are_needed_and_never_shown(tmp_path: Path):
    (tmp_path / "sources.yaml").write_text(GOOD)
    found = files.read(str(tmp_path / "sources.yaml"))
    sender = found.senders["shop"]
    with pytest.raises(NoSecret):
        found.secrets(sender)
    (tmp_path / "b.json").write_text('{"app_key": 7, "app_secret": "s"}')
    assert found.secrets(sender) == [{"app_key": "7", "app_secret": "s"}]
    (tmp_path / "a.json").write_text('{"app_key": "hidden"}')
    (tmp_path / "b.json").write_text('{"app_secret": "hidden"')
    with pytest.raises(NoSecret) as error:
        found.secrets(sender)
    assert "hidden" not in str(error.value)
    (tmp_path / "token").write_text("t\n")
    assert found.token(sender) == "t"
