"""What axe finds on a page."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.servers.absent import absent

_AXE = Path(__file__).resolve().parents[2] / "screen" / "web" / "node_modules" / "axe-core" / "axe.min.js"


def serious(page: Page) -> list[Any]:
    """What axe calls serious or critical: what it is, and the first places of it. Less is only printed. Skips where there is no axe."""
    if not _AXE.is_file():
        absent("axe-core is not installed (make check does it)")
    page.evaluate(_AXE.read_text())
    found: list[dict[str, Any]] = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations)")
    told = [(one["impact"], one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found]
    print(page.url, page.viewport_size, told)
    return [one for one in told if one[0] in {"serious", "critical"}]
