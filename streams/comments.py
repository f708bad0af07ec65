"""live.comments: counts, the newest comments, the words in them, and the answers that hosts ask for."""

from collections.abc import Sequence
from itertools import islice

import msgspec

from streams import keys, polls, windows
from streams.change import Change
from streams.events import Commented, Event
from streams.hotwords import words
from streams.metrics import COUNTED, PEOPLE
from streams.tally import Tally
from streams.violations import Inspector, found

NEWEST = 100
#: Viewers say what they like, and a room must not grow by it: of more words than these the rarest are forgotten.
MOST_WORDS = 20_000
#: Of one minute.
MOST_WORDS_A_MINUTE = 5_000
#: So many different words of one comment count, of so many of its first letters: who writes 200 of them asks for no more than others.
MOST_WORDS_A_COMMENT = 20
_READ_LETTERS = 300


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
        recent = bucket >= tally.oldest
        _score(change, windows.minute_of(bucket), said, recent)
        if recent:
            polls.count(change, ((event.at, event.user, event.text) for event in said))
    newest = [event for event in events[-NEWEST:] if isinstance(event, Commented)]
    change.push[keys.COMMENTS] = ([_row(event) for event in reversed(newest)], NEWEST)
    change.touched.add(keys.COMMENTS)
    if inspector is not None:
        found.in_comments(change, [event for event in events if isinstance(event, Commented)], inspector, tally.oldest)


def _score(change: Change, minute: int, said: list[Commented], recent: bool) -> None:
    total = change.score.setdefault(keys.WORDS, {})
    change.touched.add(keys.WORDS)
    change.most[keys.WORDS] = MOST_WORDS
    scores = [total]
    if recent:
        scores.append(change.score.setdefault(keys.words(minute), {}))
        change.most[keys.words(minute)] = MOST_WORDS_A_MINUTE
        change.expire[keys.words(minute)] = windows.KEEP_BUCKET_SECONDS
    for event in said:
        for word in islice(dict.fromkeys(words(event.text[:_READ_LETTERS])), MOST_WORDS_A_COMMENT):
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
