"""A machine without what a real Kafka needs is told what that is."""

from pathlib import Path

import pytest

from tests.servers import jars


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    jars.classpath.cache_clear()


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of programs that there is."""
    monkeypatch.setenv("PATH", f"{tmp_path}")
    monkeypatch.setattr(jars, "KEPT", tmp_path / "kept")
    return tmp_path


def put(path: Path, name: str, script: str) -> None:
    program = path / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_no_java(path: Path) -> None:
    assert jars.missing() == "no Java on this machine: Kafka needs it (java on the PATH)"


def test_old_java(path: Path) -> None:
    put(path, "java", "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2")
    assert jars.missing() == "Java 11 is too old: Kafka needs 17 or newer"


def test_no_maven(path: Path) -> None:
    put(path, "java", "echo 'openjdk version \"21\"' >&2")
    assert jars.missing() == "no Maven on this machine: it fetches Kafka (mvn on the PATH)"


def test_no_maven_central(path: Path) -> None:
    put(path, "java", "echo 'openjdk version \"21.0.1\"' >&2")
    put(path, "mvn", "echo '[INFO] Scanning'; echo '[ERROR] No route to host'; exit 1")
    assert jars.missing() == f"Maven cannot fetch Kafka {jars.version()}: No route to host"
