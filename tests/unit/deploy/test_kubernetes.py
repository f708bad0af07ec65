"""What can be told of the manifests without a cluster."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from agents import ending
from deploy.cli import app
from deploy.settings import Settings, variable
from screen import api

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "deploy" / "kubernetes"
KUSTOMIZATION = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))
DOCUMENTS = [each for name in KUSTOMIZATION["resources"] for each in yaml.safe_load_all((FOLDER / name).read_text("utf-8"))]
PODS: dict[str, Any] = {each["metadata"]["name"]: each["spec"]["template"] for each in DOCUMENTS if each["kind"] == "Deployment"}
CONTAINERS: dict[str, Any] = {name: pod["spec"]["containers"][0] for name, pod in PODS.items()}


def env(name: str) -> dict[str, str]:
    return {each["name"]: each["value"] for each in CONTAINERS[name].get("env", [])}


def env_file(name: str) -> set[str]:
    """The variables in it, those that wait behind a # too."""
    return set(re.findall(r"^#?([A-Z_]+)=", (FOLDER / name).read_text("utf-8"), re.MULTILINE))


def test_everything_in_the_folder_is_used():
    generators = KUSTOMIZATION["configMapGenerator"] + KUSTOMIZATION["secretGenerator"]
    named = [*KUSTOMIZATION["resources"], *(file for generator in generators for file in generator["envs"])]

    assert sorted(named) == sorted(file.name for file in FOLDER.iterdir() if file.name != "kustomization.yaml")
    assert [generator["name"] for generator in generators] == ["livescreen", "livescreen"]


def test_settings_and_commands_are_some_that_there_are():
    known = {variable(name) for name in Settings.model_fields}
    secret = {variable(name) for name in ("redis", "kafka_password")}

    assert env_file("settings.env") | env_file("secrets.env") <= known
    assert env_file("secrets.env") == secret
    assert all(env(name).keys() <= known - secret for name in CONTAINERS)
    assert [container["args"] for container in CONTAINERS.values()] == [["agents"], ["watch"], ["screen"]]
    assert CONTAINERS.keys() <= get_command(app).commands.keys()  # type: ignore[attr-defined]


def test_settings_are_right_as_they_come(monkeypatch: pytest.MonkeyPatch):
    lines = [line for name in ("settings.env", "secrets.env") for line in (FOLDER / name).read_text("utf-8").splitlines()]
    shared = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    for name, value in (shared | env("agents") | env("screen")).items():
        monkeypatch.setenv(name, value)

    settings = Settings()

    assert settings.for_agents() and settings.for_watch() and settings.for_screen()


@pytest.mark.parametrize("name", PODS)
def test_a_pod_is_asked_where_it_answers(name: str):
    container = CONTAINERS[name]
    ports = {port["name"]: str(port["containerPort"]) for port in container["ports"]}
    probes = [probe["httpGet"] for key, probe in container.items() if key.endswith("Probe")]
    paths = {route.path for route in api.ROUTES}

    assert ports == ({"http": env(name)["LIVESCREEN_PORT"]} if name == "screen" else {"metrics": env(name)["LIVESCREEN_METRICS_PORT"]})
    assert probes and all(probe["path"].partition("?")[0] in paths and probe["port"] in ports for probe in probes)
    if name != "screen":
        assert PODS[name]["metadata"]["annotations"]["prometheus.io/port"] == ports["metrics"]


def test_the_screen_may_wait_and_is_found_by_its_service():
    startup = CONTAINERS["screen"]["startupProbe"]
    service = next(each for each in DOCUMENTS if each["kind"] == "Service")["spec"]

    assert startup["periodSeconds"] * startup["failureThreshold"] > Settings.model_fields["wait_seconds"].default
    assert service["selector"] == PODS["screen"]["metadata"]["labels"]
    assert service["ports"][0]["targetPort"] == CONTAINERS["screen"]["ports"][0]["name"]


@pytest.mark.parametrize("name", PODS)
def test_a_pod_has_few_rights_and_time_to_stop(name: str):
    spec, container = PODS[name]["spec"], CONTAINERS[name]

    assert spec["enableServiceLinks"] is False
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert spec["terminationGracePeriodSeconds"] >= ending._STOP_SECONDS
    assert [list(each.values()) for each in container["envFrom"]] == [[{"name": "livescreen"}], [{"name": "livescreen"}]]


def test_the_image_is_of_this_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]

    assert [(image["name"], image["newTag"]) for image in KUSTOMIZATION["images"]] == [("livescreen", version)]
    assert {container["image"] for container in CONTAINERS.values()} == {"livescreen"}


def test_an_operators_secrets_get_into_no_image():
    ignored = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]

    assert ignored.index("deploy/kubernetes") > ignored.index("!deploy")
    assert "deploy/kubernetes" in wheel["exclude"]
