"""The domain: events in, boards out. Pure (no clock, no I/O), except in `streams.store`."""
