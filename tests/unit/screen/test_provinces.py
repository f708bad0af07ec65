"""An operator's own map: whole, or refused in one line."""

import json
from pathlib import Path
from typing import Any

import pytest

from screen import provinces
from streams.province_names import NAMES

RING = [[120, 30], [121, 30], [121, 31], [120, 30]]


def feature(name: Any = "浙江", kind: str = "Polygon", coordinates: Any = None) -> dict[str, Any]:
    given = {"type": kind, "coordinates": coordinates if coordinates is not None else [RING]}
    return {"type": "Feature", "id": 33, "properties": {"name": name, "adcode": 330000}, "geometry": given}


def collection(*features: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def write(folder: Path, text: str | bytes) -> str:
    path = folder / "map.json"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def test_a_map_is_given_as_it_is_without_what_nobody_draws(tmp_path: Path) -> None:
    two = feature("上海", "MultiPolygon", [[[[*position, 5] for position in RING]]])
    found = json.loads(provinces.read(write(tmp_path, b"\xef\xbb\xbf" + collection(feature(), two).encode())))
    assert [each["properties"] for each in found["features"]] == [{"name": "浙江"}, {"name": "上海"}]
    assert found["features"][1]["geometry"] == {"type": "MultiPolygon", "coordinates": two["geometry"]["coordinates"]}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        b"\xff\xfe",
        "[" * 100_000,
        json.dumps(feature()),
        collection(feature("浙江省")),
        collection(feature(7)),
        collection(feature(kind="Point", coordinates=[1, 2])),
        collection(feature(coordinates=[])),
        collection(feature(coordinates=[RING[:2]])),
        collection(feature(coordinates=[[["x", 1]] * 4])),
        collection({"type": "Feature", "properties": None, "geometry": None}),
        collection(),
    ],
)
def test_what_is_no_map_is_refused_in_one_line(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(provinces.BadMap) as caught:
        provinces.read(write(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_a_map_that_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(provinces.BadMap, match="No such file"):
        provinces.read(str(tmp_path / "none.json"))
    with pytest.raises(provinces.BadMap, match="8 MB"):
        provinces.read(write(tmp_path, " " * (provinces.MAX_BYTES + 1)))


def test_every_province_that_people_come_from_is_known() -> None:
    from deploy.simulator import people

    assert set(people._PROVINCES) - {"unknown"} <= NAMES
