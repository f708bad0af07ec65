"""What `make demo` promises: a link that opens a moving screen, and the API's figures on it."""

import os
import re
import signal
import time

import pytest

from tests.real import real_events, real_log

pytestmark = pytest.mark.browser

MONEY_OR_COUNT = ("gmv", "orders_paid", "viewers")


def test_the_link_opens_the_room_once(chromium, demo):
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(demo.link)
    page.locator('[data-metric="gmv"][data-value]').first.wait_for(timeout=60_000)

    assert page.url == f"{demo.url}/rooms/{demo.room}", "the token is gone from the address"
    (cookie,) = context.cookies()
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    again = chromium.new_context()
    answer = again.request.get(demo.link, max_redirects=0)
    assert answer.status == 401, "the link is good once"
    context.close()
    again.close()


def test_figures_move_and_equal_the_api(watcher):
    first = watcher.figures() if watcher.figure("gmv") else {}

    end = time.monotonic() + 30
    while watcher.figures() == first and time.monotonic() < end:
        time.sleep(0.5)
    assert watcher.figures() != first, "nothing on the screen has moved for 30 s"
    for metric in MONEY_OR_COUNT:
        assert watcher.agrees(metric), (metric, watcher.figure(metric), watcher.board()["total"][metric])
    assert watcher.errors == []


def test_a_reload_shows_the_same_figures(watcher):
    assert watcher.agrees("gmv")
    watcher.page.reload()
    assert watcher.agrees("gmv")


@real_log
@pytest.mark.data
def test_a_real_log_is_on_all_panels_as_the_api_has_it(watcher, demo, tmp_path):
    demo.command("replay", str(real_events(tmp_path / "events.ndjson", "--age", "20")))
    board = still(watcher, "room-1")
    page, total = watcher.page, board["total"]
    page.goto(f"{demo.url}/rooms/room-1#data")
    page.locator('[data-metric="gmv"][data-value]').first.wait_for()
    shown = {metric: value for metric, value in watcher.figures().items() if value and not metric.startswith("online")}
    assert len(shown) >= 7
    assert {metric: float(value) for metric, value in shown.items()} == {metric: pytest.approx(total[metric], rel=1e-5) for metric in shown}

    page.get_by_role("tab", name="商品").click()
    best = max(board["products"], key=lambda one: one["total"]["gmv"])
    row = page.locator(f'tr.row[data-product="{best["product"]}"]')
    row.wait_for()
    assert f"{best['total']['items_sold']:,}" in row.inner_text().split()

    page.get_by_role("tab", name="人群").click()
    viewers = board["audience"]["viewers"]["gender"]
    told = page.get_by_role("img", name=re.compile("女 ")).first.get_attribute("aria-label")
    assert round(100 * viewers["f"] / sum(viewers.values())) == pytest.approx(int(re.findall(r"(\d+)%", told)[0]), abs=1), told
    assert watcher.errors == []


def still(watcher, room: str) -> dict:
    """The room's board once nothing arrives any more."""
    before, end = None, time.monotonic() + 60
    while time.monotonic() < end:
        answer = watcher.context.request.get(f"{watcher.demo.url}/api/rooms/{room}")
        board = answer.json() if answer.status == 200 else None
        if board and before and board["as_of"] == before["as_of"] and board["total"]["entries"] == before["total"]["entries"]:
            return board
        before = board
        time.sleep(1)
    raise AssertionError(f"{room} does not come to rest")


def test_the_screen_server_dies_and_the_page_says_so_and_carries_on(watcher, demo):
    assert watcher.agrees("gmv")
    before = demo.child("deploy screen")
    os.kill(before, signal.SIGSTOP)  # frozen: the page hears nothing and must not pretend
    watcher.page.locator(".stale").first.wait_for(timeout=60_000)
    os.kill(before, signal.SIGKILL)

    end = time.monotonic() + 60
    while watcher.page.locator(".stale").count() and time.monotonic() < end:
        time.sleep(0.2)
    assert demo.child("deploy screen") != before
    assert watcher.agrees("gmv"), "it carries on by itself, without a reload"


def test_an_operator_acts_on_an_alert(watcher, demo):
    notice = {"id": "notice-1", "kind": "violated", "violation": "v1", "reason": "夸大宣传", "advice": "请更正"}
    path = f"{demo.url}/api/rooms/{demo.room}"
    headers = {"authorization": f"Bearer {demo.token}"}
    assert watcher.context.request.post(f"{path}/scenes", data=notice, headers=headers).status == 201
    watcher.page.goto(f"{demo.url}/rooms/{demo.room}#talk")
    line = watcher.page.locator("#alerts li[data-status=firing]").filter(has_text="夸大宣传").first
    line.wait_for(timeout=60_000)

    line.get_by_role("button", name="确认").click()

    watcher.page.locator("#alerts li[data-status=acknowledged]").filter(has_text="夸大宣传").wait_for(timeout=60_000)
    alerts = watcher.context.request.get(f"{path}/alerts", headers=headers).json()["alerts"]
    assert [row["status"] for row in alerts if "夸大宣传" in row["message_zh"]] == ["acknowledged"]
    assert watcher.page.get_by_role("link", name="场记台").get_attribute("href") == f"/rooms/{demo.room}/assistant"
    review = watcher.context.request.get(f"{path}/report?format=html&lang=zh")
    assert review.status == 200 and "夸大宣传" in review.text()


def test_without_a_token_there_is_only_the_login_page(chromium, demo):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{demo.url}/rooms/{demo.room}")
    assert re.match(rf"{demo.url}/login\?next=", page.url)
    assert page.locator("input").count() >= 1
    assert context.request.get(f"{demo.url}/api/rooms").status == 401
    context.close()
