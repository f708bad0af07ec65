"""The wall, the host's view, the trend, and what of a page stands in its address."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.servers.axe import serious

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

_FONTS = """(root) => [...root.querySelectorAll('*')].filter(one => one.checkVisibility() && [...one.childNodes].some(node =>
  node.nodeType === 3 && node.textContent.trim())).map(one => [parseFloat(getComputedStyle(one).fontSize), one.textContent.trim()])"""
#: Labels of the trend's marks that touch each other.
_TOUCHING = """() => {
  const boxes = [...document.querySelectorAll('.marks b')].map(one => one.getBoundingClientRect()).sort((a, b) => a.left - b.left)
  return boxes.filter((box, i) => i && box.left < boxes[i - 1].right).length }"""


def test_the_wall_is_searched_filtered_and_sorted_and_a_reload_keeps_it(show: Open) -> None:
    page = show("/")
    tiles = page.locator("a.tile")
    expect(tiles).to_have_count(8)
    expect(page.locator("[data-sum=rooms]")).to_have_text("6")
    expect(page.locator("[data-sum=gmv-CNY]")).to_contain_text("¥")
    page.get_by_role("button", name="已结束").click()
    expect(tiles).to_have_count(1)
    page.get_by_role("button", name=re.compile("^全部")).click()
    page.get_by_label("搜索直播间、主播").fill("HOST")
    expect(tiles).to_have_count(1)
    page.get_by_label("排序").select_option("gmv")
    page.reload()
    expect(tiles).to_have_count(1)
    expect(page.get_by_label("搜索直播间、主播")).to_have_value("HOST")
    expect(page.get_by_label("排序")).to_have_value("gmv")
    page.get_by_label("搜索直播间、主播").fill("没有这间")
    expect(page.get_by_text("没有符合条件的直播间")).to_be_visible()
    assert serious(page) == []


def test_a_rooms_title_has_the_tiles_width_to_itself(show: Open) -> None:
    page = show("/")
    tile = page.locator("a.tile", has_text="busy")
    expect(tile.locator(".alerts")).to_be_visible()
    room, title = tile.bounding_box(), tile.locator("h2").bounding_box()
    assert room is not None and title is not None and title["width"] > 0.85 * room["width"]


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_on_a_phone_the_newest_prompt_is_the_largest_and_the_first(show: Open, locale: str) -> None:
    page = show("/rooms/busy/host", (390, 844), locale)
    prompt = page.locator(".prompt.newest bdi")
    expect(prompt).to_be_in_viewport()
    fonts = page.locator("main").evaluate(_FONTS)
    largest, text = max(fonts)
    assert text == prompt.text_content()
    assert largest > sorted(size for size, said in fonts if said != text)[-1]


def test_the_host_sees_questions_the_clock_and_what_comes_next(show: Open) -> None:
    page = show("/rooms/busy/host")
    expect(page.locator(".clock")).to_have_text(re.compile(r"^\d\d:\d\d:\d\d$"))
    expect(page.locator(".questions p").first).to_contain_text(re.compile("[吗?？]|什么|怎么|多少"))
    expect(page.locator(".next .title")).to_have_text(re.compile(r"\d+ .+"))
    assert serious(page) == []


def test_what_the_products_are_filtered_and_sorted_by_survives_their_pages_back_and_a_reload(show: Open) -> None:
    page = show("/rooms/busy#products")
    page.get_by_role("button", name=re.compile("^推荐返场")).click()
    page.get_by_role("button", name="库存", exact=True).click()
    heading = page.locator("th[aria-sort=descending]")
    expect(heading).to_have_text(re.compile("库存"))
    first = page.locator("tr.row").first
    name = first.get_attribute("data-product")
    first.locator("a").click()
    expect(page.locator(".back")).to_be_visible()
    page.reload()
    page.locator("header .back").click()
    for _ in range(2):
        expect(heading).to_have_text(re.compile("库存"))
        expect(page.get_by_role("button", name=re.compile("^推荐返场"))).to_have_attribute("aria-pressed", "true")
        expect(page.locator("tr.row").first).to_have_attribute("data-product", name or "")
        page.reload()
    expect(heading).to_be_visible()  # keys are heard once the page is there again
    page.keyboard.press("4")
    expect(page.locator("#tab-audience")).to_have_attribute("aria-selected", "true")
    page.go_back()
    expect(page.locator("#tab-products")).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize("path", ["/rooms/busy", "/rooms/busy#data", "/rooms/long#data"])
def test_no_label_of_the_trend_touches_another(show: Open, path: str) -> None:
    page = show(path)
    expect(page.locator(".marks b").first).to_be_visible()
    for width in (1920, 1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(800)
        assert page.evaluate(_TOUCHING) == 0, width


def test_marks_are_hidden_by_kind_and_all_named_where_one_points(show: Open) -> None:
    page = show("/rooms/busy#data")
    expect(page.locator("[data-mark=explain_started]").first).to_be_visible()
    explained = page.locator("[data-legend=explain]")
    explained.click()
    expect(explained).to_have_attribute("aria-pressed", "false")
    expect(page.locator("[data-mark=explain_started]")).to_have_count(0)
    page.reload()
    expect(explained).to_have_attribute("aria-pressed", "false")
    explained.click()
    marks = page.locator(".mark")
    most = max(range(marks.count()), key=lambda i: int(marks.nth(i).get_attribute("data-marks") or 0))
    n, box = int(marks.nth(most).get_attribute("data-marks") or 0), marks.nth(most).bounding_box()
    assert n > 1 and box is not None
    page.mouse.move(box["x"], box["y"] + 5)
    expect(page.locator(".reading .box p").nth(2 + min(n, 12))).to_be_visible()


def test_the_trend_is_zoomed_by_dragging_and_by_keyboard(show: Open) -> None:
    page = show("/rooms/busy#data")
    reading = page.locator(".reading")
    page.get_by_role("button", name="30 分钟").click()
    expect(reading).to_have_attribute("aria-valuemax", "29")
    page.get_by_role("button", name="全程").click()
    box = reading.bounding_box()
    assert box is not None
    whole = int(reading.get_attribute("aria-valuemax") or 0)
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 30, steps=4)
    page.mouse.up()
    back = page.get_by_role("button", name="✕")
    expect(back).to_be_visible()
    assert abs(int(reading.get_attribute("aria-valuemax") or 0) - whole / 4) <= 2
    back.click()
    expect(back).to_have_count(0)
    reading.focus()
    page.keyboard.press("Home")
    page.keyboard.press("+")
    expect(back).to_be_visible()
    assert abs(int(reading.get_attribute("aria-valuemax") or 0) - whole / 2) <= 2
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(back).to_have_count(0)
    expect(page.locator("#tab-data")).to_have_attribute("aria-selected", "true")


def test_a_tile_shows_its_metric_in_the_trend(show: Open) -> None:
    page = show("/rooms/busy")
    page.locator(".tile[data-metric=viewers] .value").click()
    expect(page.get_by_label("左轴指标")).to_have_value("viewers")
    page.locator(".tile[data-metric=orders_paid] h3 button").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("左轴指标")).to_have_value("orders_paid")


@pytest.mark.parametrize("path", ["/rooms/busy#traffic", "/rooms/empty#traffic", "/rooms/silent/host", "/rooms/empty/host", "/"])
def test_axe_finds_nothing_serious_on_a_phone(show: Open, path: str) -> None:
    page = show(path, (390, 844), "en")
    expect(page.locator("main")).to_be_visible()
    page.wait_for_timeout(1_000)
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
