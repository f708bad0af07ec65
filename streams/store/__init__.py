"""Where rooms are kept: one protocol, a fake in memory for unit tests, and Redis."""
