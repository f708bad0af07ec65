"""What the rules name of a room, so that whoever looks at it reads and counts no more than that.

By names alone, and rather too much than too little: a metric counts as asked for wherever its name, or that of a figure computed from it,
stands in a rule that names the group of facts it belongs to.
"""

from collections.abc import Iterable, Iterator, Sequence

from streams import keys
from streams.alerts.expression import Expression
from streams.alerts.rules import Rule
from streams.alerts.syntax import Path
from streams.asked import Asked
from streams.metrics import DICTIONARY, PART, PRODUCT_PEOPLE, ROOM_PEOPLE

#: Of what is read for a screen, what no rule can name.
_NEVER = {
    keys.COMMENTS,
    keys.WORDS,
    keys.ANSWERS,
    keys.FEED_OF_VIEWS,
    keys.FEED_OF_ORDERS,
    keys.AUDIENCE,
    keys.ALERTS,
    keys.ALERT_LOG,
    keys.FOUND,
    "watching",
}
_WINDOWS = ("last_5m", "previous_5m")


def asked(rules: Sequence[Rule]) -> Asked:
    """What to read of a room for these rules."""
    names: dict[str, set[str]] = {}
    subjects = {rule.subject for rule in rules}
    for path, words in (found for rule in rules for found in _named(rule)):
        names.setdefault(path[0], set()).update(path[1:], words)
    of_products = names.get("product", set()) | names.get("products", set())
    goods = frozenset(_people(of_products, PRODUCT_PEOPLE))
    return Asked(
        total=frozenset(_people(names.get("total", ()), ROOM_PEOPLE)),
        minute=frozenset(_people(names.get("minutes", ()), ROOM_PEOPLE)),
        window=frozenset(_people(set().union(*(names.get(part, set()) for part in _WINDOWS)), ROOM_PEOPLE)),
        # A badge goes by what products are bought at of those who saw them.
        product=goods | {"product_exposed_users"} if "badges" in of_products else goods,
        product_window=goods if "last_5m" in of_products else frozenset(),
        ignored=frozenset(_NEVER | set(_unnamed(subjects, names.keys()))),
    )


def _unnamed(subjects: set[str], groups: Iterable[str]) -> Iterator[str]:
    """The keys of those subjects that no rule is about."""
    groups = set(groups)
    if "source" not in subjects and "sources" not in groups:
        yield "s"
    if "product" not in subjects and "products" not in groups:
        yield "p"
    if "finding" not in subjects:
        yield from (keys.VIOLATIONS, "said")


def _named(rule: Rule) -> Iterator[tuple[Path, frozenset[str]]]:
    """The facts a rule names; with each the names that may stand for parts of it, where it is named as a whole."""
    conditions = (rule.when, rule.minimum, rule.resolve_when)
    expressions: list[Expression] = [*(each for each in conditions if each is not None), *rule.values.values()]
    for expression in expressions:
        yield from ((path, expression.words) for path in expression.paths)
    for template in (rule.title_zh, rule.title_en, rule.message_zh, rule.message_en):
        yield from ((path, frozenset()) for path in template.paths)


def _people(names: Iterable[str], of: Sequence[str]) -> Iterator[str]:
    """The metrics that are people, among these names or below what is computed."""
    for name in names:
        formula = DICTIONARY[name].formula if name in DICTIONARY else None
        part = PART.get(name)
        yield from {name, *(formula or ())[:2], *(part or ())[:2]} & set(of)
