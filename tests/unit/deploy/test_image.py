"""What can be told of the image and of compose.yaml without Docker."""

import re
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from typer.main import get_command

from deploy.cli import app
from deploy.settings import Settings, variable

ROOT = Path(__file__).parents[3]


def test_compose_uses_settings_and_commands_that_there_are() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8")
    ours = [service for service in yaml.safe_load(text)["services"].values() if service["image"] == "livescreen"]
    settings = {variable(name) for name in Settings.model_fields}
    commands = set(get_command(app).commands)  # type: ignore[attr-defined]

    assert {service["command"][0] for service in ours} == {"agents", "watch", "screen"} <= commands
    assert all(service["environment"].keys() <= settings for service in ours)
    assert set(re.findall(r"run --rm screen ([a-z-]+)", text)) <= commands


def test_the_image_is_made_of_what_is_there_and_runs_as_a_number() -> None:
    text = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
    kept = set(re.findall(r"^!(.+)$", (ROOT / "deploy" / "Dockerfile.dockerignore").read_text("utf-8"), re.MULTILINE))
    copied = set(re.findall(r"^COPY (?!--from)(\S+) ", text, re.MULTILINE)) - {"."}

    assert all((ROOT / each).exists() for each in kept | copied)
    assert {each.split("/")[0] for each in copied} <= kept
    # Where only images that are not root's may run (`runAsNonRoot`), a name does not say that it is not root.
    assert re.search(r"^USER [1-9][0-9]*$", text, re.MULTILINE)


def test_the_image_installs_what_is_tested_and_all_that_is_needed() -> None:
    runtime, dev = (dict(locked(file)) for file in ("runtime.txt", "dev.txt"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = map(Requirement, project["dependencies"] + project["optional-dependencies"]["embedded"])

    assert runtime.items() <= dev.items()
    assert [str(each) for each in needed if not each.specifier.contains(runtime.get(canonicalize_name(each.name), "0"))] == []


def locked(file: str) -> list[tuple[str, str]]:
    return re.findall(r"^([a-z0-9.-]+)==([^ ]+)", (ROOT / "deploy" / "lock" / file).read_text("utf-8"), re.MULTILINE)
