"""From a transition to people: a notice for each subscription that wants it, once, and then messages, in order, until they arrive."""
