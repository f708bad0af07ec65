"""The alerting rules and the board ask for nothing that no part tells."""

import json
import re
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import CollectorRegistry

from agents.alerting.gauges import Gauges as WatchGauges
from agents.gauges import Gauges as AgentGauges
from deploy.settings import Settings
from screen.headers import Headers
from screen.measures import Measures

DEPLOY = Path(__file__).parents[3] / "deploy"
GROUPS = yaml.safe_load((DEPLOY / "prometheus" / "rules.yaml").read_text("utf-8"))["groups"]
RULES: list[dict[str, Any]] = [rule for group in GROUPS for rule in group["rules"]]
BOARD = json.loads((DEPLOY / "grafana" / "livescreen.json").read_text("utf-8"))
PANELS = [panel for panel in BOARD["panels"] if panel["type"] != "row"]
TARGETS = [target for panel in PANELS for target in panel["targets"]]
EXPRESSIONS = [each["expr"] for each in RULES + TARGETS]
#: What Prometheus itself adds to all it scrapes.
SCRAPED = {"instance"}


def registries() -> list[CollectorRegistry]:
    return [AgentGauges().registry, WatchGauges().registry, Measures()._registry]


def told() -> dict[str, set[str]]:
    """Every name that can be asked for, with its labels."""
    names: dict[str, set[str]] = {}
    for registry in registries():
        for collector, ours in registry._collector_to_names.items():
            labels = set(getattr(collector, "_labelnames", ()))
            names |= {name: labels | ({"le"} if name.endswith("_bucket") else set()) for name in ours if name.startswith("livescreen_")}
    return names


def metrics(expression: str) -> list[tuple[str, str]]:
    """Its metrics, each with what stands in braces."""
    return re.findall(r"\b(livescreen_\w+)(?:\{(.*?)\})?", expression)


def grouped(expression: str) -> set[str]:
    return {label for labels in re.findall(r"\b(?:by|on) \((.*?)\)", expression) for label in labels.split(", ")}


def test_every_metric_and_label_that_is_asked_for_is_told():
    names = told()

    for expression in EXPRESSIONS:
        asked = metrics(expression)
        assert asked
        for name, braces in asked:
            assert name in names, expression
            filtered = set(re.findall(r'(\w+)(?:=~|!~|!=|=)"', braces))
            assert filtered <= names[name], expression
            assert grouped(expression) <= names[name] | SCRAPED, expression


def test_every_counter_is_asked_for_its_rate_and_no_gauge_is():
    types = {metric.name: metric.type for registry in registries() for metric in registry.collect()}

    for name, rate in re.findall(r"\b(livescreen_\w+)(?:\{.*?\})?(\[)?", " ".join(EXPRESSIONS)):
        since_start = name == "livescreen_agent_rejected_total" and not rate  # the limit is one of the run
        assert bool(rate) == (types.get(name) != "gauge") or since_start, name


async def test_the_values_that_are_asked_for_are_some_that_come():
    measures = Measures()

    async def refuse(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "websocket.http.response.start", "status": 503, "headers": []})

    async def ignore(*_: Any) -> None: ...

    await Headers(refuse, measures)({"type": "websocket", "path": "/ws/rooms/r"}, ignore, ignore)
    samples = [sample for registry in (*registries(), measures._registry) for metric in registry.collect() for sample in metric.samples]
    come = {label: {sample.labels.get(label) for sample in samples} for label in ("outcome", "method")}

    for label, value in re.findall(r'(outcome|method)="(.*?)"', " ".join(EXPRESSIONS)):
        assert value in come[label]
    assert any(sample.labels == {"method": "websocket", "status": "503"} for sample in samples)


def test_every_rule_says_what_is_and_what_to_do():
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.keys() <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["annotations"].keys() == {"summary", "description"}
        assert rule["labels"].keys() == {"severity"} and rule["labels"]["severity"] in {"warning", "critical"}
        named = set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"])))
        assert named <= grouped(rule["expr"]), rule["alert"]
        assert {f"LIVESCREEN_{name}" for name in re.findall(r"LIVESCREEN_(\w+)", str(rule))} <= {
            f"LIVESCREEN_{name.upper()}" for name in Settings.model_fields
        }


def test_the_board_shows_each_panel_in_a_place_of_its_own():
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in BOARD["panels"]]
    legends = [(set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])), target["expr"]) for target in TARGETS]

    assert len(set(places)) == len(places) == len({panel["id"] for panel in BOARD["panels"]})
    assert {variable["name"] for variable in BOARD["templating"]["list"]} == {"datasource"}
    assert {panel["datasource"]["uid"] for panel in PANELS} == {"${datasource}"}
    assert all(labels <= grouped(expression) | SCRAPED for labels, expression in legends)


def test_prometheus_finds_the_screens_that_the_manifests_start():
    (job,) = yaml.safe_load((DEPLOY / "prometheus" / "screens.yaml").read_text("utf-8"))["scrape_configs"]
    screen = next(yaml.safe_load_all((DEPLOY / "kubernetes" / "screen.yaml").read_text("utf-8")))["spec"]["template"]
    namespace = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text("utf-8"))["namespace"]
    kept = {each["source_labels"][0]: each["regex"] for each in job["relabel_configs"]}

    assert kept == {
        "__meta_kubernetes_pod_label_app_kubernetes_io_component": screen["metadata"]["labels"]["app.kubernetes.io/component"],
        "__meta_kubernetes_pod_container_port_name": screen["spec"]["containers"][0]["ports"][0]["name"],
    }
    assert job["kubernetes_sd_configs"][0]["namespaces"]["names"] == [namespace]
