"""Every view as axe sees it: on a big screen in Chinese, and on a phone in English."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
AXE = Path(__file__).resolve().parents[2] / "screen" / "web" / "node_modules" / "axe-core" / "axe.min.js"
VIEWS = {
    "/": ".tile",
    "/rooms/busy": "#audience .bars, .plot",
    "/rooms/busy#data": ".plot",
    "/rooms/busy#products": "tr.row",
    "/rooms/busy#audience": "canvas",
    "/rooms/busy#talk": "#feed li",
    "/rooms/busy/host": ".huge",
    "/rooms/busy/products/p6": "#effects tbody tr",
    "/rules": "tr[data-rule]",
    "/subscriptions": ".add",
}


def serious(page: Page) -> list[Any]:
    """What axe calls serious or critical: what it is, and the first places of it. Less is printed only."""
    page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations)")
    told = [(one["impact"], one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found]
    print(page.url, page.viewport_size, told)
    return [one for one in told if one[0] in {"serious", "critical"}]


@pytest.mark.parametrize("path", VIEWS)
def test_axe_finds_nothing_serious(show: Open, path: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm ci in screen/web)")
    page = show(path)
    expect(page.locator(VIEWS[path]).first).to_be_visible()
    assert serious(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("localStorage.setItem('livescreen.language', '\"en\"')")
    page.reload()
    expect(page.locator(VIEWS[path]).first).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert serious(page) == []


def test_axe_finds_nothing_serious_in_the_forms(show: Open) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm ci in screen/web)")
    page = show("/subscriptions", locale="en")
    page.get_by_role("button", name="New subscription").click()
    page.get_by_label("Keep quiet hours").check()
    assert serious(page) == []
