"""The jars' way from a Maven repository, which is a server of the test's own, into the cache."""

import hashlib
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from deploy.embedded import jars
from deploy.problem import Problem

JARS = {"org.kafka:kafka_2.13:9.1": b"the server", "net.other:thing:1": b"a library"}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Nothing."""


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """The directory of a Maven repository that jgo's own configuration names, with the pinned jars in it."""
    directory, pins = tmp_path / "repository", tmp_path / "jars.txt"
    for coordinates, content in JARS.items():
        group, artifact, version = coordinates.split(":")
        place = directory.joinpath(*group.split("."), artifact, version)
        place.mkdir(parents=True)
        (place / f"{artifact}-{version}.jar").write_bytes(content)
    pins.write_text("".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in JARS.items()))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=directory))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    config = tmp_path / "config"
    config.mkdir()
    (config / "jgo.conf").write_text(f"[repositories]\ncentral = http://127.0.0.1:{server.server_port}\n")
    monkeypatch.setattr(jars, "PINS", pins)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(config))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("JGO_CONFIG_FILE", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield directory
    server.shutdown()
    server.server_close()


@pytest.fixture
def said():
    return []


def test_they_are_fetched_once(repository, said):
    first = jars.classpath(None, said.append)
    assert [path.read_bytes() for path in first] == list(JARS.values())
    assert len(said) == 1 and "fetching Apache Kafka 9.1 (2 jars" in said[0]
    assert jars.classpath(None, said.append) == first and len(said) == 1


def test_one_that_was_damaged_in_the_cache_is_fetched_again(repository, said):
    first = jars.classpath(None, said.append)
    first[0].write_bytes(b"cut off")
    assert [path.read_bytes() for path in jars.classpath(None, said.append)] == list(JARS.values())
    assert "(1 jars" in said[1]


def test_one_that_is_not_what_was_pinned_is_refused(repository, said):
    (repository / "net/other/thing/1/thing-1.jar").write_bytes(b"something else")
    with pytest.raises(Problem, match=r"thing-1\.jar is not what was pinned"):
        jars.classpath(None, said.append)
    with pytest.raises(Problem, match=r"thing-1\.jar is not what was pinned"):  # nor is it when it lies in the cache
        jars.classpath(None, said.append)


def test_one_that_the_repository_does_not_have_is_one_line_with_the_way_out(repository, said):
    (repository / "net/other/thing/1/thing-1.jar").unlink()
    with pytest.raises(
        Problem, match=r"thing-1\.jar cannot be fetched .*it is not there.*jgo\.conf.*LIVESCREEN_JARS.*LIVESCREEN_KAFKA"
    ) as problem:
        jars.classpath(None, said.append)
    assert len(problem.value.lines) == 1


def test_so_is_a_repository_that_cannot_be_reached(repository, said, tmp_path):
    (tmp_path / "config" / "jgo.conf").write_text("[repositories]\ncentral = http://127.0.0.1:1\n")
    with pytest.raises(Problem, match=r"cannot be fetched from a Maven repository \(no answer\): .*LIVESCREEN_JARS"):
        jars.classpath(None, said.append)


def test_without_the_package_that_fetches_them(repository, said, monkeypatch):
    monkeypatch.setitem(sys.modules, "jgo.maven", None)
    with pytest.raises(Problem, match=r"the embedded Kafka is not installed.*livescreen\[embedded\].*LIVESCREEN_KAFKA"):
        jars.classpath(None, said.append)


def test_a_cache_that_cannot_be_written(repository, said, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(Problem, match=r"cannot be kept in .*: set XDG_CACHE_HOME, or LIVESCREEN_JARS"):
        jars.classpath(None, said.append)


@pytest.fixture
def own(repository, tmp_path):
    """A directory with the pinned jars, and no repository."""
    directory = tmp_path / "own"
    directory.mkdir()
    for coordinates, content in JARS.items():
        _, artifact, version = coordinates.split(":")
        (directory / f"{artifact}-{version}.jar").write_bytes(content)
    (tmp_path / "config" / "jgo.conf").write_text("[repositories]\ncentral = http://127.0.0.1:1\n")
    return directory


def test_a_directory_with_them_needs_no_repository(own, said):
    assert jars.classpath(own, said.append) == (own / "kafka_2.13-9.1.jar", own / "thing-1.jar")
    assert said == []


def test_what_is_in_it_under_a_pinned_name_is_checked(own, said):
    (own / "thing-1.jar").write_bytes(b"something else")
    with pytest.raises(Problem, match=r"LIVESCREEN_JARS: .*thing-1\.jar is not what it says it is"):
        jars.classpath(own, said.append)


def test_another_release_of_kafka_is_the_operators_own(own, said):
    (own / "kafka_2.13-9.1.jar").rename(own / "kafka_2.13-8.0.jar")
    assert jars.classpath(own, said.append) == (own / "kafka_2.13-8.0.jar", own / "thing-1.jar")


def test_a_directory_without_kafka(own, said):
    (own / "kafka_2.13-9.1.jar").unlink()
    with pytest.raises(
        Problem, match=r"LIVESCREEN_JARS: .* does not hold Kafka's jars \(kafka_2\.13-9\.1\.jar is missing\): .*deploy\.embedded DIR"
    ):
        jars.classpath(own, said.append)


def test_what_is_pinned_is_kafka_4_and_each_jar_once():
    pinned = jars.pinned()
    assert jars.version().startswith("4.")
    assert len({jar.name for jar in pinned}) == len(pinned) >= 40
    assert all(len(jar.sha256) == 64 for jar in pinned)
