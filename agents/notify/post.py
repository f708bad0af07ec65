"""From transitions to notices: one for each subscription that wants it, once for the transition's id."""

import logging
from collections.abc import Callable, Iterable, Sequence

import msgspec

from streams.alerts import Transition
from streams.notices.selection import wants
from streams.notices.subscription import BadSubscription, Subscription, parse
from streams.store.port import Store

log = logging.getLogger(__name__)

_transitions = msgspec.json.Decoder(Transition)


class Subscribers:
    """The subscriptions as they are now, each read anew only when its text is another. A broken one is logged, and passed over."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, tuple[str, Subscription | None]] = {}

    async def read(self) -> list[Subscription]:
        """Those that can be read. Raises `StoreAway`."""
        texts = await self._store.notices.subscriptions()
        known = self._known
        self._known = {
            name: known[name] if name in known and known[name][0] == text else (text, _read(name, text)) for name, text in texts.items()
        }
        return [found for _, found in self._known.values() if found is not None]


class Post:
    """Puts notices on the desks of subscriptions; `posted` is called with how many, whenever there may be new ones."""

    def __init__(self, store: Store, subscribers: Subscribers, posted: Callable[[int], None]) -> None:
        self._store = store
        self._subscribers = subscribers
        self._posted = posted

    async def __call__(self, texts: Sequence[str]) -> None:
        """Posts transitions (JSON), in this order; what was posted before is not posted again. Raises `StoreAway`."""
        subscriptions = await self._subscribers.read()
        found = [transition for text in texts if (transition := _transition(text)) is not None]
        notices = list(_notices(subscriptions, found))
        if notices:
            await self._store.notices.post(notices)
            self._posted(len(notices))


def _notices(subscriptions: Sequence[Subscription], transitions: Sequence[Transition]) -> Iterable[tuple[str, str, str]]:
    for transition in transitions:
        text = msgspec.json.encode(transition).decode()
        yield from ((each.id, transition.id, text) for each in subscriptions if wants(each, transition))


def _read(name: str, text: str) -> Subscription | None:
    try:
        return parse(text)
    except BadSubscription as error:
        log.error("subscription %s is broken: %s", name, error)
        return None


def _transition(text: str) -> Transition | None:
    try:
        return _transitions.decode(text)
    except msgspec.MsgspecError as error:
        log.error("what was saved as a transition is none: %s", error)
        return None
