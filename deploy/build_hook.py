"""The packaging hook: a wheel carries the built web screen."""

import importlib.util
import os
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def _load_builder(root: str) -> ModuleType:
    """build_web.py beside this file; the `deploy` package itself cannot be imported while it is being packaged."""
    spec = importlib.util.spec_from_file_location("livescreen_build_web", Path(root, "deploy", "build_web.py"))
    if spec is None or spec.loader is None:
        raise ImportError("deploy/build_web.py is missing")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class WebBuildHook(BuildHookInterface[Any]):
    """Builds screen/static before a wheel is made, unless LIVESCREEN_SKIP_WEB=1."""

    PLUGIN_NAME = "custom"

    def _skips(self) -> bool:
        return os.environ.get("LIVESCREEN_SKIP_WEB") == "1" or self.target_name != "wheel"

    def dependencies(self) -> list[str]:
        """What the front end must fetch first: node's wheel, where the machine has no node that will do."""
        if self._skips():
            return []
        builder = _load_builder(self.root)
        return [] if builder.is_fresh() or builder.has_system_node() else [builder.NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build where stale; a failed build fails the packaging."""
        if not self._skips():
            _load_builder(self.root).build()
