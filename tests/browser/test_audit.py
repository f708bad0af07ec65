"""The page of the audit log by itself, in a real browser on the real system."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.servers.axe import serious

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
WORDS = {
    "zh-CN": {"cli": "命令行", "made": "生成令牌", "tokens": "令牌", "noted": "写场记", "away": "读不到记录", "bar": "这一页给运营使用"},
    "en-US": {
        "cli": "command line", "made": "Made a token", "tokens": "Tokens", "noted": "Wrote a note", "away": "cannot be read",
        "bar": "This page is for operators",
    },
}  # fmt: skip


@pytest.fixture
def opened(chromium: Browser, demo: Any) -> Iterator[Open]:
    """Opens the page with a token of a role."""
    contexts = []

    def open_with(role: str, locale: str = "zh-CN", size: tuple[int, int] = (1920, 1080)) -> Page:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, locale=locale)
        contexts.append(context)
        token = demo.command("token", "--role", role, "--name", f"audit {role}").splitlines()[-1]
        page = context.new_page()
        page.goto(f"{demo.url}/login?token={token}&next=/audit")
        return page

    yield open_with
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("locale", "size"), [("zh-CN", (1920, 1080)), ("en-US", (1920, 1080)), ("zh-CN", (390, 844))])
def test_who_made_a_token_at_the_command_line_is_told_in_words(opened: Open, locale: str, size: tuple[int, int]) -> None:
    page, words = opened("admin", locale, size), WORDS[locale]
    row = page.locator("tbody tr").filter(has_text="audit admin").filter(has_text=words["made"]).first
    expect(row).to_be_visible()
    expect(row).to_contain_text(words["cli"])
    for other in (each for name, each in WORDS.items() if name != locale):
        expect(page.locator("tbody")).not_to_contain_text(other["cli"])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page) == []


def test_a_part_is_chosen_and_what_is_new_comes_with_a_refresh(opened: Open, demo: Any) -> None:
    page, words = opened("admin"), WORDS["zh-CN"]
    rows = page.locator("tbody tr")
    expect(rows.first).to_be_visible()
    note = {"kind": "noted", "text": "审计"}
    answer = page.context.request.post(f"{demo.url}/api/rooms/{demo.room}/scenes", data=note, headers={"origin": demo.url})
    assert answer.status == 201, answer.text()
    page.get_by_role("button", name="刷新").click()
    expect(rows.filter(has_text=words["noted"]).first).to_be_visible()
    page.get_by_label("类别").select_option(label=words["tokens"])
    expect(rows.filter(has_text=words["noted"])).to_have_count(0)
    expect(rows.filter(has_text=words["made"]).first).to_be_visible()


def test_a_server_that_does_not_answer_is_said_and_those_who_may_not_are_told_so(opened: Open) -> None:
    page = opened("admin")
    expect(page.locator("tbody tr").first).to_be_visible()
    page.context.route(re.compile("/api/audit"), lambda route: route.abort())
    page.get_by_role("button", name="刷新").click()
    expect(page.get_by_role("alert")).to_contain_text(WORDS["zh-CN"]["away"])
    expect(opened("viewer").get_by_text(WORDS["zh-CN"]["bar"])).to_be_visible()
