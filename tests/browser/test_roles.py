"""A day's work of each role, in a real Chromium on the real system: in by the form, at work, and out again."""

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_access import log_in
from tests.servers.webhook import SECRET, running

pytestmark = pytest.mark.browser

ROLES = ("viewer", "assistant", "operator", "admin")
WORDS = {
    "zh-CN": {
        "acknowledge": "确认", "acknowledged": "Lin (operator) 已确认", "adjust": "调整", "add": "+ 新增订阅", "audit": "操作记录",
        "delete": "删除", "edit": "修改", "fires": "触发条件", "log": "发送记录", "logout": "退出登录", "name": "名称",
        "notes": "场记台", "only": "只能查看", "operators": "这一页给运营使用", "report": "直播复盘", "review": "复盘报告",
        "rules": "告警规则", "save": "保存", "secret": "签名密钥", "subscriptions": "告警订阅", "target": "发送到", "test": "测试",
        "turned": "调整规则数值", "undo": "撤销删除", "violation": "平台违规通知",
    },
    "en-US": {
        "acknowledge": "Acknowledge", "acknowledged": "acknowledged by Lin (operator)", "adjust": "Adjust",
        "add": "+ New subscription", "audit": "Audit log", "delete": "Delete", "edit": "Edit", "fires": "Fires when",
        "log": "Delivery log", "logout": "Log out", "name": "Name", "notes": "Scene notes", "only": "can only look",
        "operators": "This page is for operators", "report": "Broadcast review", "review": "Review", "rules": "Alert rules",
        "save": "Save", "secret": "Signing secret", "subscriptions": "Subscriptions", "target": "Send to", "test": "Test",
        "turned": "Adjusted a rule's numbers", "undo": "Undo delete", "violation": "Violation notice from the platform",
    },
}  # fmt: skip
CASES = [("zh-CN", (1920, 1080)), ("en-US", (1920, 1080)), ("zh-CN", (390, 844))]
_numbers = count(1)


@pytest.fixture(scope="module")
def tokens(demo: Any) -> dict[str, str]:
    """Role → an access token of it, which is named after the role."""
    return {role: demo.command("token", "--role", role, "--name", role).splitlines()[-1] for role in ROLES}


class Worker:
    """Somebody at a browser of their own."""

    def __init__(self, page: Page, demo: Any, tokens: dict[str, str], words: dict[str, str]) -> None:
        self.page, self.demo, self.words, self._tokens = page, demo, words, tokens
        self.room = f"{demo.url}/rooms/{demo.room}"
        self.number = next(_numbers)
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def comes(self, role: str, view: str = "") -> None:
        """Logs in by the form, on the way to a page of the room."""
        self.page.goto(self.room + view)
        expect(self.page).to_have_url(re.compile(r"/login\?next="))
        log_in(self.page, self._tokens[role], "Lin")
        expect(self.page).to_have_url(self.room + view)

    def presses(self, name: str, within: Any = None) -> None:
        """Presses the button that is called so."""
        (within or self.page).get_by_role("button", name=self.words[name], exact=True).click()

    def goes(self) -> None:
        """Logs out; nothing is shown without logging in again, and no script has failed."""
        self.page.locator('[popovertarget="menu"]').click()
        self.presses("logout", self.page.locator("#menu"))
        expect(self.page).to_have_url(f"{self.demo.url}/login")
        self.page.goto(self.room)
        expect(self.page).to_have_url(re.compile(r"/login\?next="))
        assert self.errors == []

    def fits(self) -> None:
        """The page is no wider than the window."""
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), self.page.url


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}-{case[1][0]}")
def worker(request: pytest.FixtureRequest, chromium: Browser, demo: Any, tokens: dict[str, str]) -> Iterator[Worker]:
    locale, (width, height) = request.param
    context = chromium.new_context(viewport={"width": width, "height": height}, locale=locale)
    yield Worker(context.new_page(), demo, tokens, WORDS[locale])
    context.close()


def test_an_assistant_notes_edits_deletes_and_undoes(worker: Worker) -> None:
    worker.comes("assistant", "/assistant")
    page, text = worker.page, f"note {worker.number}"
    page.locator("#note").fill(text)
    page.locator("#note").press("Enter")
    note = page.locator("[data-note]", has_text=text)
    expect(note).to_contain_text("Lin (assistant)")
    worker.presses("edit", note)
    page.locator("#edit").fill(f"{text}, edited")
    page.locator("#edit").press("Enter")
    expect(note).to_contain_text("edited")
    worker.presses("delete", note)
    expect(note).to_have_attribute("data-state", "leaving")
    note.get_by_role("button", name=worker.words["undo"]).click()
    expect(note.get_by_role("button", name=worker.words["delete"], exact=True)).to_be_visible()
    expect(page.locator("#prompt")).to_have_count(0)
    others = page.locator("[data-note]").filter(has_not_text="Lin (assistant)")
    expect(others.get_by_role("button")).to_have_count(0)
    worker.fits()
    worker.goes()


def test_an_operator_acknowledges_rules_subscribes_and_reports(worker: Worker) -> None:
    worker.comes("operator", "#talk")
    _acknowledges(worker)
    _reads_the_report(worker)
    _rules_by_form(worker)
    _subscribes(worker)
    worker.page.goto(worker.room)
    worker.goes()


def _acknowledges(worker: Worker) -> None:
    reason = f"reason {worker.number}"
    notice = {"id": f"notice-{worker.number}", "kind": "violated", "violation": f"v{worker.number}", "reason": reason}
    headers = {"authorization": f"Bearer {worker.demo.token}"}
    assert worker.page.context.request.post(f"{worker.room.replace('/rooms/', '/api/rooms/')}/scenes", data=notice, headers=headers).ok
    line = worker.page.locator("#alerts li").filter(has_text=reason)
    expect(line).to_contain_text(worker.words["violation"])
    worker.presses("acknowledge", line)
    expect(line).to_contain_text(worker.words["acknowledged"])
    worker.fits()


def _reads_the_report(worker: Worker) -> None:
    worker.page.get_by_role("link", name=worker.words["review"], exact=True).click()
    expect(worker.page.locator("h1")).to_contain_text(worker.words["report"])
    expect(worker.page.locator(".alerts")).to_contain_text(f"reason {worker.number}")
    sources = worker.page.locator(".sources td:first-child").all_inner_texts()
    assert sources
    assert not [name for name in sources if re.search("ads_|recommend", name)]


def _rules_by_form(worker: Worker) -> None:
    page, factor = worker.page, str(50 + worker.number)
    page.goto(worker.demo.url)
    page.get_by_role("link", name=worker.words["rules"], exact=True).click()
    row = page.locator("[data-rule=online_falling]")
    adjust = row.get_by_text(worker.words["adjust"], exact=True)
    adjust.click()
    number = page.get_by_role("dialog").get_by_label(f"{worker.words['fires']} 1", exact=True)
    number.fill(factor)
    worker.presses("save", page.get_by_role("dialog"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()
    adjust.click()
    expect(number).to_have_value(factor)
    worker.fits()
    page.keyboard.press("Escape")


def _subscribes(worker: Worker) -> None:
    page, name = worker.page, f"duty {worker.number}"
    page.get_by_role("link", name=worker.words["subscriptions"], exact=True).click()
    with running() as receiver:
        worker.presses("add")
        form = page.get_by_role("dialog")
        form.get_by_label(worker.words["name"], exact=True).fill(name)
        form.get_by_label(worker.words["target"]).fill(receiver.url)
        form.get_by_label(worker.words["secret"]).fill(SECRET)
        worker.presses("save", form)
        card = page.locator("[data-subscription]").filter(has_text=name)
        worker.presses("test", card)
        receiver.wait(lambda: bool(receiver.taken()))
        assert receiver.taken()[0].is_signed()
        worker.presses("log", card)
        expect(page.locator("li[data-outcome=delivered]").first).to_be_visible()
        worker.fits()
        page.keyboard.press("Escape")
        worker.presses("delete", card)
        worker.presses("delete", page.get_by_role("dialog"))
        expect(card).to_have_count(0)


def test_a_viewer_sees_no_button_that_does_nothing_for_them(worker: Worker) -> None:
    worker.comes("viewer", "#talk")
    page, words = worker.page, worker.words
    expect(page.locator("#alerts")).to_be_visible()
    expect(page.locator("#alerts form")).to_have_count(0)
    expect(page.get_by_role("link", name=words["notes"])).to_have_count(0)
    expect(page.get_by_role("link", name=words["review"], exact=True)).to_be_visible()
    page.goto(f"{worker.room}/assistant")
    expect(page.get_by_text(words["only"])).to_be_visible()
    expect(page.locator("[data-note]").first).to_be_visible()
    expect(page.locator("main section").get_by_role("button")).to_have_count(0)
    expect(page.locator("main section").locator("input, textarea")).to_have_count(0)
    page.goto(worker.demo.url)
    expect(page.locator(f'a[href$="/rooms/{worker.demo.room}"]').first).to_be_visible()
    for name in ("rules", "subscriptions"):
        expect(page.get_by_role("link", name=words[name], exact=True)).to_have_count(0)
        page.goto(f"{worker.demo.url}/{name}")
        expect(page.get_by_text(words["operators"])).to_be_visible()
        page.goto(worker.demo.url)
    page.locator('[popovertarget="menu"]').click()
    expect(page.get_by_role("link", name=words["audit"])).to_have_count(0)
    page.keyboard.press("Escape")
    worker.goes()


def test_an_admin_reads_who_did_what_in_words(worker: Worker) -> None:
    worker.comes("admin")
    page = worker.page
    page.locator('[popovertarget="menu"]').click()
    page.get_by_role("link", name=worker.words["audit"]).click()
    expect(page.locator("tbody")).to_contain_text(worker.words["turned"])
    actions = page.locator("tbody td:nth-child(3)").all_inner_texts()
    assert not [action for action in actions if re.search("POST|PUT|DELETE|_", action)], actions
    worker.fits()
    worker.goes()
