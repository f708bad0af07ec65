"""Whether a rule's condition holds for a subject now, or why that cannot be told."""

from streams import topics
from streams.alerts.expression import Unknown
from streams.alerts.facts import Facts, Named
from streams.alerts.life import ACTIVE, State, Truth
from streams.alerts.rules import Rule

#: Agents further behind the log than this make figures that nobody should be called for.
MAX_BEHIND_SECONDS = 15


def judge(rule: Rule, state: State | None, facts: Facts, names: Named, holds: Truth) -> Truth:
    """What `streams.alerts.life.step` is to be told. `holds`: what the rule's condition came to.

    Where nothing is pending or active and the condition does not hold, that is all there is to say. Else, in this order: are the figures
    those of now (`needs`); does the condition hold; is there enough to say so (`minimum`); may an active alert end (`resolve_when`).
    """
    status = "inactive" if state is None else state.status
    if holds is False and status not in ("pending", *ACTIVE):
        return False
    if stale := _stale(rule, facts):
        return stale
    if holds is True:
        return _enough(rule, names)
    if holds is False and status in ACTIVE and rule.resolve_when:
        ends = rule.resolve_when.holds(names)
        return ends if isinstance(ends, Unknown) else not ends
    return holds


def _enough(rule: Rule, names: Named) -> Truth:
    enough = True if rule.minimum is None else rule.minimum.holds(names)
    return Unknown("low_volume") if enough is False else enough


def _stale(rule: Rule, facts: Facts) -> Unknown | None:
    """A topic the rule needs that says nothing, or that the agents are behind with."""
    rows = dict(facts.subjects("topic")) if rule.needs else {}
    for topic in topics.INPUTS:
        if topic not in rule.needs:
            continue
        limit_ms, row = rule.needs[topic], rows[topic]
        if (row["behind_seconds"] or 0) > MAX_BEHIND_SECONDS:
            return Unknown("behind", topic)
        if limit_ms is not None and (row["silent_seconds"] is None or row["silent_seconds"] * 1000 > limit_ms):
            return Unknown("silent", topic)
    return None
