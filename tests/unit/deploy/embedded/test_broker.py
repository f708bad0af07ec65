"""The broker's files and command line. The tests on a real Kafka start it."""

import re
import stat

import pytest

from deploy.embedded import broker
from deploy.embedded.java import Java
from deploy.problem import Problem


@pytest.fixture
def runtime(tmp_path):
    """Makes one whose Java does this instead."""

    def make(script="exit 0"):
        program = tmp_path / "java"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return broker.Runtime(Java(str(program), "25.0.2"), (tmp_path / "a.jar", tmp_path / "b.jar"))

    return make


#: What Kafka's tool for that leaves behind; its last argument is the file of settings.
FORMAT = """
for last; do :; done
log=$(sed -n 's/^log.dirs=//p' "$last")
mkdir -p "$log" && echo "$@" > "$log/meta.properties"
"""


def properties(path):
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


def test_it_listens_here_alone_and_keeps_its_log_in_the_directory(tmp_path, runtime):
    server = broker.broker(tmp_path / "data", runtime(FORMAT))
    found = properties(tmp_path / "data" / "server.properties")
    assert found["listeners"].startswith(f"PLAINTEXT://{server.address},CONTROLLER://127.0.0.1:")
    assert found["log.dirs"] == str(tmp_path / "data" / "log")
    assert server.command[-2:] == ("kafka.Kafka", str(tmp_path / "data" / "server.properties"))
    assert f"{tmp_path / 'a.jar'}:{tmp_path / 'b.jar'}" in server.command


def test_its_password_is_in_a_private_file_alone(tmp_path, runtime):
    server = broker.broker(tmp_path / "data", runtime(FORMAT))
    (password,) = re.findall(r'password="([^"]+)"', (tmp_path / "data" / "server.properties").read_text())
    assert len(password) >= 32 and not any(password in part for part in server.command)
    assert stat.S_IMODE((tmp_path / "data" / "server.properties").stat().st_mode) == 0o600


def test_its_log_is_made_once(tmp_path, runtime):
    broker.broker(tmp_path / "data", runtime(FORMAT))
    made = (tmp_path / "data" / "log" / "meta.properties").read_text()
    broker.broker(tmp_path / "data", runtime("exit 1"))
    assert (tmp_path / "data" / "log" / "meta.properties").read_text() == made


def test_each_log_is_a_cluster_of_its_own(tmp_path, runtime):
    for name in ("one", "other"):
        broker.broker(tmp_path / name, runtime(FORMAT))
    one, other = ((tmp_path / name / "log" / "meta.properties").read_text().split() for name in ("one", "other"))
    at = one.index("--cluster-id") + 1
    assert one[at] != other[at] and len(one[at]) == 22


def test_a_log_that_was_only_half_made_is_made_anew(tmp_path, runtime):
    with pytest.raises(Problem, match=r"Kafka's log cannot be made in .*: no room"):
        broker.broker(tmp_path / "data", runtime(FORMAT + "echo no room >&2; exit 1"))
    assert not (tmp_path / "data" / "log").exists()
    broker.broker(tmp_path / "data", runtime(FORMAT))
    assert (tmp_path / "data" / "log" / "meta.properties").exists()


def test_an_archive_is_used_where_there_is_one_for_this_java(tmp_path, runtime):
    runs_on = runtime()
    assert not any("AOT" in part for part in runs_on.command("kafka.Kafka"))
    (tmp_path / "java-25.0.2.aot").touch()
    assert f"-XX:AOTCache={tmp_path / 'java-25.0.2.aot'}" in runs_on.command("kafka.Kafka")


@pytest.mark.parametrize(("log_mb", "partitions"), [(500, 4), (500, 16), (10_000, 4), (10_000, 100)])
def test_the_files_that_are_written_to_leave_most_of_the_log_to_those_that_can_go(log_mb, partitions):
    assert 7 * partitions * broker.segment_bytes(log_mb, partitions) <= max(log_mb * 1_000_000 / 3, 7 * partitions * 1024 * 1024)


@pytest.mark.parametrize("_", range(50))
def test_no_cluster_id_looks_like_an_option(_):
    assert not broker.new_cluster_id().startswith("-")
