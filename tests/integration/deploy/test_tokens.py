"""Tokens from the command line: what they are called, and that the audit log knows of them."""

import asyncio
import getpass
from pathlib import Path

from deploy import tokens
from deploy.settings import load
from screen.audit import Audit
from streams.store.redis.client import Client


async def _entries(url: str) -> list[tuple[str, str, dict[str, str]]]:
    client = Client(url)
    try:
        return [(entry.action, entry.by, entry.what) for entry in await Audit(client, lambda: 0).read(None, 10)]
    finally:
        await client.close()


def test_tokens_are_named_and_in_the_audit_log(redis_url, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LIVESCREEN_REDIS", redis_url)
    monkeypatch.setenv("LIVESCREEN_KAFKA", "k:1")
    settings = load()
    tokens.make(settings, tmp_path, "assistant", ["r1"], [], 1, "desk")
    text = capsys.readouterr().out.splitlines()[-1]
    asyncio.run(tokens.write_admin_token(redis_url, Path(tmp_path / "admin.token")))
    tokens.show(settings, tmp_path)
    listed = capsys.readouterr().out
    assert getpass.getuser() in listed
    assert "admin.token" not in listed
    (desk,) = [line.split()[0] for line in listed.splitlines() if "desk" in line]
    tokens.revoke(settings, tmp_path, desk)
    found = asyncio.run(_entries(redis_url))
    assert sorted(action for action, _, _ in found) == ["token_made", "token_made", "token_revoked"]
    assert {by for _, by, _ in found} == {getpass.getuser()}
    assert any(what == {"token": desk[:6], "kind": "access", "role": "assistant", "name": "desk", "rooms": "r1"} for _, _, what in found)
    assert text not in repr(found)
