"""Alerts: rules over a room's board, and the life of what they find. Pure: no clock, no store, no loop.

For the evaluator (one look at one room, under its lease):

    rules, problems = parse(text)                    # of the operator's file, or of defaults.yaml beside this module
    rules, problems = reload(text, rules)            # after a change: a rule that is broken now stays as it was
    states = {key: decode(text) for key, text in (await store.hashes(room, ["alerts"]))[0].items()}      # once, then kept in memory
    view, known = RoomView(store, room, asked(rules)), Known()                       # kept from look to look; `asked` after each change
    board, rows = streams.board.judged(…), streams.board.minutes(material, now - REACH_MS, now + 1, now)
    after, transitions = evaluate(rules, board | {"backlog": {topic: ms behind the log}}, rows, states, now, known)
    changed = {key: encode(state) for key, state in after.items() if state is not states.get(key)}

Write `changed`, the transitions (history and outbox) and the check of the lease in ONE atomic step; nothing where both are empty. Who
takes over reads the states and goes on: from the same states the same transition gets the same id, so a step that was lost before it was
written is made again under its own name, and one that was written is not made again. Transitions come in the order they are to be told;
`to` says which are worth a call (firing, resolved, acknowledged; pending ones are for the history). `now` may step back a little at a
take-over: clocks then only wait.

For the API: `respond(room, state, Act(...), now)` on the state under `split(alert)`'s key, written the same way; a page of the rules shows
`examine(...)`: each rule on each subject with its truth, Unknown with its reason. States are rows for the screen (`alert_id`, `status`,
`since_ms`, `fired_ms`, `said`, `facts`, `unknown`, `acknowledged_by`, `assigned_to`, …). A backtest is `evaluate` over a replayed room,
with `now` from event time.
"""

from streams.alerts.acts import Act, Refused
from streams.alerts.evaluation import Standing, States, Transition, decode, encode, evaluate, examine, respond
from streams.alerts.expression import Unknown
from streams.alerts.facts import REACH_MS
from streams.alerts.known import Known
from streams.alerts.life import Said, State, alert_id, split
from streams.alerts.naming import asked
from streams.alerts.rules import Rule, parse, reload
from streams.alerts.written import Problem

__all__ = [
    "REACH_MS", "Act", "Known", "Problem", "Refused", "Rule", "Said", "Standing", "State", "States", "Transition", "Unknown", "alert_id",
    "asked", "decode", "encode", "evaluate", "examine", "parse", "reload", "respond", "split",
]  # fmt: skip
