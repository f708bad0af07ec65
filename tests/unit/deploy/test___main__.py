"""Ctrl-C while the command line is still being read."""

import sys
from types import ModuleType

import pytest

from deploy.__main__ import INTERRUPTED, main


@pytest.fixture
def interrupted_import(monkeypatch):
    """Reading the command line is cut off, as by Ctrl-C."""
    module = ModuleType("deploy.cli")

    def cut_off(name):
        raise KeyboardInterrupt

    module.__getattr__ = cut_off
    monkeypatch.setitem(sys.modules, "deploy.cli", module)


def test_ends_without_a_traceback(interrupted_import):
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == INTERRUPTED
