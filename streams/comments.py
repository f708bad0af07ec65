"""live.comments: counts, the newest comments, and the words in them."""

from collections.abc import Sequence

import msgspec
import rjieba

from streams import keys, windows
from streams.change import Change
from streams.events import Commented, Event
from streams.metrics import COUNTED, PEOPLE
from streams.tally import Tally
from streams.violations import Inspector, found

NEWEST = 100
#: Viewers say what they like, and a room must not grow by it: of more words than these the rarest are forgotten.
MOST_WORDS = 20_000
_WORD_LENGTH = range(2, 13)
_STOP_WORDS = frozenset(
    """这个 那个 什么 怎么 可以 不是 就是 没有 一个 我们 你们 他们 自己 还是 但是 因为 所以 如果 已经 知道 现在 真的 然后 时候
    不会 不能 一下 一样 这么 那么 这样 那样 不要 不了 多少 哪里 为什么 出来 起来 有没有 是不是 the and you for that this with""".split()  # noqa: SIM905
)


def fold(change: Change, events: Sequence[Event], now_ms: int, inspector: Inspector | None = None) -> None:
    """Adds the events of one room to its change. `inspector`: looks for violations in what is said."""
    tally = Tally(change, now_ms)
    cells: dict[int, list[Commented]] = {}
    for event in events:
        assert isinstance(event, Commented)  # noqa: S101 - by the topic's decoder
        cells.setdefault(event.at // windows.BUCKET_MS, []).append(event)
    kind = (Commented.topic, "commented")
    for bucket, said in cells.items():
        tally.room(bucket, COUNTED[kind], len(said))
        tally.room_people(bucket, PEOPLE[kind], {event.user for event in said})
        _score(change, windows.minute_of(bucket), said, bucket >= tally.oldest)
    newest = [event for event in events[-NEWEST:] if isinstance(event, Commented)]
    change.push[keys.COMMENTS] = ([_row(event) for event in reversed(newest)], NEWEST)
    change.touched.add(keys.COMMENTS)
    if inspector is not None:
        found.in_comments(change, [event for event in events if isinstance(event, Commented)], inspector, tally.oldest)


def words(text: str) -> list[str]:
    """The words of a text worth counting: 2 to 12 letters or digits long, and not one of those that everybody uses."""
    found = (word.strip().lower() for word in rjieba.cut(text))
    return [word for word in found if len(word) in _WORD_LENGTH and word.isalnum() and not word.isdecimal() and word not in _STOP_WORDS]


def _score(change: Change, minute: int, said: list[Commented], recent: bool) -> None:
    total = change.score.setdefault(keys.WORDS, {})
    change.touched.add(keys.WORDS)
    change.most[keys.WORDS] = MOST_WORDS
    scores = [total]
    if recent:
        scores.append(change.score.setdefault(keys.words(minute), {}))
        change.most[keys.words(minute)] = MOST_WORDS
        change.expire[keys.words(minute)] = windows.KEEP_BUCKET_SECONDS
    for event in said:
        for word in set(words(event.text)):
            for score in scores:
                score[word] = score.get(word, 0) + 1


def _row(event: Commented) -> str:
    return msgspec.json.encode(
        {
            "id": event.id,
            "at": event.at,
            "user": event.user,
            "nickname": event.nickname,
            "text": event.text,
            "fan": event.person.fan,
            "customer": event.person.customer,
        }
    ).decode()
