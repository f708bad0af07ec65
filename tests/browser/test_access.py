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


BLOCKED = """globalThis.WebSocket = class extends EventTarget {
  constructor() { super(); setTimeout(() => this.onclose?.(new CloseEvent('close', { code: 1006 })), 300) }
  send() {}
  close() {}
}"""


@pytest.mark.parametrize("view", ["", "/host", "/assistant"])
def test_where_websockets_are_blocked_the_page_says_so_and_goes_on_by_plain_requests(watcher: Any, demo: Any, view: str) -> None:
    watcher.context.add_init_script(BLOCKED)
    watcher.page.goto(f"{demo.url}/rooms/{demo.room}{view}")
    mark = watcher.page.locator('[data-link="stream"]')
    expect(mark).to_contain_text("备用通道")
    if not view:
        assert watcher.agrees("viewers")
        first = watcher.figure("viewers")
        expect(watcher.page.locator(f'[data-metric="viewers"][data-value="{first}"]').first).to_have_count(0)
    assert watcher.errors == []


def test_a_part_of_the_page_that_is_gone_after_an_upgrade_loads_it_anew_once(watcher: Any, demo: Any) -> None:
    navigations: list[str] = []
    watcher.page.locator("#tab-data").wait_for()
    watcher.page.on("request", lambda request: navigations.append(request.url) if request.is_navigation_request() else None)

    def old_build(route: Any) -> None:  # the page that is loaded anew names the files of the new build
        route.continue_() if navigations else route.fulfill(status=404, body="no")

    watcher.page.route(re.compile(r"/assets/(?!index).*\.js$"), old_build)
    watcher.page.keyboard.press("2")
    watcher.page.locator("#tabpanel.panel-of-tab figure, #tabpanel table, #tabpanel canvas").first.wait_for()
    expect(watcher.page.locator("#tab-data")).to_have_attribute("aria-selected", "true")
    assert len(navigations) == 1


def test_a_page_whose_parts_stay_gone_does_not_go_round_and_round(watcher: Any, demo: Any) -> None:
    asked: list[str] = []
    watcher.page.locator("#tab-data").wait_for()
    watcher.page.route(re.compile(r"/assets/DataTab.*\.js$"), lambda route: route.fulfill(status=404, body="no"))
    watcher.page.on("request", lambda request: asked.append(request.url) if request.is_navigation_request() else None)
    watcher.page.keyboard.press("2")
    expect(watcher.page.locator(".newer")).to_be_visible()
    watcher.page.wait_for_timeout(8_000)
    assert len(asked) == 1


def test_enter_that_ends_a_composition_in_safari_sends_nothing(watcher: Any, demo: Any) -> None:
    page = watcher.page
    page.goto(f"{demo.url}/rooms/{demo.room}/assistant")
    note = page.locator("#note")
    note.fill("jiage hao")
    enter = "new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', keyCode: %d, bubbles: true, cancelable: true })"
    assert note.evaluate(f"box => box.dispatchEvent({enter % 229})") is False, "it breaks no line either"
    expect(note).to_have_value("jiage hao")
    expect(page.locator("[data-waiting]")).to_have_attribute("data-waiting", "0")
    note.evaluate(f"box => box.dispatchEvent({enter % 13})")
    expect(note).to_have_value("")


@pytest.mark.parametrize("size", [(1920, 1080), (390, 844)])
def test_from_every_page_one_can_log_out_here_and_everywhere(chromium: Browser, demo: Any, size: tuple[int, int]) -> None:
    token = demo.command("token", "--role", "operator", "--name", "desk").splitlines()[-1]
    contexts = [chromium.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-US") for _ in range(2)]
    pages = [context.new_page() for context in contexts]
    for page in pages:
        page.goto(f"{demo.url}/login?token={token}&next=/rooms/{demo.room}/host")
    first, second = pages
    for path in ("/", "/rules", "/subscriptions", *(f"/rooms/{demo.room}{view}" for view in ("", "/host", "/assistant"))):
        first.goto(demo.url + path)
        first.locator('[popovertarget="menu"]').click()
        expect(first.locator("#menu")).to_contain_text("Logged in as desk")
    first.get_by_role("button", name="Log out", exact=True).click()
    expect(first).to_have_url(f"{demo.url}/login")
    first.goto(f"{demo.url}/login?token={token}&next=/rooms/{demo.room}")
    first.locator('[popovertarget="menu"]').click()
    first.get_by_role("button", name="Log out everywhere").click()
    first.get_by_role("button", name="Log all of them out?").click()
    expect(first).to_have_url(f"{demo.url}/login")
    expect(second.locator('a[href*="/login?next="]')).to_be_visible()  # its seat ends by itself
    for context in contexts:
        context.close()


def test_the_question_mark_shows_the_keys_and_not_where_it_is_typed(watcher: Any, demo: Any) -> None:
    page = watcher.page
    page.locator("#tab-data").wait_for()
    expect(page.get_by_text("模拟数据")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_contain_text("自动轮播")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto(f"{demo.url}/rooms/{demo.room}/assistant")
    page.locator("#note").fill("")
    page.locator("#note").press("?")
    expect(page.locator("#note")).to_have_value("?")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_demo_keeps_a_way_in_for_further_browsers_that_only_its_user_reads(chromium: Browser, demo: Any) -> None:
    file = demo.data / "demo-link"
    assert file.stat().st_mode & 0o777 == 0o600
    link = file.read_text().strip()
    assert link in demo.output.read_text()
    assert "simulated" in demo.output.read_text()
    for _ in range(2):
        context = chromium.new_context()
        page = context.new_page()
        page.goto(link)
        assert page.url == f"{demo.url}/rooms/{demo.room}"
        context.close()
