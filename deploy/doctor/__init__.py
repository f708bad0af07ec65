"""`livescreen doctor`: what is there, what is not, and what to do."""
