"""`livescreen map --check`."""

import json
from pathlib import Path

import pytest

from deploy.mappings import check
from deploy.problem import Problem

LIKE = {"msg_id": "l-1", "sec_openid": "u1", "like_num": 3, "timestamp": 1_795_608_000_000}
HEADERS = {"x-msg-type": "live_like", "x-roomid": "77"}


def write(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def test_the_events_of_a_sample(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    check.run("douyin-live", [write(tmp_path / "a.json", {"payload": LIKE, "headers": HEADERS})], "")
    assert json.loads(capsys.readouterr().out) == {
        "topic": "live.views", "id": "l-1", "room": "77", "at": 1_795_608_000_000, "kind": "liked", "user": "u1", "times": 3,
    }  # fmt: skip


def test_errors_say_their_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        check.run("douyin-live", [write(tmp_path / "a.json", {"payload": {**LIKE, "sec_openid": 1.5}, "headers": HEADERS})], "")
    assert "douyin-live:18: no id" in capsys.readouterr().err


def test_what_the_agents_would_refuse_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        check.run("douyin-live", [write(tmp_path / "a.json", {"payload": LIKE, "headers": HEADERS | {"x-roomid": "a room"}})], "")
    assert "would be refused: wrong-value: room must be" in capsys.readouterr().err


def test_bound_rooms_are_shown_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    stock = {"in_shop_quantity": 70, "campaign_locked_quantity": 30}
    data = {"event_id": "i1", "occurred_at": "2026-11-25T12:00:05Z", "product_id": 1, "sku_id": 2, "quantity_snapshot_after_change": stock}
    sample = {"payload": {"type": 71, "data": data}, "source": {"account": "shop"}}
    check.run("tiktok-shop", [write(tmp_path / "a.json", sample)], "")
    event = json.loads(capsys.readouterr().out)
    assert (event["room"], event["bound"]) == (None, {"account": "shop", "at": 1_795_608_005_000})


def test_a_table_is_a_payload_a_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "m.csv").write_text("时间,在线人数,成交金额\n2026-11-25 20:00,480,1299.00\n", encoding="utf-8")
    check.run("minutes", [tmp_path / "m.csv"], "spring-1")
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["metric"], row["value"], row["room"]) for row in rows] == [("online", 480, "spring-1"), ("gmv", 129_900, "spring-1")]


def test_a_mapping_of_ones_own_and_its_faults(tmp_path: Path):
    own = tmp_path / "own.yaml"
    own.write_text("mapping: 1\nevents:\n  - {topic: live.views}\n", encoding="utf-8")
    with pytest.raises(Problem) as error:
        check.run(str(own), [], "")
    assert all(line.startswith(f"{own}:3: ") for line in error.value.lines)
    with pytest.raises(Problem, match="neither a file nor a shipped"):
        check.run("nowhere", [], "")


def test_a_sample_that_is_none(tmp_path: Path):
    (tmp_path / "a.json").write_bytes(b"{")
    with pytest.raises(Problem, match="no sample"):
        check.run("douyin-live", [tmp_path / "a.json"], "")
