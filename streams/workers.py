"""What agent workers say of themselves, and whether there is one that works: for `/readyz` and `livescreen doctor`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import msgspec

#: A worker that has not reported for so long is no more, by the store's clock; they do every 5 s.
ALIVE_SECONDS = 30
#: What was said this long ago is forgotten when a worker starts.
FORGET_MS = 24 * 3_600_000
_LONGEST = 300

Condition = Literal["runs", "waits", "stalled", "ended"]


class Report(msgspec.Struct, frozen=True):
    """What one worker said last. `at`: Unix ms by its clock; `why`: one line, where there is something to say."""

    at: int
    condition: Condition
    why: str = ""

    def text(self) -> str:
        """As the store keeps it."""
        return msgspec.json.encode(Report(self.at, self.condition, self.why[:_LONGEST])).decode()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`good`: figures move, as far as is known; `line` says which worker is how, and why."""

    good: bool
    line: str


_decode = msgspec.json.Decoder(Report).decode


def parse(text: str) -> Report | None:
    """The report; None where a later version's is not understood."""
    try:
        return _decode(text)
    except msgspec.DecodeError:
        return None


def judge(reports: Iterable[tuple[Report, bool]], now_ms: int) -> Verdict:
    """What the reports come to; each with whether its worker is alive."""
    known = list(reports)
    if not known:
        return Verdict(True, "none has reported yet")
    alive = [report for report, lives in known if lives and report.condition != "ended"]
    if stalled := [report for report in alive if report.condition == "stalled"]:
        return Verdict(False, f"{len(stalled)} of {len(alive)} stand still: {stalled[0].why}")
    if alive:
        waiting = [report for report in alive if report.condition == "waits"]
        return Verdict(True, f"{len(alive)} run" + (f", {len(waiting)} of them wait: {waiting[0].why}" if waiting else ""))
    last = max((report for report, _ in known), key=lambda report: report.at)
    if last.condition == "ended":
        return Verdict(False, f"none runs; the last one ended: {last.why or 'it was told to'}")
    seconds = max(0, now_ms - last.at) // 1_000
    return Verdict(False, f"none gives a sign of life for {seconds} s" + (f"; the last said: {last.why}" if last.why else ""))
