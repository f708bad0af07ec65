"""The operators' pages in a real Chromium on the real calls: rules and subscriptions, whoever asks, by keyboard, in every state."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
RULE = "- id: mine\n  kind: trade\n  when: total.{0} > 3\n  title: {{zh: 我的, en: Mine}}\n  message: {{zh: 文, en: M}}\n"

_SLOW = (
    "() => { const get = fetch; window.fetch = async (...asked) => { await new Promise(go => setTimeout(go, 300)); return get(...asked) } }"
)


@pytest.fixture(autouse=True)
def begin(fake: Any) -> Callable[..., None]:
    """Every test begins with the shipped rules and without subscriptions."""

    def begun(**given: str) -> None:
        urlopen(Request(f"{fake.url}/control/operators", json.dumps(given).encode(), method="PUT"), timeout=10).close()

    begun()
    return begun


def test_only_operators_see_these_pages(show: Open) -> None:
    for path, role in (("/rules", "viewer"), ("/subscriptions", "assistant")):
        expect(show(path, role=role).get_by_text("这一页给运营使用")).to_be_visible()
    expect(show("/subscriptions", role="nobody").get_by_text("登录已过期")).to_be_visible()


def test_a_rule_is_switched_off_and_all_go_back_to_the_defaults(show: Open) -> None:
    page = show("/rules")
    row = page.locator("[data-rule=online_surging]")
    expect(page.get_by_text("随软件附带的规则")).to_be_visible()
    row.get_by_role("switch").click()
    expect(row).to_have_attribute("data-on", "false")
    expect(page.get_by_text("1 条停用")).to_be_visible()
    page.reload()
    expect(row).to_have_attribute("data-on", "false")
    page.get_by_role("button", name="恢复默认").click()
    page.get_by_role("dialog").get_by_role("button", name="恢复默认").click()
    expect(row).to_have_attribute("data-on", "true")


def test_nothing_that_is_pressed_or_written_is_lost_while_the_server_is_slow(show: Open) -> None:
    page = show("/rules", locale="en")
    expect(page.locator("[data-rule=refund_surge]")).to_be_visible()
    page.evaluate(_SLOW)
    rows = [page.locator(f"[data-rule={name}]") for name in ("online_surging", "entries_surging", "refund_surge")]
    for row in rows:
        row.get_by_role("switch").click()
    for row in rows:
        expect(row).to_have_attribute("data-on", "false")
    editor = page.get_by_role("textbox")
    editor.focus()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("# first\n")
    page.keyboard.press("Control+s")
    page.keyboard.insert_text("# second\n")
    expect(page.get_by_text("Saved")).to_be_visible()
    expect(editor).to_have_value(re.compile("^# first\n# second\n"))
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_enabled()


def test_a_broken_rule_is_named_by_line_and_mended_by_keyboard_alone(show: Open) -> None:
    page = show("/rules", locale="en")
    editor = page.get_by_role("textbox")
    expect(editor).to_have_value(re.compile("online_falling"))
    editor.focus()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text(RULE.format("nothing"))
    page.keyboard.press("Control+s")
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text(re.compile(r"Line 3.*mine.*no fact total\.nothing", re.DOTALL))
    expect(page.locator("[data-rule=mine]")).to_have_count(0)
    expect(page.locator("[data-rule=online_falling]")).to_have_attribute("data-on", "true")
    problem.get_by_role("button", name="Line 3").focus()
    page.keyboard.press("Enter")
    page.keyboard.insert_text("  when: total.entries > 3")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-rule=mine]")).to_have_attribute("data-on", "true")
    expect(problem).to_have_count(0)


def test_rules_of_a_file_are_shown_with_what_is_broken_and_cannot_be_changed(show: Open, begin: Any, tmp_path: Path) -> None:
    own = tmp_path / "rules.yaml"
    own.write_text(RULE.format("entries") + "- id: bad\n  kind: trade\n")
    begin(file=str(own))
    page = show("/rules")
    expect(page.get_by_text(f"文件 {own}")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text(re.compile("第 6 行.*bad.*缺少字段 when", re.DOTALL))
    expect(page.locator("[data-rule=mine]")).to_be_visible()
    expect(page.get_by_role("switch")).to_be_disabled()
    expect(page.get_by_role("button", name="保存")).to_have_count(0)


def test_it_is_said_when_nobody_watches_and_when_a_watcher_holds_to_other_rules(show: Open, begin: Any) -> None:
    page = show("/rules")
    expect(page.get_by_text("1 个监控进程正在使用这些规则")).to_be_visible()
    begin(held="")
    expect(page.get_by_role("alert")).to_contain_text("没有监控进程")
    begin(held="an older text")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text(re.compile("1 个监控进程中有 1 个.*第 4 行 old 有误：cannot be", re.DOTALL))


def test_whose_token_is_limited_to_a_room_reads_the_rules_only(show: Open) -> None:
    page = show("/rules", role="operator-busy")
    expect(page.get_by_text("只能查看")).to_be_visible()
    expect(page.get_by_role("switch").first).to_be_disabled()
    expect(show("/subscriptions", role="operator-busy").get_by_text("这一页给运营使用")).to_be_visible()


def test_a_subscription_is_made_tested_changed_and_deleted_by_keyboard_alone(show: Open) -> None:
    page = show("/subscriptions", (390, 844), "en")
    expect(page.get_by_text("Nobody is told of alerts yet")).to_be_visible()

    def press(name: str) -> None:
        button = page.get_by_role("button", name=name, exact=True)
        expect(button).to_be_enabled()
        button.focus()
        page.keyboard.press("Enter")

    def write(label: str, text: str) -> None:
        page.get_by_label(label).focus()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(text)

    press("+ New subscription")
    write("Name", "Duty")
    write("Send to", "https://user:pass@hooks.example/key")
    write("Signing secret", "short")
    page.get_by_label("Keep quiet hours").focus()
    page.keyboard.press("Space")
    write("Time zone", "Europe/Berlin")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("secret")
    write("Signing secret", "a-very-secret-secret")
    page.keyboard.press("Enter")
    card = page.locator("[data-subscription]")
    expect(card).to_contain_text(re.compile(r"Duty.*https://hooks\.example/….*23:00–08:00 \(Europe/Berlin\)", re.DOTALL))
    assert "pass" not in page.content()

    press("Test")
    expect(page.get_by_role("status").filter(has_text="test message")).to_be_visible()
    press("Delivery log")
    expect(page.locator("li[data-outcome]")).to_have_count(2)
    expect(page.locator("li[data-outcome=failed]")).to_contain_text(
        re.compile(r"r1 Viewers fell.*The certificate is not trusted.*X\.509", re.DOTALL)
    )
    page.keyboard.press("Escape")

    press("Edit")
    write("Repeat", "15")
    page.keyboard.press("Enter")
    expect(card).to_contain_text("again every 15 min")
    press("On")
    expect(card).to_have_attribute("data-enabled", "false")
    press("Delete")
    page.get_by_role("dialog").get_by_role("button", name="Delete").focus()
    page.keyboard.press("Enter")
    expect(card).to_have_count(0)


def test_a_dialog_opened_again_before_the_browser_told_of_its_closing_stays_open(show: Open) -> None:
    page = show("/subscriptions", locale="en")
    add = page.get_by_role("button", name="+ New subscription")
    add.click()
    # What Escape does, and a press so soon after it that the `close` event, a task of its own, is still to come.
    page.locator("dialog[open]").evaluate("""async dialog => {
        dialog.dispatchEvent(new Event('cancel'))
        dialog.close()
        document.querySelector('.add').click()
        await new Promise(told => dialog.addEventListener('close', told))
    }""")
    expect(page.get_by_label("Name")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_server_that_is_away_is_said_to_be_and_asked_again(show: Open) -> None:
    page = show("/rules")
    expect(page.locator("[data-rule=online_surging]")).to_be_visible()
    page.route("**/api/rules**", lambda route: route.abort())
    page.get_by_role("button", name="检查").click()
    expect(page.get_by_role("alert")).to_contain_text("服务器没有应答")
    page.unroute("**/api/rules**")
    page.get_by_role("button", name="再试一次").click()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_an_operators_own_map_takes_the_place_of_ours(show: Open, begin: Any, tmp_path: Path) -> None:
    ring = [[100, 20], [120, 20], [120, 40], [100, 40], [100, 20]]
    square = {"type": "Feature", "properties": {"name": "浙江"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    own = tmp_path / "map.json"
    own.write_text(json.dumps({"type": "FeatureCollection", "features": [square]}))
    begin(map=str(own))
    page = show("/rooms/busy#audience")
    canvas = page.locator(".map canvas").first
    canvas.hover()  # the middle: in China that would be 青海 or 甘肃
    expect(page.locator(".map")).to_contain_text("浙江")
    loaded: list[str] = page.evaluate("performance.getEntriesByType('resource').map(({name}) => name)")
    assert len([name for name in loaded if "/china-" in name]) == 1, "our own shapes are not loaded"


@pytest.mark.parametrize("size", [(1920, 1080), (390, 844)])
def test_the_numbers_of_a_rule_are_turned_in_a_form(show: Open, size: tuple[int, int]) -> None:
    page = show("/rules", size)
    page.locator("[data-rule=online_falling]").get_by_role("button", name="调整").click()
    form = page.get_by_role("dialog")
    expect(form.get_by_role("group", name="触发条件")).to_contain_text("实时在线")
    factor = form.get_by_label("触发条件 1")
    expect(factor).to_have_value("70")
    factor.fill("60")
    form.get_by_label("持续多久才触发", exact=True).fill("45")
    form.get_by_role("button", name="保存").click()
    expect(form).not_to_be_visible()
    row = page.locator("[data-rule=online_falling]")
    expect(row.locator(".words").first).to_have_text("实时在线 < 前 5 分钟平均在线 × 60%")
    expect(row.locator("code")).not_to_be_visible()
    row.get_by_text("表达式").click()
    expect(row.locator("code")).to_be_visible()
    expect(row.locator("code")).to_have_text("online.now < online.before * 0.6")
    page.reload()
    row.get_by_role("button", name="调整").click()
    expect(form.get_by_label("触发条件 1")).to_have_value("60")
    expect(form.get_by_label("持续多久才触发", exact=True)).to_have_value("45")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_a_form_speaks_the_readers_language_and_units(show: Open) -> None:
    page = show("/rules", locale="en")
    page.locator("[data-rule=pay_rate_low]").get_by_role("button", name="Adjust").click()
    condition = page.get_by_role("dialog").get_by_role("group", name="Fires when")
    expect(condition).to_contain_text("last 5 min")
    expect(condition).to_contain_text("%")
    expect(condition.get_by_role("spinbutton")).to_have_value("0.5")


def test_a_preview_says_how_often_it_would_have_fired_today(show: Open) -> None:
    page = show("/rules")
    answers = [
        {"firings": [{"at": 0, "until": 60_000}], "minutes": 90, "not_judged": None},
        {"firings": [], "minutes": 90, "not_judged": None},
    ]
    page.route("**/preview?*", lambda route: route.fulfill(json=answers[bool(json.loads(route.request.post_data or "{}"))]))
    page.locator("[data-rule=online_falling]").get_by_role("button", name="调整").click()
    form = page.get_by_role("dialog")
    form.get_by_role("button", name="今天会触发几次").click()
    expect(form.get_by_role("status")).to_contain_text("触发 1 次")
    expect(form.get_by_role("status")).to_contain_text("不会触发")
    form.get_by_label("触发条件 1").fill("50")
    expect(form.get_by_role("status")).not_to_contain_text("触发 1 次")


def test_an_error_after_ctrl_s_is_in_view_with_focus_and_leads_to_its_line(show: Open) -> None:
    page = show("/rules", (1280, 720))
    area = page.get_by_role("textbox", name="规则文件")
    area.fill(RULE.format("gmv") + RULE.format("nothing").replace("mine", "other"))
    area.press("Control+s")
    problems = page.get_by_role("alert")
    expect(problems).to_be_in_viewport()
    expect(problems).to_be_focused()
    expect(page.get_by_text("没有保存：1 处有误")).to_be_in_viewport()
    expect(page.get_by_text("有未保存的修改")).to_have_count(0)
    problems.get_by_role("button", name="第 8 行").click()
    expect(area).to_be_focused()
    assert page.evaluate("document.activeElement.selectionStart") == len(RULE.format("gmv") + "- id: other\n  kind: trade\n")
