"""Mappings from the command line: `livescreen map` shows what one makes of samples, `livescreen import` sends files through one."""
