"""The shipped lists, and an inspector by them."""

from importlib import resources

import pytest

from streams import violations
from streams.violations import LISTS, Inspector


@pytest.fixture(scope="session")
def shipped() -> dict[str, str]:
    folder = resources.files(violations) / "lists"
    return {name: (folder / f"{name}.txt").read_text(encoding="utf-8") for name in LISTS}


@pytest.fixture(scope="session")
def inspector(shipped: dict[str, str]) -> Inspector:
    return Inspector(shipped)
