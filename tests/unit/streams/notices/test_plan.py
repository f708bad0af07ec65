"""What is sent when: one decision after the other, as the worker makes them."""

from dataclasses import replace as with_
from itertools import count, pairwise

import msgspec
from msgspec.structs import replace

from streams.alerts import Transition
from streams.notices import plan
from streams.notices.plan import Forget, Message, Result
from streams.notices.selection import trial
from streams.notices.subscription import Quiet, Subscription
from streams.store.desk import Desk, Page, Waiting

NOON = 1_700_020_800_000  # 2023-11-15 12:00 in Shanghai
HOUR = 3_600_000
OK = Result("delivered", "taken", "status 200", 5)
BAD = Result("failed", "status", "status 503", 5)
SUBSCRIPTION = Subscription("s", "json://x")


def transition(
    alert: str = "a:x:1", to: str = "firing", at: int = NOON, severity: str = "warning", room: str = "room", **fields: object
) -> Transition:
    made = Transition(
        id=f"{room}/{alert}/{to}", room=room, alert=alert, rule="a", subject="x", from_="pending", to=to, reason="held", at=at,
        kind="trade", severity=severity, title_zh="t", title_en="t", message_zh="m", message_en="m", facts={},
    )  # fmt: skip
    return replace(made, **fields)


class Receiver:
    """A desk with a worker that sends whatever is decided, and keeps what was sent."""

    def __init__(self, subscription: Subscription) -> None:
        self.subscription = subscription
        self.desk = Desk([], None, {})
        self.sent: list[Message] = []
        self.log: list[dict] = []
        self._numbers = count(1)

    def post(self, *transitions: Transition) -> None:
        new = [Waiting(next(self._numbers), msgspec.json.encode(each).decode()) for each in transitions]
        self.desk = with_(self.desk, waiting=[*self.desk.waiting, *new])

    def work(self, now_ms: int, result: Result = OK) -> list[str]:
        """Until there is nothing to do; ids of what was sent."""
        before = len(self.sent)
        for _ in range(100):
            step = plan.decide(self.subscription, self.desk, now_ms)
            if step is None:
                return [message.id for message in self.sent[before:]]
            if isinstance(step, Forget):
                self._write(Page(None, step.numbers, closed=step.closed))
            else:
                if self.desk.sending is None and plan.freezes(self.subscription, step):
                    self._write(plan.begin(step))
                self.sent.append(step)
                self._write(plan.close(self.subscription, step, result, now_ms, 1.0))
        raise AssertionError("it never ends")

    def _write(self, page: Page) -> None:
        waiting = [notice for notice in self.desk.waiting if notice.number not in page.done]
        opened = {alert: text for alert, text in (self.desk.open | dict(page.opened)).items() if alert not in page.closed}
        self.log += [msgspec.json.decode(text) for text in page.logged]
        self.desk = Desk(waiting, page.sending, opened)


def test_each_transition_is_a_message_with_its_own_id_in_order() -> None:
    receiver = Receiver(SUBSCRIPTION)
    receiver.post(transition("a:x:1"), transition("b:x:1"), transition("a:x:1", "resolved"))
    assert receiver.work(NOON) == ["room/a:x:1/firing", "room/b:x:1/firing", "room/a:x:1/resolved"]
    assert receiver.work(NOON + 24 * HOUR) == []
    assert [entry["outcome"] for entry in receiver.log] == ["delivered"] * 3


def test_what_is_not_asked_for_is_not_told() -> None:
    receiver = Receiver(replace(SUBSCRIPTION, tell=("resolved",)))
    receiver.post(transition("a:x:1"), transition("a:x:1", "acknowledged"), transition("a:x:1", "resolved"), trial("7", NOON))
    assert receiver.work(NOON) == ["room/a:x:1/resolved", "~trial/7"]


def test_a_failed_message_is_sent_again_as_it_was_and_blocks_the_next() -> None:
    receiver = Receiver(replace(SUBSCRIPTION, group_seconds=1))
    receiver.post(transition("a:x:1"), transition("b:x:1"))
    (first,) = receiver.work(NOON + 1_000, BAD)
    receiver.post(transition("c:x:1"))
    assert receiver.work(NOON + 1_100) == []
    assert receiver.work(NOON + 2_000)[0] == first
    assert receiver.sent[1].transitions == receiver.sent[0].transitions
    assert [each.alert for message in receiver.sent[2:] for each in message.transitions] == ["c:x:1"]


def test_pauses_double_up_to_a_minute_and_what_arrives_late_is_given_up() -> None:
    receiver = Receiver(replace(SUBSCRIPTION, give_up_minutes=5))
    receiver.post(transition("a:x:1"), transition("b:x:1", at=NOON + 290_000))
    tried, now_ms = [], NOON
    while not any(entry["outcome"] == "given up" for entry in receiver.log):
        if "room/a:x:1/firing" in receiver.work(now_ms, BAD):
            tried.append(now_ms)
        now_ms += 250
    pauses = [later - sooner for sooner, later in pairwise(tried)]
    assert pauses[:7] == [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000]
    assert tried[-1] == NOON + 300_000
    assert "room/b:x:1/firing" in receiver.work(now_ms + 60_000)


def test_a_pause_that_the_receiver_asks_for_is_kept() -> None:
    receiver = Receiver(SUBSCRIPTION)
    receiver.post(transition())
    receiver.work(NOON, with_(BAD, pause_ms=30_000))
    assert receiver.work(NOON + 29_999) == []
    assert len(receiver.work(NOON + 30_000)) == 1


def test_what_is_refused_is_not_tried_again() -> None:
    receiver = Receiver(SUBSCRIPTION)
    receiver.post(transition("a:x:1"), transition("b:x:1"))
    assert len(receiver.work(NOON, Result("refused", "status", "status 404", 1))) == 2
    assert [entry["outcome"] for entry in receiver.log] == ["given up"] * 2


def test_what_waited_behind_an_outage_still_gets_its_try() -> None:
    receiver = Receiver(replace(SUBSCRIPTION, give_up_minutes=1))
    receiver.post(transition(at=NOON - 10 * HOUR))
    receiver.work(NOON, BAD)
    assert len(receiver.work(NOON + 2_000)) == 1
    assert receiver.log[-1]["outcome"] == "delivered"


def test_a_group_waits_for_its_time_and_goes_as_one() -> None:
    receiver = Receiver(replace(SUBSCRIPTION, group_seconds=30))
    receiver.post(transition("a:x:1"))
    assert receiver.work(NOON + 29_999) == []
    receiver.post(transition("b:x:1", at=NOON + 29_000))
    (name,) = receiver.work(NOON + 30_000)
    assert name.startswith("group/")
    assert [each.alert for each in receiver.sent[0].transitions] == ["a:x:1", "b:x:1"]


def test_quiet_hours_hold_back_all_but_what_goes_through() -> None:
    night = NOON + 12 * HOUR
    receiver = Receiver(replace(SUBSCRIPTION, quiet=Quiet("22:00", "08:00")))
    receiver.post(transition("a:x:1", at=night), transition("b:x:1", at=night, severity="critical"), transition("c:x:1", at=night + HOUR))
    assert receiver.work(night + HOUR) == ["room/b:x:1/firing"]
    receiver.post(transition("a:x:1", "resolved", at=night + 2 * HOUR), transition("d:x:1", at=night + 3 * HOUR))
    assert receiver.work(night + 3 * HOUR) == []
    (name,) = receiver.work(night + 8 * HOUR)
    assert name.startswith("group/"), "the morning brings one message"
    assert [each.alert for each in receiver.sent[-1].transitions] == ["c:x:1", "d:x:1"], "what came and went at night is not told"
    receiver.post(transition("c:x:1", "resolved", at=night + 9 * HOUR))
    assert receiver.work(night + 9 * HOUR) == ["room/c:x:1/resolved"]


def test_an_alert_that_goes_on_is_told_again_until_someone_takes_it() -> None:
    receiver = Receiver(replace(SUBSCRIPTION, repeat_minutes=60))
    receiver.post(transition("a:x:1"))
    receiver.work(NOON)
    assert receiver.work(NOON + HOUR - 1) == []
    assert receiver.work(NOON + HOUR) == ["room/a:x:1/firing~1"]
    assert receiver.work(NOON + 2 * HOUR) == ["room/a:x:1/firing~2"]
    assert receiver.sent[-1].reminder
    receiver.post(transition("a:x:1", "acknowledged", at=NOON + 2 * HOUR))
    assert receiver.work(NOON + 5 * HOUR) == []
    assert receiver.desk.open == {}


def test_reminders_end_after_a_day_or_when_they_are_switched_off() -> None:
    receiver = Receiver(replace(SUBSCRIPTION, repeat_minutes=60))
    receiver.post(transition("a:x:1"), transition("b:x:1"))
    receiver.work(NOON)
    receiver.subscription = SUBSCRIPTION
    assert receiver.work(NOON + 2 * HOUR) == []
    assert receiver.desk.open == {}
    receiver.subscription = replace(SUBSCRIPTION, repeat_minutes=60)
    receiver.post(transition("c:x:1"))
    receiver.work(NOON)
    assert receiver.work(NOON + 25 * HOUR) == []
    assert receiver.desk.open == {}


def test_after_a_crash_the_same_message_goes_out_under_the_same_id() -> None:
    receiver = Receiver(replace(SUBSCRIPTION, group_seconds=1))
    receiver.post(transition("a:x:1"), transition("b:x:1"))
    message = plan.decide(receiver.subscription, receiver.desk, NOON + 1_000)
    assert isinstance(message, Message)
    assert plan.freezes(receiver.subscription, message)
    receiver._write(plan.begin(message))
    receiver.post(transition("c:x:1"))  # what comes meanwhile is not in it
    assert receiver.work(NOON + 1_500)[0] == message.id
    assert receiver.sent[0].transitions == message.transitions


def test_a_reminder_is_the_same_at_each_attempt() -> None:
    receiver = Receiver(replace(SUBSCRIPTION, repeat_minutes=60))
    receiver.post(transition())
    receiver.work(NOON)
    receiver.work(NOON + HOUR, BAD)
    assert receiver.desk.sending is not None
    receiver.work(NOON + HOUR + 60_000)
    assert receiver.sent[-1].id == receiver.sent[-2].id == "room/a:x:1/firing~1"
    assert plan.freezes(receiver.subscription, receiver.sent[-1]) and not plan.freezes(receiver.subscription, receiver.sent[0])


def test_the_same_rule_in_two_rooms_is_two_alerts() -> None:
    receiver = Receiver(replace(SUBSCRIPTION, repeat_minutes=60))
    receiver.post(transition(room="north"), transition(room="south"))
    receiver.work(NOON)
    receiver.post(transition(to="resolved", room="north"))
    receiver.work(NOON + 1_000)
    assert receiver.work(NOON + HOUR) == ["south/a:x:1/firing~1"], "south's goes on, whatever became of north's"


def test_one_rooms_end_at_night_hides_nothing_of_another_room() -> None:
    night = NOON + 12 * HOUR
    receiver = Receiver(replace(SUBSCRIPTION, quiet=Quiet("22:00", "08:00")))
    receiver.post(transition(room="north"))
    receiver.work(NOON)
    receiver.post(transition(room="south", at=night), transition(to="resolved", room="north", at=night + HOUR))
    receiver.work(night + 8 * HOUR)
    assert [each.id for each in receiver.sent[-1].transitions] == ["south/a:x:1/firing", "north/a:x:1/resolved"]


def test_a_reminder_that_is_refused_or_given_up_is_not_made_again_at_once() -> None:
    receiver = Receiver(replace(SUBSCRIPTION, repeat_minutes=60))
    receiver.post(transition())
    receiver.work(NOON)
    assert receiver.work(NOON + HOUR, Result("refused", "status", "status 410", 1)) == ["room/a:x:1/firing~1"]
    assert receiver.work(NOON + 2 * HOUR - 1) == []
    assert receiver.work(NOON + 2 * HOUR) == ["room/a:x:1/firing~2"]


def test_what_a_crash_finds_begun_is_no_other_message_for_what_came_meanwhile() -> None:
    receiver = Receiver(replace(SUBSCRIPTION, group_seconds=1))
    receiver.post(transition("a:x:1"))
    message = plan.decide(receiver.subscription, receiver.desk, NOON + 1_000)
    assert isinstance(message, Message)
    assert plan.freezes(receiver.subscription, message)
    receiver._write(plan.begin(message))
    receiver.post(transition("b:x:1", at=NOON + 1_000))
    assert receiver.work(NOON + 1_500)[0] == message.id == "room/a:x:1/firing"


def test_what_a_changed_subscription_no_longer_wants_is_neither_told_nor_told_again() -> None:
    receiver = Receiver(replace(SUBSCRIPTION, repeat_minutes=60))
    receiver.post(transition(room="north"), transition(room="south"))
    receiver.work(NOON)
    receiver.post(transition("b:x:1", room="north"), transition("b:x:1", room="south"))
    receiver.subscription = replace(receiver.subscription, rooms=("south",))
    assert receiver.work(NOON + HOUR) == ["south/b:x:1/firing", "south/a:x:1/firing~1"]
    receiver.subscription = replace(receiver.subscription, since_ms=NOON + HOUR)  # as when it is switched on again
    assert receiver.work(NOON + 3 * HOUR) == [] and receiver.desk.open == {}


def test_what_waited_when_the_quiet_hours_began_is_told_before_what_came_in_them() -> None:
    ten = NOON + 10 * HOUR
    receiver = Receiver(replace(SUBSCRIPTION, quiet=Quiet("22:00", "08:00"), group_seconds=60, repeat_minutes=60))
    receiver.post(transition(at=ten - 30_000))
    assert receiver.work(ten + 30_000) == []
    receiver.post(transition(to="resolved", at=ten + HOUR), transition("b:x:1", at=ten + HOUR))
    receiver.work(ten + 10 * HOUR)
    assert [each.id for each in receiver.sent[0].transitions] == ["room/a:x:1/firing", "room/a:x:1/resolved", "room/b:x:1/firing"]
    assert receiver.work(ten + 11 * HOUR) == ["room/b:x:1/firing~1"]


def test_a_test_message_waits_for_no_morning_and_no_group() -> None:
    night = NOON + 12 * HOUR
    receiver = Receiver(replace(SUBSCRIPTION, quiet=Quiet("22:00", "08:00"), group_seconds=3_600))
    receiver.post(transition(at=night), trial("7", night))
    assert receiver.work(night) == ["~trial/7"]


def outage(to: str, at: int, rooms: int = 6, rule: str = "topic_behind", **fields: object) -> list[Transition]:
    """Five topics of so many rooms, as evaluators of different rooms see it: within some seconds."""
    return [
        transition(
            f"{rule}:live.{topic}:1", to, at + 500 * number, room=f"room{number}", rule=rule, subject=f"live.{topic}", kind="data", **fields
        )
        for number in range(rooms)
        for topic in ("views", "clicks", "orders", "comments", "scenes")
    ]


def test_one_cause_in_all_rooms_and_topics_is_one_message_when_it_begins_and_one_when_it_ends() -> None:
    receiver = Receiver(SUBSCRIPTION)
    receiver.post(*outage("firing", NOON))
    assert receiver.work(NOON + 3_000) == [], "the others may still come"
    assert len(receiver.work(NOON + plan.CAUSE_MS)) == 1
    receiver.post(*outage("resolved", NOON + 41_000, from_="firing"))
    assert len(receiver.work(NOON + 41_000 + plan.CAUSE_MS)) == 1
    assert [len(message.transitions) for message in receiver.sent] == [30, 30]
    assert receiver.work(NOON + HOUR) == [] and receiver.desk.waiting == []


def test_what_has_no_cause_does_not_wait_for_what_has() -> None:
    receiver = Receiver(SUBSCRIPTION)
    receiver.post(*outage("firing", NOON, rooms=1), transition("a:x:1", at=NOON + 1))
    assert receiver.work(NOON + 1) == ["room/a:x:1/firing"]
    receiver.post(*outage("firing", NOON + 2_000, rooms=1, rule="topic_silent"))
    sent = receiver.work(NOON + 2_000 + plan.CAUSE_MS)
    assert [{each.rule for each in message.transitions} for message in receiver.sent[1:]] == [{"topic_behind"}, {"topic_silent"}]
    assert len(sent) == 2


def test_a_message_of_one_cause_is_the_same_at_its_next_attempt_whatever_has_come_since() -> None:
    receiver = Receiver(SUBSCRIPTION)
    receiver.post(*outage("firing", NOON, rooms=2))
    (first,) = receiver.work(NOON + plan.CAUSE_MS, BAD)
    receiver.post(*outage("firing", NOON + plan.CAUSE_MS, rooms=1, id="late"))
    (again,) = receiver.work(NOON + plan.CAUSE_MS + 60_000)[:1]
    assert first == again and receiver.sent[0].transitions == receiver.sent[1].transitions


def test_a_cause_that_goes_on_is_one_reminder() -> None:
    receiver = Receiver(with_subscription(repeat_minutes=10))
    receiver.post(*outage("firing", NOON))
    receiver.work(NOON + plan.CAUSE_MS)
    for minutes in (11, 22):
        receiver.work(NOON + minutes * 60_000)
    assert [(len(message.transitions), message.reminder) for message in receiver.sent] == [(30, False), (30, True), (30, True)]
    assert len({message.id for message in receiver.sent}) == 3


def with_subscription(**fields: object) -> Subscription:
    return replace(SUBSCRIPTION, **fields)
