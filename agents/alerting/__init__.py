"""Looking at live rooms as things happen in them, by the rules, and telling `live.alerts` what that finds.

Any number of watchers share the rooms by leases in the store; who holds a room's newest lease alone can save its alerts.
"""
