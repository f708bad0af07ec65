"""How the screen can be looked at: light, without money, over a broadcast, in turn on a TV, with alarms, shared, installed."""

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, WebSocketRoute, expect

from .conftest import LONGEST_MS

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
#: An amount of money, as any page words it.
AMOUNT = re.compile(r"[¥￥$€£]\s?-?\d")
MONEY = ("gmv", "gpm", "order_value", "customer_value", "uv_value")
SHOWN = {"/rooms/busy": ".tile", "/rooms/busy#data": ".plot", "/rooms/busy#products": "tr.row", "/rooms/busy#talk": "#feed li"}
SHOWN |= {"/rooms/busy#traffic": "[data-figure]", "/rooms/busy/host": ".huge", "/rooms/busy/products/p6": "[data-metric]", "/": ".tile"}


def with_query(path: str, query: str) -> str:
    """The path with a query, before what names the tab."""
    before, sign, tab = path.partition("#")
    return f"{before}?{query}{sign}{tab}"


def until(page: Page, expression: str) -> None:
    """Waits for an expression to hold. Playwright's own waiting evaluates in the page, which its policy forbids."""
    end = time.monotonic() + LONGEST_MS / 1_000
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(50)


def without_money(page: Page) -> None:
    """Neither text nor attribute of the page has an amount, in whatever is hidden too."""
    found = AMOUNT.search(page.content())
    assert found is None, page.content()[max(0, found.start() - 200) : found.end() + 100]
    for metric in MONEY:
        assert page.locator(f'[data-metric="{metric}"][data-value]').count() == 0, metric


@pytest.mark.parametrize("path", SHOWN)
def test_the_camera_mode_leaves_no_money_on_a_page(show: Open, path: str) -> None:
    page = show(with_query(path, "camera=1"))
    page.locator(SHOWN[path]).first.wait_for()
    page.get_by_text("•••").first.wait_for(state="attached")
    without_money(page)


def test_the_camera_mode_is_turned_on_and_off_by_a_key(show: Open) -> None:
    page = show("/rooms/busy")
    expect(page.locator(".amount")).to_contain_text("¥")
    page.keyboard.press("m")
    expect(page.locator(".amount")).to_have_text("•••")
    page.locator(".tile").first.wait_for()
    without_money(page)
    page.reload()
    expect(page.locator(".amount")).to_have_text("•••")
    page.keyboard.press("m")
    expect(page.locator(".amount")).to_contain_text("¥")


def test_the_theme_follows_the_system_until_somebody_chooses(show: Open) -> None:
    page = show("/rooms/busy")
    theme = page.locator("html")
    page.emulate_media(color_scheme="light")
    expect(theme).to_have_attribute("data-theme", "light")
    page.emulate_media(color_scheme="dark")
    expect(theme).to_have_attribute("data-theme", "dark")
    page.locator(".tile").first.wait_for()
    page.locator('[popovertarget="menu"]').click()
    page.get_by_role("button", name="浅色", exact=True).click()
    expect(theme).to_have_attribute("data-theme", "light")
    page.reload()
    expect(theme).to_have_attribute("data-theme", "light")


def test_an_overlay_shows_the_chosen_figures_and_nothing_behind_them(show: Open) -> None:
    page = show("/rooms/busy/overlay?figures=online,gmv", size=(900, 120))
    expect(page.locator("dd")).to_have_count(2)
    assert page.locator("dd").evaluate_all("all => all.map(one => one.dataset.metric)") == ["online", "gmv"]
    grounds = "[document.documentElement, document.body, document.querySelector('main')].map(one => getComputedStyle(one).backgroundColor)"
    assert page.evaluate(grounds) == ["rgba(0, 0, 0, 0)"] * 3
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth")
    inside = "all => all.every(one => { const {left, right} = one.getBoundingClientRect(); return left >= 0 && right <= innerWidth })"
    assert page.locator("dd").evaluate_all(inside)


def test_a_playlist_goes_round_by_itself_and_by_keys(show: Open) -> None:
    page = show("/tv?play=busy:overview:6,ended:products,@wall&seconds=600")
    expect(page.locator("#tab-products")).to_have_attribute("aria-selected", "true")  # after six seconds
    page.keyboard.press("ArrowRight")
    expect(page.locator("h1")).to_contain_text("直播间")
    page.keyboard.press(" ")
    expect(page.get_by_text("已暂停")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#tab-products")).to_have_attribute("aria-selected", "true")


def test_a_playlist_is_put_together_on_a_page(show: Open) -> None:
    page = show("/tv", locale="en-US", size=(390, 844))
    page.get_by_role("button", name="All rooms on air").click()
    page.get_by_role("button", name="busy").click()
    page.get_by_role("button", name="Comments").click()
    page.get_by_label("Seconds each").fill("9")
    page.get_by_label("Hide money").check()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Start").click()
    expect(page).to_have_url(re.compile(r"/tv\?play=busy(:|%3A)overview(,|%2C)busy\1products\2busy\1talk&seconds=9&camera=1$"))
    page.locator(".amount").wait_for()
    without_money(page)


@pytest.mark.parametrize(("language", "size"), [("zh-CN", (1920, 1080)), ("en-US", (390, 844))])
def test_an_operator_shares_a_room(show: Open, language: str, size: tuple[int, int]) -> None:
    words = {"zh-CN": ("分享直播间…", "OBS 叠加层", "生成链接", "链接", "吊销", "确定吊销"), "en-US": ("Share this room…", "OBS overlay", "Make the link", "Link", "Revoke", "Revoke?")}  # fmt: skip  # noqa: E501
    entry, overlay, make, link, revoke, sure = words[language]
    page = show("/rooms/busy", locale=language, size=size)
    page.locator('[popovertarget="menu"]').click()
    page.get_by_role("button", name=entry).click()
    page.get_by_role("button", name=overlay).click()
    page.get_by_role("button", name=make).click()
    expect(page.get_by_label(link, exact=True)).to_have_value(
        re.compile(r"/login\?token=t{64}&next=%2Frooms%2Fbusy%2Foverlay%3Ffigures%3D")
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name=revoke, exact=True).first.click()
    page.get_by_role("button", name=re.compile(sure)).click()
    expect(page.locator("[data-share]")).to_have_count(0)


@pytest.mark.parametrize("role", ["viewer", "assistant"])
def test_others_are_not_offered_to_share(show: Open, role: str) -> None:
    page = show("/rooms/busy", role=role)
    page.locator(".tile").first.wait_for()
    page.locator('[popovertarget="menu"]').click()
    expect(page.locator("#menu").get_by_text("镜头模式")).to_be_visible()
    expect(page.get_by_text("分享直播间…")).to_have_count(0)


@pytest.fixture
def noted(chromium: Browser, fake: Any) -> Iterator[Callable[..., Page]]:
    """Opens a page whose notifications and sounds are written down instead, with or without leave for them."""
    contexts = []

    def opened(path: str, permission: str, kept: dict[str, Any]) -> Page:
        context = chromium.new_context(locale="zh-CN", service_workers="block")
        context.add_cookies([{"name": "livescreen", "value": "operator", "url": fake.url}])
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(
            f"""
            window.told = []; window.asked = 0
            window.Notification = class {{
              static permission = {json.dumps(permission)}
              static async requestPermission() {{ window.asked++; return Notification.permission = 'granted' }}
              constructor(title, options) {{ window.told.push([title, options.tag]) }}
            }}
            const start = OscillatorNode.prototype.start
            OscillatorNode.prototype.start = function (...when) {{ window.told.push(['sound']); return start.apply(this, when) }}
            const kept = {json.dumps(kept)}
            for (const [name, value] of Object.entries(kept)) localStorage.setItem("livescreen." + name, JSON.stringify(value))
            """
        )
        page.goto(fake.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def beginning_now(socket: WebSocketRoute) -> None:
    """Passes a room's frames on, with critical alerts that have just begun."""
    server = socket.connect_to_server()

    def passed(message: str | bytes) -> None:
        frame = json.loads(message)
        for row in frame["d"].get("alerts", {}).values():
            row |= {"status": "firing", "severity": "critical", "fired_at": frame["at"] - 1_000}
        socket.send(json.dumps(frame))

    server.on_message(passed)


def test_critical_alerts_of_a_room_are_told_as_somebody_wants_it(noted: Callable[..., Page]) -> None:
    page = noted("/", "granted", {"alarm-notify": True, "alarm-sound": True})
    page.locator("body").click()  # without it browsers make no sound
    page.route_web_socket(re.compile(r"/ws/rooms/busy"), beginning_now)
    page.goto(page.url.rstrip("/") + "/rooms/busy")
    page.locator(".tile").first.click()
    until(page, "told.some(([what, tag]) => tag?.startsWith('busy '))")
    tags = page.evaluate("told.filter(([, tag]) => tag).map(([, tag]) => tag)")
    assert len(tags) == len(set(tags))
    until(page, "told.some(([what]) => what === 'sound')")


def test_critical_alerts_are_told_on_the_wall_too_and_to_nobody_who_does_not_want_it(noted: Callable[..., Page]) -> None:
    def rooms(route: Route) -> None:
        body = route.fetch().json()
        alert = {"severity": "critical", "title_zh": "在线骤降", "title_en": "Viewers fell", "fired_at": body["rooms"][0]["at"] - 1_000}
        body["rooms"] = [{**body["rooms"][0], "room": "busy", "worst_alert": alert, "alerts": 1}]
        route.fulfill(json=body)

    for wanted in (True, False):
        page = noted("/rules", "granted", {"alarm-notify": wanted})
        page.route("**/api/rooms", rooms)
        page.goto(page.url.removesuffix("/rules"))
        expect(page.locator("[data-alerts]").first).to_be_visible()
        if wanted:
            until(page, "told.length === 1")
            assert page.evaluate("told[0][0]") == "在线骤降"
    assert page.evaluate("told") == []


def test_leave_for_notifications_is_asked_for_on_a_click_alone(noted: Callable[..., Page]) -> None:
    page = noted("/rooms/busy", "default", {})
    page.locator(".tile").first.wait_for()
    assert page.evaluate("asked") == 0
    page.locator('[popovertarget="menu"]').click()
    choice = page.get_by_role("button", name="桌面通知")
    expect(choice).to_have_attribute("aria-pressed", "false")
    choice.click()
    expect(choice).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("asked") == 1
    page.get_by_role("button", name="声音", exact=True).click()
    until(page, "told.some(([what]) => what === 'sound')")  # it is heard at once
    assert page.evaluate("JSON.parse(localStorage.getItem('livescreen.alarm-sound'))") is True


def test_the_screen_can_be_installed_and_no_old_page_is_ever_shown(chromium: Browser, fake: Any) -> None:
    context = chromium.new_context(locale="zh-CN", service_workers="allow")
    context.add_cookies([{"name": "livescreen", "value": "operator", "url": fake.url}])
    page = context.new_page()
    page.goto(f"{fake.url}/rooms/busy")
    page.evaluate("navigator.serviceWorker.ready.then(() => caches.open('livescreen-older'))")
    manifest = context.new_cdp_session(page).send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert {"192x192", "512x512", "any"} == {icon["sizes"] for icon in json.loads(manifest["data"])["icons"]}
    page.reload()
    page.locator(".tile").first.wait_for()
    until(page, "caches.match([...document.scripts].at(-1).src).then(Boolean)")
    fake.stop()
    try:
        page.goto(f"{fake.url}/rooms/busy")
        expect(page.get_by_text("服务器没有应答")).to_be_visible()
        assert page.locator(".tile").count() == 0
    finally:
        fake.start()
    page.locator(".tile").first.wait_for()  # by itself
    page.evaluate("navigator.serviceWorker.getRegistration().then(found => found.unregister())")
    page.reload()
    page.evaluate("navigator.serviceWorker.ready")
    until(page, "caches.keys().then(names => !names.includes('livescreen-older'))")
    context.close()
