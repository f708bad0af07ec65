"""What a test does about a server that this machine does not have."""

import os
from typing import NoReturn

import pytest


def services_required() -> bool:
    """Whether every server must be there (LIVESCREEN_REQUIRE_SERVICES=1)."""
    return os.environ.get("LIVESCREEN_REQUIRE_SERVICES") == "1"


def absent(why: str) -> NoReturn:
    """Skips the test, or fails it where every server must be there."""
    if services_required():
        pytest.fail(why, pytrace=False)
    pytest.skip(why)
