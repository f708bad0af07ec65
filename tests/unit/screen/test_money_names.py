"""The web screen's camera mode hides every figure that the dictionary calls money."""

import re
from pathlib import Path

from streams.metrics import DICTIONARY

SOURCE = Path(__file__).parents[3] / "screen" / "web" / "src" / "link" / "money.ts"


def test_the_camera_mode_knows_every_metric_that_is_money() -> None:
    found = re.search(r"MONEY = new Set\(\[(.*?)\]\)", SOURCE.read_text("utf-8"), re.DOTALL)
    assert found
    hidden = set(re.findall(r"'(\w+)'", found[1]))
    assert {name for name, metric in DICTIONARY.items() if metric.unit == "money"} - hidden == set()
    assert {"amount", "price", "goal_gmv"} <= hidden
