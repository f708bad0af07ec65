"""Who is told of which alerts, and when: subscriptions, and what to send next. Pure.

Subscriptions live in the store as JSON (`subscription.parse`), each with a desk (`streams.store.desk.Desk`) of notices that wait for it.
`selection.wants` says whether a transition goes there at all, `plan.decide` what to send now, `plan.close` what that leaves on the desk.
"""
