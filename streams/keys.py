"""The keys of one room (the store puts the room and the state version in front).

Hashes of figures, field = metric (`streams.metrics`):
    total        the room                m:<minute>   one minute of it
    p:<product>  one product, its name   p:<product>:m:<minute>
    s:<source>   one source, its name    s:<source>:m:<minute>
    b:<bucket>   5 s of the room and, as metric + product, of each product; expires
    audience     "viewers" and "buyers" + dimension + value
HyperLogLogs: <any of these>~<metric>, of a product's bucket p:<product>:b:<bucket>~<metric>; a~<dimension>~<value>: viewers by profile.
Hashes of state:
    facts   what is known of the room   shelf   product → its row
    taken, taken_before                 product → units sold since its stock was set, and before that (`streams.shelf`)
    orders  order → steps seen          buyers  who has bought where    sold:<product>    ms of the order → units
    scenes  id → scene                  alerts  rule and subject → state (`streams.alerts`)
    note_log  kind and id of each event about a note → the event
    paid:<bucket>  user and product → profile; expires
    presence:<epoch>  user → where they are; expires     watching:<bucket>  dimension + value → people last heard then; expires
    plans   source and plan → advertising cost
    open:<minute>  orders created in the minute, neither paid nor cancelled → what is known of them (`streams.unpaid`)
    names:<topic>:<partition>  names taken up from that partition (`streams.names`)
    found   rule → violations found     skus:<product>  metric + SKU → figures of its orders
Lists: comments, feed:views, feed:orders, violations, alert_log (transitions of alerts).

Sorted sets: words, words:m:<minute>; said:<minute>:<sort> (`streams.violations.flooding`);
  answers:<step> (`streams.polls`), with a HyperLogLog answers:<step>~<answer> of each.

Names that come from outside (products, sources, profile values) are hashed here: they never become part of a key. In fields they come
last, behind SEP, so that whatever they hold a field splits as it was joined.
"""

from functools import lru_cache
from hashlib import blake2b

SEP = "\x1f"

TOTAL = "total"
FACTS = "facts"
SHELF = "shelf"
TAKEN = "taken"
TAKEN_BEFORE = "taken_before"
ORDERS = "orders"
BUYERS = "buyers"
AUDIENCE = "audience"
SCENES = "scenes"
NOTE_LOG = "note_log"
COMMENTS = "comments"
FEED_OF_VIEWS = "feed:views"
FEED_OF_ORDERS = "feed:orders"
ALERTS = "alerts"
ALERT_LOG = "alert_log"
VIOLATIONS = "violations"
FOUND = "found"
PLANS = "plans"
WORDS = "words"
#: Touched when any answer of a poll is counted.
ANSWERS = "answers"


@lru_cache(maxsize=65_536)
def digest(name: str) -> str:
    """A key-safe stand-in for a name from outside (96 bits: no two names of a room meet)."""
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def as_of(topic: str) -> str:
    """The field of the facts that holds the newest event time counted of a topic."""
    return f"as_of{SEP}{topic}"


def pair(first: str, second: str) -> str:
    """Two names from outside as one field; the first's length keeps them apart from any other two."""
    return f"{len(first)} {first}{second}"


def unpair(field: str) -> tuple[str, str]:
    """The two names that `pair` joined."""
    length, _, both = field.partition(" ")
    return both[: int(length)], both[int(length) :]


@lru_cache(maxsize=65_536)
def product(name: str) -> str:
    """A product's figures over the whole broadcast."""
    return f"p:{digest(name)}"


@lru_cache(maxsize=4_096)
def source(name: str) -> str:
    """A source's figures over the whole broadcast."""
    return f"s:{digest(name)}"


def minute(number: int, scope: str = "") -> str:
    """One minute of the room, or of the product or source `scope`."""
    return f"{scope}:m:{number}" if scope else f"m:{number}"


def bucket(number: int, scope: str = "") -> str:
    """5 seconds of the room; with the product `scope` only as a stem for `people`."""
    return f"{scope}:b:{number}" if scope else f"b:{number}"


def people(figures: str, metric: str) -> str:
    """The HyperLogLog of a metric that counts people, beside the hash of figures it belongs to."""
    return f"{figures}~{metric}"


@lru_cache(maxsize=16_384)
def viewers(dimension: str, value: str) -> str:
    """The HyperLogLog of the viewers with one value of one profile dimension."""
    return f"a~{dimension}~{digest(value)}"


def names(topic: str, number: int) -> str:
    """The names that one partition's part of the room has taken up."""
    return f"names:{topic}:{number}"


def skus(product_name: str) -> str:
    """Figures of a product's orders by SKU: metric + SKU."""
    return f"skus:{digest(product_name)}"


def sold(product_name: str) -> str:
    """Units sold of a product by the ms of the order, since its stock was last set."""
    return f"sold:{digest(product_name)}"


def presence(epoch: int) -> str:
    """Where users are that were last heard in this epoch (`streams.presence`)."""
    return f"presence:{epoch}"


def epoch_of_presence(key: str) -> int:
    """The epoch of a key that `presence` made."""
    return int(key.removeprefix("presence:"))


def watching(number: int) -> str:
    """Profile value → people last heard in this bucket."""
    return f"watching:{number}"


def paid(number: int) -> str:
    """Buyers in this bucket: user and product → the buyer's profile."""
    return f"paid:{number}"


def opened(number: int) -> str:
    """Orders created in this minute that were neither paid nor cancelled."""
    return f"open:{number}"


def words(number: int) -> str:
    """Words of the comments of one minute."""
    return f"words:m:{number}"


def answers(step: int) -> str:
    """Answer of a poll → how often it was given in one step (`streams.polls`); with `people` who gave it."""
    return f"{ANSWERS}:{step}"


def said(sort: str, number: int) -> str:
    """What is counted of one minute's comments to tell floods."""
    return f"{said_in(number)}:{sort}"


def said_in(number: int) -> str:
    """Touched when any of these counts of a minute changes."""
    return f"said:{number}"
