"""An alert's life against a plain model: a clock that runs only while it is known what holds, and four statuses."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from streams.alerts import State, Unknown, decode, encode
from streams.alerts.life import Step, Truth, retire, step


@dataclass(frozen=True)
class Times:
    for_ms: int
    keep_firing_ms: int
    cooldown_ms: int


times = st.builds(Times, *[st.sampled_from([0, 1, 5, 10, 30])] * 3)
truths = st.sampled_from([True, True, True, False, False, Unknown("silent", "live.views"), Unknown("low_volume")])
looks = st.lists(st.tuples(st.integers(1, 12), truths), min_size=1, max_size=40)


class Model:
    """`known` runs only from a look that knew; what waits is counted on it. The cooldown goes by the wall clock."""

    def __init__(self, times: Times) -> None:
        self.times = times
        self.status = "inactive"
        self.known = self.now = 0
        self.began = self.cleared = self.resolved = None  # type: int | None
        self.knew = True

    def look(self, wait: int, truth: Truth) -> str | None:
        self.now += wait
        if self.knew or self.status not in ("pending", "firing"):
            self.known += wait
        self.knew = not isinstance(truth, Unknown)
        if isinstance(truth, Unknown):
            return None
        if self.status == "pending":
            return self._pending(truth)
        return self._firing(truth) if self.status == "firing" else self._quiet(truth)

    def _quiet(self, truth: bool) -> str | None:
        if not truth or (self.resolved is not None and self.now - self.resolved < self.times.cooldown_ms):
            return None
        self.status = "pending"
        self.began = self.known
        return "began" if self.times.for_ms else self._fire("at_once")

    def _fire(self, reason: str) -> str:
        self.status, self.cleared, self.resolved = "firing", None, None
        return reason

    def _pending(self, truth: bool) -> str | None:
        if not truth:
            self.status = "inactive"
            return "dropped"
        assert self.began is not None
        return self._fire("held") if self.known - self.began >= self.times.for_ms else None

    def _firing(self, truth: bool) -> str | None:
        if truth:
            self.cleared = None
            return None
        self.cleared = self.known if self.cleared is None else self.cleared
        if self.known - self.cleared < self.times.keep_firing_ms:
            return None
        self.status, self.resolved = "resolved", self.now
        return "cleared"


@given(times, looks)
def test_it_does_what_the_model_does(times: Times, looks: list[tuple[int, Truth]]) -> None:
    model, state, now = Model(times), State("rule", "subject"), 0
    for wait, truth in looks:
        now += wait
        expected = model.look(wait, truth)
        state, done = step(times, decode(encode(state)), truth, now)
        assert (done.reason if done else None) == expected
        assert state.status == model.status


@given(times, looks)
def test_every_step_follows_the_one_before(times: Times, looks: list[tuple[int, Truth]]) -> None:
    state, now, steps = State("rule", "subject"), 0, 0
    number = 0
    for wait, truth in looks:
        now += wait
        before, (state, done) = state, step(times, state, truth, now)
        if isinstance(truth, Unknown):
            assert done is None
            assert (state.unknown is None) == (state.status not in ("pending", "firing"))
        else:
            assert state.unknown is None
        if done is None:
            assert (state.status, state.seq, state.number) == (before.status, before.seq, before.number)
            continue
        steps += 1
        number += done.after == "firing"
        assert done.before == ("inactive" if before.status == "resolved" else before.status)
        assert (done.after, state.seq, state.number) == (state.status, steps, number)


@given(times, looks, st.sampled_from(["ended", "gone", "withdrawn"]))
def test_after_its_end_nothing_waits_or_fires(times: Times, looks: list[tuple[int, Truth]], why: str) -> None:
    state, now = State("rule", "subject"), 0
    for wait, truth in looks:
        now += wait
        state, _ = step(times, state, truth, now)
    after, done = retire(state, why, now)  # type: ignore[arg-type]
    assert after.status in ("inactive", "resolved")
    assert (done is None) == (state.status in ("inactive", "resolved"))
    assert retire(after, why, now + 1) == (after, None)  # type: ignore[arg-type]


@given(times, looks, st.integers(0, 20))
def test_a_clock_that_steps_back_never_fires_early(times: Times, looks: list[tuple[int, Truth]], back: int) -> None:
    state, now = State("rule", "subject"), 1_000
    for number, (wait, truth) in enumerate(looks):
        now += -back if number % 5 == 4 else wait
        before = state
        state, done = step(times, state, truth, now)
        if done and done.reason == "held":
            assert now - before.since_ms >= times.for_ms


def test_nothing_new_is_the_same_object() -> None:
    times = Times(10, 10, 10)
    state, _ = step(times, State("r", ""), True, 0)
    assert step(times, state, True, 5) == (state, None)
    assert step(times, state, True, 5)[0] is state
    halted, _ = step(times, state, Unknown("error", "a"), 5)
    assert step(times, halted, Unknown("error", "b"), 6)[0] is halted
    assert step(times, state, True, 10)[1] == Step("pending", "firing", "held")
