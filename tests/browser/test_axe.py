"""Every view as axe sees it: on a big screen in Chinese, and on a phone in English, dark and light."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.servers.axe import serious

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
VIEWS = {
    "/": ".tile",
    "/rooms/busy": "#audience .bars, .plot",
    "/rooms/busy#data": ".plot",
    "/rooms/busy#products": "tr.row",
    "/rooms/busy#audience": "canvas",
    "/rooms/busy#talk": "#feed li",
    "/rooms/busy#traffic": "[data-figure]",
    "/rooms/busy/host": ".huge",
    "/rooms/busy/assistant": "[data-note]",
    "/rooms/busy/products/p6": "#effects tbody tr",
    "/rules": "tr[data-rule]",
    "/subscriptions": ".add",
    "/tv": ".start",
}


def in_both_themes(page: Page) -> None:
    """Nothing serious, dark or light."""
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        page.wait_for_timeout(700)  # charts are drawn anew, at most every half second
        assert serious(page) == [], theme


@pytest.mark.parametrize("path", VIEWS)
def test_axe_finds_nothing_serious(show: Open, path: str) -> None:
    page = show(path)
    expect(page.locator(VIEWS[path]).first).to_be_visible()
    in_both_themes(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("localStorage.setItem('livescreen.language', '\"en\"')")
    page.reload()
    expect(page.locator(VIEWS[path]).first).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"
    in_both_themes(page)


def test_axe_finds_nothing_serious_in_the_forms(show: Open) -> None:
    page = show("/subscriptions", locale="en")
    page.get_by_role("button", name="New subscription").click()
    page.get_by_label("Keep quiet hours").check()
    assert serious(page) == []
