import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.stage import Stage, set_up
from tests.servers.kafka import Kafka


@pytest.fixture
def stage(kafka: Kafka, tmp_path: Path) -> Iterator[Stage]:
    with set_up(kafka, tmp_path) as stage:
        yield stage


@pytest.fixture
def away_seconds() -> float:
    """How long the store is away in the test of that; AWAY_SECONDS=60 for the long run."""
    return float(os.environ.get("AWAY_SECONDS", "6"))
