"""From events that somebody sends to the log, each once: claimed, sent, kept as taken once Kafka has acknowledged it.

For the screen's HTTP ingest, for pushes of platforms, and for files that are imported.
"""
