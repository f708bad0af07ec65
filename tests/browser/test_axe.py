"""Every view as axe sees it: on a big screen in Chinese, and on a phone in English."""

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
    "/rooms/busy/host": ".huge",
    "/rooms/busy/assistant": "[data-note]",
    "/rooms/busy/products/p6": "#effects tbody tr",
    "/rules": "tr[data-rule]",
    "/subscriptions": ".add",
}


@pytest.mark.parametrize("path", VIEWS)
def test_axe_finds_nothing_serious(show: Open, path: str) -> None:
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
    page = show("/subscriptions", locale="en")
    page.get_by_role("button", name="New subscription").click()
    page.get_by_label("Keep quiet hours").check()
    assert serious(page) == []
