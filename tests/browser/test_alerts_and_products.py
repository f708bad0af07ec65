"""Alerts, the event feed, hot words and a product's page in a real Chromium."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
PRODUCT = "/rooms/busy/products/p6"


@pytest.mark.parametrize(("locale", "worst"), [("zh-CN", "在线人数骤降"), ("en", "The audience is leaving")])
@pytest.mark.parametrize("path", ["/rooms/busy", "/rooms/busy/host", "/"])
def test_the_worst_alert_is_seen_everywhere(show: Open, path: str, locale: str, worst: str) -> None:
    page = show(path, locale=locale)
    expect(page.locator("main, .strip").get_by_text(worst).first).to_be_visible()
    if path != "/":
        expect(page.locator("main, .strip").get_by_text("61.4%").first, "and what it is about").to_be_visible()


def test_alerts_are_told_worst_first_with_icon_word_and_age(show: Open) -> None:
    page = show("/rooms/busy")
    strip = page.locator(".strip")
    expect(strip).to_have_attribute("data-alerts", "4")
    expect(strip).to_contain_text(re.compile(r"严重.*在线人数骤降.*已 \d+ (秒|分钟)"))
    expect(strip.locator("svg").first).to_be_visible()
    strip.get_by_role("button").click()
    lines = page.locator("#alerts li")
    expect(lines).to_have_count(5)
    states = lines.evaluate_all("all => all.map(one => `${one.dataset.status} ${one.dataset.severity}`)")
    assert states == ["firing critical", "firing warning", "firing info", "acknowledged warning", "resolved warning"]


def test_a_warning_of_hours_ago_is_still_marked_on_the_trend(show: Open) -> None:
    page = show("/rooms/long", locale="zh-CN")
    expect(page.locator("#trend").get_by_text("早先的警告").first).to_be_attached()


def test_an_alert_is_answered_with_a_comment_and_given_to_someone_by_keyboard(show: Open) -> None:
    page = show("/rooms/busy#talk", locale="en")
    page.route("**/ack", lambda route: route.fulfill(json={}))
    line = page.locator("#alerts li").first
    line.get_by_role("button", name="Comment, assign").focus()
    page.keyboard.press("Enter")
    line.get_by_label("Comment", exact=True).focus()
    page.keyboard.insert_text("called the host")
    page.keyboard.press("Tab")
    page.keyboard.insert_text("Lin")
    with page.expect_request("**/ack") as asked:
        page.keyboard.press("Enter")
    assert asked.value.post_data_json == {"comment": "called the host", "to": "Lin"}


def test_a_room_without_alerts_has_no_strip(show: Open) -> None:
    page = show("/rooms/ended")
    expect(page.locator(".amount")).to_be_visible()
    assert page.locator(".strip").count() == 0


def test_the_feed_tells_events_and_where_orders_stand(show: Open) -> None:
    page = show("/rooms/busy#talk")
    feed = page.locator("#feed")
    expect(feed.locator("li").first).to_be_visible()
    kinds = set(feed.locator("li").evaluate_all("all => all.map(one => one.dataset.kind)"))
    assert {"created", "paid", "followed", "joined_club"} <= kinds
    feed.get_by_role("button", name="成交").click()
    expect(feed.locator("li[data-kind=created]")).to_have_count(0)
    assert set(feed.locator("li").evaluate_all("all => all.map(one => one.dataset.kind)")) == {"paid"}


def test_all_open_orders_are_counted_and_listed_page_by_page_the_longest_waiting_first(show: Open) -> None:
    feed = show("/rooms/busy#talk").locator("#feed")
    unpaid = feed.get_by_role("button", name="待支付")
    expect(unpaid).to_contain_text("149")
    expect(feed.get_by_role("button", name="超时")).to_contain_text("3")
    unpaid.click()
    expect(feed.locator("li")).to_have_count(100)
    expect(feed.get_by_text("第 1–100 单，共 149 单")).to_be_visible()
    feed.get_by_role("button", name="下一页").click()
    expect(feed.locator("li")).to_have_count(49)
    feed.get_by_role("button", name="超时").click()
    expect(feed.locator("li")).to_have_count(3)


def test_a_products_page_counts_its_open_orders_as_its_figure_does(show: Open) -> None:
    orders = show("/rooms/busy/products/p3").locator("#orders")
    expect(orders.get_by_role("button", name="待支付")).to_contain_text("149")
    orders.get_by_role("button", name="超时").click()
    expect(orders.locator("li")).to_have_count(3)


def test_violations_are_counted_and_told_with_clip_and_advice(show: Open) -> None:
    scenes = show("/rooms/busy#talk").locator("#scenes")
    button = scenes.get_by_role("button", name="违规")
    expect(button).to_have_attribute("data-violations", re.compile("^[1-9]"))
    button.click()
    kinds = scenes.locator("li").evaluate_all("all => all.map(one => one.dataset.kind)")
    assert set(kinds) == {"violated", "violation_found"}
    notice = scenes.locator("li[data-kind=violated]")
    expect(notice).to_contain_text("请更正口播")
    expect(notice.get_by_role("link")).to_have_attribute("href", "https://clips.example/v1")
    expect(scenes.locator("li[data-kind=violation_found]").first).to_contain_text("加薇信 abc123")


def test_hot_words_of_five_minutes_are_kept_as_the_choice(show: Open) -> None:
    page = show("/rooms/busy#talk")
    words = page.locator("#words")
    expect(words.locator("li").first).to_have_text("敏感肌")
    words.get_by_role("button", name="5 分钟").click()
    expect(words.locator("li").first).not_to_have_text("敏感肌")
    page.reload()
    expect(words.get_by_role("button", name="5 分钟")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("size", [(1920, 1080), (390, 844)])
def test_answers_to_a_poll_are_counted_by_people_the_most_first(show: Open, size: tuple[int, int]) -> None:
    polls = show("/rooms/busy#talk", size).locator("#polls")
    expect(polls.locator("li").first).to_contain_text("412 人")
    expect(polls.locator("li b")).to_have_text(["1", "2", "666", "要", "A", "không"])
    widths = polls.locator("li i").evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 2 * widths[2] > 0


def test_a_room_where_nobody_answers_says_so(show: Open) -> None:
    expect(show("/rooms/empty#talk").locator("#polls")).to_contain_text("近 2 分钟没有人扣数字")


def test_a_product_has_a_page_and_escape_leads_back(show: Open) -> None:
    page = show("/rooms/busy#products")
    row = page.locator("tr.row[data-product=p6] a")
    row.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(PRODUCT + "$"))
    expect(page.locator("#effects tbody tr")).to_have_count(3)
    expect(page.locator("#effects tr.thin")).to_contain_text("数据太少")
    assert page.locator("#effects tr.thin .change").count() == 0, "what means nothing has no arrow"
    expect(page.locator("#skus tbody tr")).to_have_count(3)
    expect(page.locator("#orders li").first).to_contain_text("***")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("/rooms/busy#products$"))
    expect(page.locator("tr.row").first).to_be_visible()


def test_a_product_that_is_not_there_is_said_to_be(show: Open) -> None:
    expect(show("/rooms/busy/products/nope%2F1").get_by_text("没有这件商品")).to_be_visible()


@pytest.mark.parametrize("size", [(1920, 1080), (390, 844)])
@pytest.mark.parametrize("path", [PRODUCT, "/rooms/hostile/products/p2", "/rooms/hostile#talk"])
def test_no_new_view_is_wider_than_the_page(show: Open, path: str, size: tuple[int, int]) -> None:
    page = show(path, size)
    expect(page.locator("#orders li, #feed li").first).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    tops = page.locator("dd[data-metric]").evaluate_all("all => all.map(one => Math.round(one.getBoundingClientRect().top))")
    assert len(set(tops)) <= (1 if size[0] > 1000 else 4), "figures beside each other stand in one line"


def test_products_have_their_links_number_and_what_was_never_listed_is_called_so(show: Open) -> None:
    table = show("/rooms/busy#products").locator("#products")
    expect(table.locator("tr[data-product=p3] [data-number='4']")).to_have_text("4")
    unlisted = table.locator("tr[data-product=p7]")
    expect(unlisted).to_contain_text("未上架过")
    expect(unlisted).not_to_contain_text("已下架")
