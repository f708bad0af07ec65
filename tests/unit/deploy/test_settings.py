import dataclasses
import json
import re
from pathlib import Path

import certifi
import pytest

from agents.alerting.settings import WatchSettings
from agents.inbox.settings import ConnectSettings
from agents.settings import AgentSettings
from deploy.problem import Problem
from deploy.settings import Settings, load, variable
from screen.settings import ScreenSettings


@pytest.fixture(autouse=True)
def only_our_environment(monkeypatch):
    import os

    for name in list(os.environ):
        if name.startswith("LIVESCREEN_"):
            monkeypatch.delenv(name)


def lines(monkeypatch, **environment):
    for name, value in environment.items():
        monkeypatch.setenv(f"LIVESCREEN_{name}", value)
    with pytest.raises(Problem) as caught:
        load()
    return caught.value.lines


def test_without_any_variable_there_are_defaults_and_no_servers():
    settings = load()
    assert (settings.kafka, settings.redis, settings.port, settings.partitions) == (None, None, 8700, 4)


def test_each_wrong_value_is_one_line_that_names_its_variable(monkeypatch):
    wrong = lines(monkeypatch, PORT="eighty", PARTITIONS="0", LOG_LEVEL="loud", KAFKA="nowhere")
    assert [line.split(":")[0] for line in wrong] == [
        "LIVESCREEN_KAFKA",
        "LIVESCREEN_PARTITIONS",
        "LIVESCREEN_PORT",
        "LIVESCREEN_LOG_LEVEL",
    ]
    assert all("\n" not in line for line in wrong)


@pytest.mark.parametrize(
    "url",
    [
        "http://h",
        "redis://:secret@h:99999/0",
        "redis://:secret@",
        "secret",
        "redis://:secret@h/shop",
        "redis://:secret@h?timeout=1",
        "redis+cluster://:secret@h?timeout=1",
        "redis://:secret@h?db=x",
    ],
)
def test_a_wrong_redis_address_is_refused_without_being_shown(monkeypatch, url):
    (line,) = lines(monkeypatch, REDIS=url)
    assert line.startswith("LIVESCREEN_REDIS") and "secret" not in line


@pytest.mark.parametrize(
    "url",
    [
        "redis://h",
        "redis://:p@h:6380/1",
        "rediss://u:p@h",
        "unix:///run/redis.sock?db=2",
        "redis+cluster://h:7000",
        "redis://h/?max_connections=9",
    ],
)
def test_right_redis_addresses(monkeypatch, url):
    monkeypatch.setenv("LIVESCREEN_REDIS", url)
    assert load().redis == url


POLYGON = {"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2], [1, 1]]]}
MAP = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "浙江"}, "geometry": POLYGON}]}


def test_a_map_that_is_none_is_one_line(monkeypatch, tmp_path):
    own = tmp_path / "map.json"
    own.write_text("{}")
    (line,) = lines(monkeypatch, MAP=str(own))
    assert line.startswith("LIVESCREEN_MAP: must be GeoJSON") and "\n" not in line


def test_several_brokers(monkeypatch):
    monkeypatch.setenv("LIVESCREEN_KAFKA", "a:9092, [::1]:9093")
    assert load().kafka == "a:9092,[::1]:9093"


@pytest.mark.parametrize("kafka", ["a", "a:0", "a:70000", "a:b", "kafka://a:9092", "a:1,,b:2"])
def test_wrong_brokers(monkeypatch, kafka):
    (line,) = lines(monkeypatch, KAFKA=kafka)
    assert line.startswith("LIVESCREEN_KAFKA: must be host:port")


def test_a_folder_of_lists_must_be_there(monkeypatch, tmp_path):
    (line,) = lines(monkeypatch, VIOLATION_LISTS=str(tmp_path / "none"))
    assert line.startswith("LIVESCREEN_VIOLATION_LISTS: must be a folder")
    monkeypatch.setenv("LIVESCREEN_VIOLATION_LISTS", str(tmp_path))
    assert load().violation_lists == str(tmp_path)


def test_a_misspelt_variable_is_noticed(monkeypatch):
    (line,) = lines(monkeypatch, KAFAK="a:9092")
    assert line == "LIVESCREEN_KAFAK is not a setting; is LIVESCREEN_KAFKA meant?"


def test_what_the_build_and_the_tests_read_is_no_slip(monkeypatch):
    root = Path(__file__).parents[3]
    texts = [path.read_text("utf-8") for folder in ("deploy", "tests") for path in (root / folder).rglob("*.py")]
    read = {name for text in texts for name in re.findall(r'environ(?:\.get\(|\[)"(LIVESCREEN_[A-Z_]+)', text)}
    assert read >= {"LIVESCREEN_NODE", "LIVESCREEN_SKIP_WEB"}
    for name in read:
        monkeypatch.setenv(name, "1")
    load()


def test_an_empty_variable_is_none(monkeypatch):
    monkeypatch.setenv("LIVESCREEN_KAFKA", "")
    assert load().kafka is None


def test_every_setting_is_described():
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_field_of_agents_watchers_and_screen_is_a_setting_with_the_same_default():
    for part in (AgentSettings, WatchSettings, ScreenSettings, ConnectSettings):
        for field in dataclasses.fields(part):
            assert field.name in Settings.model_fields
            if field.default is not dataclasses.MISSING and (part, field.name) != (ConnectSettings, "group"):  # a group of its own
                assert Settings.model_fields[field.name].default == field.default, field.name


def test_the_settings_reach_agents_watchers_and_screen(monkeypatch, tmp_path):
    (tmp_path / "map.json").write_text(json.dumps(MAP))
    (tmp_path / "sources.yaml").write_text("sources: {}")
    files = {
        "platforms": str(tmp_path / "sources.yaml"),
        "violation_lists": ".",
        "rules": __file__,
        "map": str(tmp_path / "map.json"),
        "jars": str(tmp_path),
        "notify_ca": certifi.where(),
        "log_mb": "555",
    }
    web = {"base_path": "/live", "trusted_proxies": "10.0.0.0/8", "embed_origins": "https://a.example,http://b:81"}
    given = {"kafka": "k:1", "redis": "redis://r", "log_level": "debug", **files, **web}
    for name in Settings.model_fields:
        if not name.startswith("kafka_"):  # see test_kafka_settings.py
            monkeypatch.setenv(variable(name), given.get(name, "55"))
    settings = load()
    assert settings.for_connect().group == "55-connect"
    for made in (settings.for_agents(), settings.for_watch(), settings.for_screen(), settings.for_connect()):
        for field in dataclasses.fields(made):
            if (type(made), field.name) == (ConnectSettings, "group"):
                continue
            assert getattr(made, field.name) == getattr(settings, "brokers" if field.name == "kafka" else field.name)


def test_without_servers_a_single_part_says_what_is_missing(monkeypatch):
    monkeypatch.setenv("LIVESCREEN_KAFKA", "k:1")
    with pytest.raises(Problem) as caught:
        load().for_screen()
    assert caught.value.lines[0].startswith("LIVESCREEN_REDIS is not set") and "KAFKA" not in caught.value.lines[0]


@pytest.mark.parametrize(
    "wrong", ["*", "https://a.example/", "https://a.example, https://b.example", "https://a; script-src *", "a.example"]
)
def test_origins_that_may_embed_are_origins(monkeypatch, wrong):
    monkeypatch.setenv("LIVESCREEN_EMBED_ORIGINS", wrong)
    with pytest.raises(Problem) as caught:
        load()
    assert caught.value.lines[0].startswith("LIVESCREEN_EMBED_ORIGINS: must be origins")


@pytest.mark.parametrize("wrong", ["everybody", "10.0.0.1, x", "10.0.0.1/8", ","])
def test_proxies_are_addresses_and_networks(monkeypatch, wrong):
    monkeypatch.setenv("LIVESCREEN_TRUSTED_PROXIES", wrong)
    with pytest.raises(Problem) as caught:
        load()
    assert caught.value.lines[0].startswith("LIVESCREEN_TRUSTED_PROXIES: must be addresses")


@pytest.mark.parametrize("wrong", ["/nowhere.pem", __file__])
def test_own_authorities_are_certificates(monkeypatch, wrong):
    monkeypatch.setenv("LIVESCREEN_NOTIFY_CA", wrong)
    with pytest.raises(Problem) as caught:
        load()
    assert caught.value.lines[0].startswith("LIVESCREEN_NOTIFY_CA: must be a file with certificates (PEM)")


def test_another_port():
    assert load().listening_on(None).port == 8700
    assert load().listening_on(9000).port == 9000
