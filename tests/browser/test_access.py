"""Getting in, getting back in, and getting out, in a real browser on the real system."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.usefixtures("demo")


@pytest.fixture(params=["zh-CN", "en-US"])
def context(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[BrowserContext]:
    """A browser that nobody has logged in with."""
    made = chromium.new_context(viewport={"width": 1280, "height": 800}, locale=request.param)
    yield made
    made.close()


def log_in(page: Page, token: str, name: str = "") -> None:
    page.locator("#token").fill(token)
    page.locator("#name").fill(name)
    page.locator("form button").click()


def test_the_form_logs_in_and_leads_back_to_the_page_and_its_tab(context: BrowserContext, demo: Any) -> None:
    page = context.new_page()
    page.goto(f"{demo.url}/rooms/{demo.room}#products")
    expect(page).to_have_url(re.compile(r"/login\?next="))
    log_in(page, "no such token")
    expect(page.locator("#error")).to_be_visible()
    log_in(page, demo.token, "Lin")
    expect(page).to_have_url(f"{demo.url}/rooms/{demo.room}#products")
    expect(page.locator("#tab-products")).to_have_attribute("aria-selected", "true")
    assert "Lin (" in context.request.get(f"{demo.url}/api/me").json()["author"]


def test_after_a_session_has_ended_logging_in_again_leads_back(context: BrowserContext, demo: Any) -> None:
    page = context.new_page()
    for path in (f"/rooms/{demo.room}#data", "/", "/rules", f"/rooms/{demo.room}/host", f"/rooms/{demo.room}/assistant"):
        context.add_cookies([{"name": "livescreen", "value": "0" * 64, "url": demo.url}])
        page.goto(demo.url + path)
        page.locator('main a[href*="/login?next="]').first.click()
        log_in(page, demo.token)
        expect(page).to_have_url(demo.url + path)
        expect(page.locator("#token")).to_have_count(0)


def test_errors_are_pages(context: BrowserContext, demo: Any) -> None:
    page = context.new_page()
    for path in ("/no/such/page", f"/api/rooms/{demo.room}/report"):
        answer = page.goto(demo.url + path)
        assert answer is not None
        assert answer.headers["content-type"].startswith("text/html")
        expect(page.locator("h1")).to_be_visible()
    page.locator('a[href*="/login?next="]').click()
    log_in(page, demo.token)
    expect(page).to_have_url(f"{demo.url}/api/rooms/{demo.room}/report")
