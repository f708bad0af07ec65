"""From `live.inbox` to events: each message of a platform is looked up, mapped, given its room, and written, once.

A Faust app of its own, beside the agents that count: whatever an API does, no figure waits for it. What is not done when a worker ends is
done again by the next: the group's offset moves past a message only when it and all before it are done (`window`), and events that come of
one message twice are the same events, by their ids.

    pushes → lookups → mapping → rooms → sending        or a dead letter
"""
