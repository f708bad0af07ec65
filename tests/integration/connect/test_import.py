"""`livescreen import` as a person runs it: the rows of a file, once however often it is sent."""

import asyncio
import subprocess
import sys
from pathlib import Path

from streams import topics
from tests.integration.connect.conftest import read
from tests.integration.deploy.conftest import environment

TABLE = "时间,在线人数,进入次数,成交金额\n2026-11-25 20:00,480,310,1299.00\n2026-11-25 20:01,512,298,2377.505\n"


def test_a_file_that_is_sent_again_adds_nothing(broker: str, redis_url: str, tmp_path: Path):
    (tmp_path / "m.csv").write_text(TABLE, encoding="utf-8")
    command = [sys.executable, "-m", "deploy", "import", str(tmp_path / "m.csv"), "--mapping", "minutes", "--room", "r", "--source", "s"]
    said = [
        subprocess.run(command, check=False, capture_output=True, text=True, env=environment(KAFKA=broker, REDIS=redis_url), timeout=180)
        for _ in range(2)
    ]
    # The second row's money is not exact, so nothing of that row is taken.
    assert [each.stdout for each in said] == ["sent 3, there before 0, wrong 1\n", "sent 0, there before 3, wrong 1\n"], said
    assert said[0].returncode == 1 and "m.csv:3: minutes:28: 2377.505 has more than 2 digits" in said[0].stderr
    rows = sorted((row["metric"], row["value"], row["by"]) for row in asyncio.run(read(broker, topics.SAMPLES)))
    assert rows == [("entries", 310, "s"), ("gmv", 129_900, "s"), ("online", 480, "s")]
