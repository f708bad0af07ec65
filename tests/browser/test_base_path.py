"""The screen under a base path, as behind a proxy that serves other things too: every page, and no request that leaves it."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.ports import free_port
from tests.browser.test_access import log_in

pytestmark = pytest.mark.browser
BASE = "/shop/live"
START_SECONDS = 120.0


@pytest.fixture(scope="module")
def under(demo: Any) -> Iterator[str]:
    """The address of one more screen of the demo's system."""
    at = json.loads((demo.data / "stack.json").read_text())
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LIVESCREEN_")}
    named = {"LIVESCREEN_KAFKA": at["kafka"], "LIVESCREEN_REDIS": at["redis"], "LIVESCREEN_BASE_PATH": BASE}
    port = free_port()
    with (demo.data.parent / "under").open("wb") as output:
        command = [sys.executable, "-m", "deploy", "screen", "--port", str(port)]
        process = subprocess.Popen(command, env=clean | named, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait(f"http://127.0.0.1:{port}{BASE}/healthz", process)
        yield f"http://127.0.0.1:{port}{BASE}"
    finally:
        process.terminate()
        process.wait(60)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"nobody answers at {url}")


@pytest.fixture
def page(chromium: Browser, under: str) -> Iterator[Page]:
    """A window in Chinese whose requests all stay under the base path."""
    context = chromium.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
    made = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    made.on("request", lambda request: asked.append(request.url))
    made.on("websocket", lambda socket: asked.append(socket.url))
    made.on("pageerror", lambda error: errors.append(str(error)))
    yield made
    context.close()
    paths = {urlsplit(url).path for url in asked if urlsplit(url).scheme in ("http", "https", "ws", "wss")}
    assert errors == [] and [path for path in paths if not path.startswith(f"{BASE}/")] == []
    assert any(path.startswith(f"{BASE}/ws/") for path in paths), "the figures come by websocket"


def test_from_the_form_through_every_page_and_out_again(page: Page, under: str, demo: Any) -> None:
    room = f"{under}/rooms/{demo.room}"
    page.goto(room)
    expect(page).to_have_url(re.compile(rf"{BASE}/login\?next="))
    log_in(page, demo.token, "Lin")
    expect(page).to_have_url(room)
    expect(page.locator('[data-metric="viewers"][data-value]').first).to_be_visible()
    expect(page.locator('[data-link="live"]').first).to_be_visible()
    for tab in ("data", "products", "audience", "talk", "traffic"):
        page.locator(f"#tab-{tab}").click()
        expect(page).to_have_url(f"{room}#{tab}")
    page.goto(f"{room}#products")
    page.locator("tr.row a").first.click()
    expect(page).to_have_url(re.compile(rf"{BASE}/rooms/{demo.room}/products/"))
    page.locator(".back").click()
    expect(page).to_have_url(re.compile(rf"^{room}"))
    page.goto(f"{room}/host")
    expect(page.locator(".huge").first).to_be_visible()
    page.goto(f"{room}/assistant")
    page.locator("#note").fill("在子路径下")
    page.locator("#note").press("Enter")
    expect(page.locator("[data-note]").filter(has_text="在子路径下").first).to_be_visible()
    for view, found in (("/", "a.tile"), ("/rules", "tr[data-rule]"), ("/subscriptions", ".add"), ("/audit", "tbody tr")):
        page.goto(under + view)
        expect(page.locator(found).first).to_be_visible()
    answer = page.goto(f"{under}/api/rooms/{demo.room}/report?format=html")
    assert answer is not None and answer.status == 200
    page.goto(under + "/")
    page.locator('[popovertarget="menu"]').click()
    page.get_by_role("button", name="退出登录", exact=True).click()
    expect(page).to_have_url(f"{under}/login")
