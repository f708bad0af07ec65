"""Polls: the short answers that a host asks for ("扣1 要黑色, 扣2 要白色"), of the last 2 minutes, by how many different people gave each.

An answer is a comment that is nothing else than one of these, so that there are never more than some 1,100 of them:

    a number from 0 to 999    "1", "扣1", "打 2", "1111" and "１！" (a digit again and again is that digit; but 666, 88, 888)
    a letter                  "A", "选b"
    yes or no                 "要", "想要", "不要", "yes", "ok", "muốn" …

What is kept per step of 30 s: a HyperLogLog of the people for each answer, and how often it was said. Shown are the running step and the 3
before it. Whoever gives two answers counts for both, and for each only once; the people are estimated with a standard error of 1 %.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from streams import keys
from streams.change import Change

STEP_MS = 30_000
STEPS = 4
#: Longer than a step is read, for clocks that differ.
EXPIRE_SECONDS = 300
#: So many answers are shown, those said most often; and so many of each step are looked at.
MOST = 8
READ = 24
_LONGEST = 24
_WORDS = """
要 想要 我要 要的 不要 是 是的 不是 有 没有 好 好的 可以 不可以 会 不会 能 不能 喜欢 不喜欢 买 不买 收到 到了 在 拍了 已拍
yes no ok y n yep nope sure sí si ya mau tidak có muốn không はい いいえ ほしい 네 아니요 ใช่ ไม่ เอา
""".split()  # noqa: SIM905
_ANSWERS = {word: word for word in _WORDS} | {"我要": "要", "要的": "要", "是的": "是", "好的": "好", "已拍": "拍了", "y": "yes", "n": "no"}
#: "type 1", in the words that are used for it, before the answer; and what may follow it.
_ASKED = re.compile(r"^(?:我?(?:扣|打|回复|回|刷|敲|按|选|发|公屏|type|select|choose))+")
_BEHIND = re.compile(r"(?:号|號|了|啊|吧|呀|哈|哦|的)+$")
_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
_NUMBER = re.compile(r"\d{1,12}", re.ASCII)


def answer(text: str) -> str | None:
    """The answer that a comment is; None: it is something else."""
    if len(text) > _LONGEST:
        return None
    said = "".join(character for character in unicodedata.normalize("NFKC", text).casefold() if _is_said(character))
    if said in _ANSWERS:
        return _ANSWERS[said]
    said = _BEHIND.sub("", _ASKED.sub("", said))
    if _NUMBER.fullmatch(said):
        return _number(said)
    return said.upper() if len(said) == 1 and "a" <= said <= "z" else None


def _is_said(character: str) -> bool:
    """A letter or digit with its accents, without what puts it into a box: "1️⃣"."""
    category = unicodedata.category(character)
    return category[0] in "LMN" and category != "Me" and character not in _SELECTORS


def _number(digits: str) -> str | None:
    """A digit again and again is said louder, but for cheers and good-byes."""
    if len(digits) > 1 and len(set(digits)) == 1:
        return "88" if digits == "88" else digits[0] * 3 if digits[0] in "68" else digits[0]
    plain = digits.lstrip("0") or "0"
    return plain if len(plain) <= 3 else None


def step_of(at_ms: int) -> int:
    """The step in which a time lies."""
    return at_ms // STEP_MS


def count(change: Change, said: Iterable[tuple[int, str, str]]) -> None:
    """Adds comments of one room: (at, user, text) of each, all of them recent (`windows.RECENT_MS`)."""
    for at_ms, user, text in said:
        given = answer(text)
        if given is None:
            continue
        step = step_of(at_ms)
        times = change.score.setdefault(keys.answers(step), {})
        times[given] = times.get(given, 0) + 1
        people = keys.people(keys.answers(step), given)
        change.meet((people,), (user,))
        change.expire |= dict.fromkeys((keys.answers(step), people), EXPIRE_SECONDS)
        change.touched.add(keys.ANSWERS)


def shown_steps(now_ms: int) -> range:
    """The steps of the last 2 minutes."""
    newest = step_of(now_ms)
    return range(newest - STEPS + 1, newest + 1)


def most_said(tops: Mapping[str, Sequence[tuple[str, int]]]) -> list[tuple[str, int]]:
    """The answers said most often in the steps read, with how often."""
    times: dict[str, int] = {}
    for top in tops.values():
        for given, number in top:
            times[given] = times.get(given, 0) + number
    return sorted(times.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST]


def rows(said: Sequence[tuple[str, int]], users: Sequence[int]) -> list[dict[str, Any]]:
    """As the board has them, the most people first: answer, users, times."""
    found: list[dict[str, Any]] = [
        {"answer": given, "users": min(people, times), "times": times} for (given, times), people in zip(said, users, strict=True)
    ]
    return sorted(found, key=lambda row: (-row["users"], -row["times"], row["answer"]))
