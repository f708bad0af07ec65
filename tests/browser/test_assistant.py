"""The assistant's page in a real Chromium on the real system: by keyboard alone, and through a lost network."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.servers.axe import serious

pytestmark = pytest.mark.browser
SECONDS_MS = 60_000


def opened(watcher: Any) -> Page:
    page: Page = watcher.page
    page.goto(f"{watcher.demo.url}/rooms/{watcher.demo.room}/assistant")
    expect(page.locator("[data-link=live]")).to_be_visible(timeout=SECONDS_MS)
    return page


def notes(watcher: Any, text: str) -> list[dict[str, Any]]:
    return [scene for scene in watcher.board()["scenes"] if scene.get("text") == text]


def wait(done: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.2)


def test_a_note_by_keyboard_is_edited_and_deleted(watcher: Any) -> None:
    page = opened(watcher)
    page.keyboard.press("n")
    page.keyboard.type("<b>改了话术</b> 'x'")
    page.keyboard.press("Enter")
    note = page.locator("[data-note]", has_text="<b>改了话术</b> 'x'")
    expect(note).to_be_visible(timeout=SECONDS_MS)
    assert page.locator("[data-note] b").count() == 0
    (row,) = notes(watcher, "<b>改了话术</b> 'x'")
    assert row["author"]

    note.get_by_role("button", name="修改").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(note.get_by_role("button", name="修改")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("#edit").fill("改好了")
    page.keyboard.press("Enter")
    edited = page.locator("[data-note]", has_text="改好了")
    expect(edited).to_contain_text("已修改", timeout=SECONDS_MS)
    expect(edited.get_by_role("button", name="修改")).to_be_focused()

    edited.get_by_role("button", name="删除").focus()
    page.keyboard.press("Enter")
    expect(edited.get_by_role("button", name="撤销删除")).to_be_focused()
    expect(edited).to_have_count(0, timeout=SECONDS_MS)
    expect(page.locator("section[aria-labelledby=notes]")).to_be_focused()
    assert watcher.errors == []


def test_a_deletion_is_undone_by_keyboard_and_after_a_reload_and_nothing_moves(watcher: Any) -> None:
    page = opened(watcher)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if request.url.endswith("/scenes") else None)
    for text in ("留下一", "留下二", "留下三"):
        page.keyboard.press("n")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        expect(page.locator("[data-note]", has_text=text)).to_be_visible(timeout=SECONDS_MS)
        page.keyboard.press("Escape")
    middle, below = page.locator("[data-note]", has_text="留下二"), page.locator("[data-note]", has_text="留下一")
    before = below.bounding_box()
    middle.get_by_role("button", name="删除").click()
    expect(middle).to_have_attribute("data-state", "leaving")
    assert below.bounding_box() == before
    expect(page.locator("[role=status]", has_text="已删除「留下二」")).to_have_count(1)
    page.keyboard.press("Enter")  # the button that undoes has the focus
    expect(middle).not_to_have_attribute("data-state", "leaving")
    expect(middle.get_by_role("button", name="删除")).to_be_focused()
    page.keyboard.press("Enter")
    expect(middle).to_have_attribute("data-state", "leaving")
    page.reload()
    expect(middle).to_have_attribute("data-state", "leaving")
    page.keyboard.press("Control+z")
    expect(middle.get_by_role("button", name="删除")).to_be_visible()
    page.wait_for_timeout(11_000)
    assert len(notes(watcher, "留下二")) == 1
    assert not [one for one in sent if "note_deleted" in one]


def test_an_operator_prompts_the_host(watcher: Any) -> None:
    page = opened(watcher)
    page.locator("#prompt").focus()
    page.keyboard.insert_text("再讲一遍优惠券")
    page.keyboard.press("Enter")
    page.goto(f"{watcher.demo.url}/rooms/{watcher.demo.room}/host")
    expect(page.locator(".prompts")).to_contain_text("再讲一遍优惠券", timeout=SECONDS_MS)


def test_an_operator_ends_the_broadcast_after_a_question_and_opens_it_again(watcher: Any) -> None:
    page = opened(watcher)
    page.get_by_role("button", name="结束直播").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="取消").click()
    assert watcher.board()["status"] == "live"
    page.get_by_role("button", name="结束直播").click()
    dialog.get_by_role("button", name="结束直播").click()
    wait(lambda: watcher.board()["status"] == "ended")
    page.get_by_role("button", name="重新开播").click()
    dialog.get_by_role("button", name="重新开播").click()
    wait(lambda: watcher.board()["status"] == "live")
    assert len(watcher.board()["spans"]) == 2


def test_what_is_noted_without_network_arrives_once(watcher: Any) -> None:
    page = opened(watcher)
    watcher.context.set_offline(True)
    for text in ("断网一", "断网二"):
        page.keyboard.press("n")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
    expect(page.locator("[data-waiting='2']")).to_be_visible()
    expect(page.locator("[data-state=waiting]")).to_have_count(2)
    before = time.time() * 1000
    watcher.context.set_offline(False)
    expect(page.locator("[data-waiting='0']")).to_be_visible(timeout=SECONDS_MS)
    wait(lambda: bool(notes(watcher, "断网一")) and bool(notes(watcher, "断网二")))
    for text in ("断网一", "断网二"):
        (row,) = notes(watcher, text)
        assert row["at"] <= before  # the moment it was written, not the moment it was sent


def test_an_answer_that_was_lost_and_a_page_that_was_reloaded_make_no_second_note(watcher: Any) -> None:
    page = opened(watcher)
    sent: list[dict[str, Any]] = []

    def lose(route: Route) -> None:
        sent.append(json.loads(route.request.post_data or "{}"))
        answer = route.fetch()
        if len(sent) < 3:
            route.abort()  # Kafka has it, the browser does not know
        else:
            route.fulfill(response=answer)

    page.route("**/scenes", lose)
    page.keyboard.press("n")
    page.keyboard.type("回执丢失")
    page.keyboard.press("Enter")
    wait(lambda: len(sent) >= 1)
    page.reload()
    expect(page.locator("[data-waiting='0']")).to_be_visible(timeout=SECONDS_MS)
    wait(lambda: len(sent) >= 3)
    assert len({scene["id"] for scene in sent}) == 1
    wait(lambda: bool(notes(watcher, "回执丢失")))
    time.sleep(1)
    assert len(notes(watcher, "回执丢失")) == 1
    expect(page.locator("[data-note]", has_text="回执丢失")).to_have_count(1)


def test_an_explanation_by_typing_in_english_on_a_phone(watcher: Any) -> None:
    watcher.page.set_viewport_size({"width": 390, "height": 844})
    page = opened(watcher)
    page.get_by_role("button", name="English").click()
    before = {row["product"]: row["explanations"] for row in watcher.board()["products"]}
    page.locator("body").press("p")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Product chosen:")).to_be_visible()
    page.get_by_role("button", name="Start explaining").click()
    wait(lambda: any(row["explanations"] > before[row["product"]] for row in watcher.board()["products"] if row["product"] in before))
    page.evaluate("() => document.querySelectorAll('.chip bdi').forEach(title => title.textContent = '长'.repeat(40))")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_viewer_sees_nothing_to_write(watcher: Any) -> None:
    token = watcher.demo.command("token", "--role", "viewer").splitlines()[-1]
    watcher.context.clear_cookies()
    watcher.page.goto(f"{watcher.demo.url}/login?token={token}&next=/rooms/{watcher.demo.room}/assistant")
    expect(watcher.page.get_by_text("只能查看")).to_be_visible(timeout=SECONDS_MS)
    expect(watcher.page.locator("textarea")).to_have_count(0)
    expect(watcher.page.get_by_role("button", name="删除")).to_have_count(0)


def test_axe_finds_nothing_serious(watcher: Any) -> None:
    page = opened(watcher)
    page.locator("#product").focus()
    expect(page.get_by_role("option").first).to_be_visible()
    assert serious(page) == []
