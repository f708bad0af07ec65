"""Benchmarks: `python -m tests.bench`, or `make bench`. Figures stand beside what people would use instead, measured in the same run."""
