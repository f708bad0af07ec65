"""`livescreen replay`: events from NDJSON files into Kafka."""
