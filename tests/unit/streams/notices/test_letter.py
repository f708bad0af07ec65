import json

import pytest

from streams.notices import letter
from streams.notices.plan import Message
from streams.notices.selection import trial
from streams.notices.subscription import Subscription
from tests.unit.streams.notices.test_plan import NOON, outage, transition

HOSTILE = '<b>&amp;</b> @all <at user_id="all"></at> [x](http://evil.example) *b* `c` ~d~ _e_ | # \\'


def message(*transitions, reminder: bool = False) -> Message:
    return Message("id", [1], list(transitions), reminder, NOON)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_from_outside_is_markup(language: str) -> None:
    hostile = transition(title_zh=HOSTILE, title_en=HOSTILE, message_zh=HOSTILE, message_en=HOSTILE, by=HOSTILE, comment=HOSTILE)
    plain = letter.plain(Subscription("s", "json://x", language=language), message(hostile, hostile))
    assert not set("<>&@*_`~|#[]\\") & set(plain.title + plain.body)
    assert "://" not in plain.body


def test_a_message_says_what_happened_where() -> None:
    plain = letter.plain(
        Subscription("s", "json://x", language="en"), message(transition(severity="critical", title_en="Stock", message_en="3 left"))
    )
    assert (plain.title, plain.body, plain.mood) == ("critical·firing room Stock", "3 left", "failure")
    plain = letter.plain(Subscription("s", "json://x"), message(transition(to="resolved", title_zh="库存"), transition(severity="info")))
    assert plain.title == "2 条提醒" and plain.mood == "info"
    assert plain.body.splitlines() == ["警告·恢复 room 库存 m", "提示·触发 room t m"]
    assert letter.plain(Subscription("s", "json://x"), message(transition(), reminder=True)).title == "警告·仍在持续 room t"
    assert letter.plain(Subscription("s", "json://x"), message(trial("1", NOON))).title == "提示·触发 测试消息"


def test_a_webhook_gets_everything() -> None:
    sent = letter.body(Subscription("s", "http://x"), message(transition(message_zh=HOSTILE)))
    found = json.loads(sent)
    assert (found["id"], found["subscription"], found["reminder"]) == ("id", "s", False)
    assert found["alerts"][0]["message_zh"] == HOSTILE and found["alerts"][0]["from"] == "pending"


@pytest.mark.parametrize(
    ("language", "title", "first", "last"),
    [
        ("zh", "警告·触发 数据延迟 · 12 个直播间", "同一原因：", " 等 12 个"),
        ("en", "warning·firing Behind · 12 rooms", "One cause: ", " … 12 in all"),
    ],
)
def test_one_cause_says_what_it_means_and_whom_it_hits(language: str, title: str, first: str, last: str) -> None:
    hit = [
        transition(each.alert, room=each.room, subject=each.subject, rule=each.rule, kind="data", title_zh="数据延迟", title_en="Behind",
                   message_zh=f"{each.subject} 落后", message_en=f"{each.subject} is behind")
        for each in outage("firing", NOON, rooms=12)
    ]  # fmt: skip
    plain = letter.plain(Subscription("s", "json://x", language=language), message(*hit))
    lines = plain.body.splitlines()
    assert (plain.title, plain.mood, len(lines)) == (title, "warning", 1 + 5 + 1)
    assert lines[0].startswith(first) and "live.clicks" in lines[1] and "room0" in lines[-1] and lines[-1].endswith(last)


def test_the_end_of_a_cause_says_so_without_its_meaning() -> None:
    plain = letter.plain(Subscription("s", "json://x", language="en"), message(*outage("resolved", NOON, rooms=2, from_="firing")))
    assert plain.title == "warning·resolved t · 2 rooms" and "One cause" not in plain.body and plain.mood == "success"
