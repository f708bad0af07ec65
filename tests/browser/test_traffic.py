"""All sources of a room, what is paid for, and whether it pays; the funnel of late."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


@pytest.mark.parametrize("size", [(1920, 1080), (390, 844)])
def test_every_source_is_reached_with_its_cost_and_roi(show: Open, size: tuple[int, int]) -> None:
    page = show("/rooms/busy", size)
    page.locator("#sources").get_by_role("button", name="全部 12 个").click()
    expect(page.locator("#tab-traffic")).to_have_attribute("aria-selected", "true")
    rows = page.locator("#sources tbody tr")
    expect(rows).to_have_count(12 + 2)
    last = page.locator("#sources tr", has=page.locator("[data-source=ads_other]"))
    figure = last.locator("[data-figure=net_roi]")
    figure.scroll_into_view_if_needed()
    expect(figure).to_be_in_viewport()
    expect(figure).to_have_text(re.compile(r"^\s*\d"))
    expect(last.locator("[data-figure=cost]")).to_have_text(re.compile("¥"))
    page.go_back()
    expect(page.locator("#tab-overview")).to_have_attribute("aria-selected", "true")


def test_a_margin_judges_the_advertising_and_survives_a_reload(show: Open) -> None:
    page = show("/rooms/busy#traffic")
    net = page.locator("#paid [data-figure=net_roi]")
    expect(net).not_to_contain_text("保本")
    page.get_by_label("毛利率").fill("40")
    expect(page.locator("#paid [data-figure=break_even]")).to_contain_text("2.5")
    expect(net).to_contain_text("低于保本")
    page.get_by_label("毛利率").fill("90")
    expect(net).to_contain_text("高于保本")
    page.reload()
    expect(net).to_contain_text("高于保本")
    assert "margin=90" in page.url
    page.get_by_label("毛利率").fill("900")
    expect(page.get_by_label("毛利率")).to_have_attribute("aria-invalid", "true")


def test_a_plan_has_a_roi_where_its_source_has_no_other(show: Open) -> None:
    page = show("/rooms/busy#traffic", locale="en")
    cells = page.locator("#plans tr", has_text="直播加热").locator("td")
    expect(cells.nth(3)).to_have_text(re.compile(r"\d"))
    unknown = page.locator("#plans tr", has_text="短视频引流").locator("td").nth(3)
    expect(unknown).to_have_text(re.compile("—"))
    unknown.locator("span").hover()
    expect(page.get_by_role("tooltip")).to_contain_text("not the plan")


def test_the_funnel_holds_its_rates_against_the_hour_before(show: Open) -> None:
    page = show("/rooms/busy#data")
    clicked, paid = page.locator("[data-stage=product_clicked] .lately"), page.locator("[data-stage=paid] .lately")
    expect(clicked).to_contain_text("▼ -30%")
    expect(paid).to_contain_text("▲ +40%")
    paid.focus()
    expect(page.get_by_role("tooltip")).to_contain_text("之前一小时")
