"""The web screen in a real Chromium, fed by the fake server: what it shows, in every state, and what it costs."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SIZES = [(1920, 1080), (3840, 2160), (1440, 900), (390, 844)]


Open = Callable[..., Page]

#: Rows of the table of sources that stand over the edge of their panel.
_CUT = """() => [...document.querySelectorAll('#sources tbody tr')].filter(row => {
  const [{ bottom, right }, edge] = [row.getBoundingClientRect(), row.closest('table').parentElement.getBoundingClientRect()]
  return bottom > edge.bottom + 1 || right > edge.right + 1
}).map(row => row.textContent.trim())"""
#: What a finger misses on a phone, and fields that make a phone enlarge the page when they are written in.
_TOO_SMALL = """() => [...document.querySelectorAll('button.chip, a.chip, input:not([type=checkbox]), select, textarea')].filter(one =>
  one.checkVisibility() && (one.clientHeight < 30 || (!one.matches('.chip') && parseFloat(getComputedStyle(one).fontSize) < 16))
).map(one => one.outerHTML.slice(0, 80))"""


def link(page: Page, state: str) -> None:
    """Waits until the connection mark says `state`."""
    expect(page.locator(f"[data-link={state}]")).to_be_visible(timeout=60_000)


def settled(page: Page, found: str) -> list[str]:
    """What is still found wrong once the page has settled at a new size."""
    for _ in range(20):
        if not page.evaluate(found):
            return []
        page.wait_for_timeout(100)
    return list(page.evaluate(found))


def overflow(page: Page, size: tuple[int, int], scrolls: bool) -> str:
    """How the page is larger than the window once it has settled, "" where it fits. `scrolls`: somebody is there who can scroll down."""
    told = ""
    for _ in range(20):
        width, height = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        told = f"{width} wide at {size}" if width > size[0] else f"{height} high at {size}" if not scrolls and height > size[1] else ""
        if not told:
            break
        page.wait_for_timeout(100)
    return told


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/rooms/busy",
        "/rooms/busy#data",
        "/rooms/busy#products",
        "/rooms/hostile",
        "/rooms/hostile#talk",
        "/rooms/busy/host",
        "/rooms/hostile/assistant",
        "/",
        "/rules",
    ],
)
def test_nothing_is_larger_than_the_page(show: Open, path: str, locale: str) -> None:
    page = show(path, SIZES[0], locale)
    expect(page.locator(".amount, .huge, .tile, tr.row, #feed li, tr[data-rule], [data-note]").first).to_be_visible()
    for size in SIZES:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert overflow(page, size, scrolls=size[0] < 1440 or path in {"/rules", "/rooms/hostile/assistant"}) == ""
        assert settled(page, _CUT) == [], f"rows cut at {size}"
    assert page.evaluate(_TOO_SMALL) == []


def test_what_does_not_fit_in_a_figures_tile_is_left_out_whole(show: Open) -> None:
    page = show("/rooms/busy", (390, 844))
    foot = page.locator(".tile[data-metric=online] .foot")
    expect(foot.locator("b").nth(1)).to_be_visible()
    foot.evaluate("foot => foot.querySelectorAll('b').forEach(figure => figure.textContent = '987.7万')")
    seen = foot.evaluate("""foot => {
        const edge = foot.getBoundingClientRect()
        const places = [...foot.querySelectorAll('b, .spark')].map(one => one.getBoundingClientRect())
        return places.filter(({ top }) => top < edge.bottom).map(({ right }) => edge.right - right)
    }""")
    assert len(seen) == 1
    assert seen[0] >= 0


def test_figures_move_and_the_language_is_kept(show: Open) -> None:
    page = show("/rooms/busy")
    amount = page.locator("[data-metric=gmv]").first
    first = amount.get_attribute("data-value")
    expect(amount).not_to_have_attribute("data-value", first or "")
    page.get_by_role("button", name="English").click()
    page.reload()
    expect(page.get_by_role("tab", name="Overview")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"


@pytest.mark.parametrize(
    ("room", "text"),
    [
        ("unopened", "还没有开播"),
        ("nope", "没有这个直播间"),
        ("forbidden", "没有权限"),
        ("expired", "登录已过期"),
        ("empty", "等待第一批观众"),
        ("ended", "直播已结束"),
        ("full", "观看的屏幕已满"),
    ],
)
def test_every_state_says_what_it_is(show: Open, room: str, text: str) -> None:
    expect(show(f"/rooms/{room}").get_by_text(text).first).to_be_visible(timeout=40_000)


@pytest.mark.parametrize(("room", "state", "grey"), [("frozen", "frozen", True), ("away", "store", True), ("silent", "silent", False)])
def test_late_figures_are_grey(show: Open, room: str, state: str, grey: bool) -> None:
    page = show(f"/rooms/{room}")
    link(page, state)
    assert ("stale" in (page.locator(".amount").get_attribute("class") or "")) is grey


def test_it_carries_on_after_the_server_was_away(show: Open, fake: Any) -> None:
    page = show("/rooms/busy")
    link(page, "live")
    page.locator("canvas").first.wait_for()  # else the charts themselves would still have to come from the server that goes away
    fake.stop()
    link(page, "away")
    fake.start()
    link(page, "live")


def test_keys_lead_through_the_panels(show: Open) -> None:
    page = show("/rooms/busy")
    link(page, "live")
    for key, tab in (("3", "products"), ("4", "audience"), ("2", "data"), ("5", "talk"), ("Escape", "overview")):
        page.keyboard.press(key)
        expect(page.locator(f"#tab-{tab}")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("button", name="选择指标")).to_be_visible()
    page.keyboard.press("3")
    expect(page.locator("tr.row").first).to_be_visible()
    expect(page.get_by_role("button", name="选择指标"), "there are no figures to choose here").to_have_count(0)
    assert page.locator("tr.row").count() < 60, "only the rows in sight are drawn"


def test_a_source_has_its_own_trend_which_keys_can_read(show: Open) -> None:
    page = show("/rooms/busy#data")
    reading = page.locator(".reading")
    expect(reading).to_have_attribute("aria-valuetext", re.compile("实时在线人数"))
    page.locator("#sources button[data-source=ads_feed]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("趋势的来源")).to_have_value("ads_feed")
    expect(page.locator("#sources tbody td.line path.line")).to_have_count(page.locator("#sources tbody tr").count())
    reading.focus()
    page.keyboard.press("Home")
    expect(reading).to_have_attribute("aria-valuetext", re.compile(r"^(\d\d/\d\d )?\d\d:\d\d, 进入次数  [1-9]\d*, 成交金额  ¥[1-9]"))
    page.get_by_role("button", name="1 小时").click()
    expect(reading).to_have_attribute("aria-valuemax", "59")
    page.locator("#sources button[data-source='*paid']").click()
    expect(page.get_by_label("趋势的来源")).to_have_value("*paid")
    expect(reading).to_have_attribute("aria-valuetext", re.compile("进入次数"))
    page.get_by_label("趋势的来源").select_option("")
    expect(reading).to_have_attribute("aria-valuetext", re.compile("实时在线人数"))


def test_what_is_read_may_go_away_meanwhile(show: Open) -> None:
    page = show("/rooms/busy#data")
    page.locator(".plot").wait_for()
    for explained in (".reading", "#sources button", "h3 button"):
        page.keyboard.press("2")
        page.locator(explained).first.hover()
        page.locator(explained).first.focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("5")
        expect(page.locator("#feed li").first).to_be_visible()


def test_a_figure_is_explained_while_it_changes(show: Open) -> None:
    page = show("/rooms/busy")
    value = page.locator(".tile[data-metric=viewers] .value")
    value.hover()
    tip = page.get_by_role("tooltip")
    first = tip.inner_text()
    expect(tip).not_to_have_text(first)
    expect(tip).to_have_text(re.compile(r"^[\d,]+$"))
    page.mouse.move(5, 5)
    expect(tip).to_have_count(0)


def test_a_wall_goes_on_after_an_answer_that_broke_off(show: Open) -> None:
    page = show("/")
    amount = page.locator(".gmv b").first
    expect(amount).to_be_visible()
    page.route("**/api/rooms", lambda route: route.fulfill(body='{"rooms": [', content_type="application/json"))
    with page.expect_response("**/api/rooms"):
        pass
    expect(page.get_by_text("服务器连不上")).to_be_visible()
    expect(page.locator("main.stale")).to_be_visible()
    page.unroute("**/api/rooms")
    expect(page.locator("main.stale")).to_have_count(0)


def test_hostile_text_stays_text(show: Open) -> None:
    page = show("/rooms/hostile#products")
    expect(page.locator("tr.row").first).to_contain_text("x")
    assert page.locator("img[src=x], main b:text('粗体')").count() == 0
