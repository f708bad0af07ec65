"""HTTP ingest: `POST /in/events` takes events and writes them to Kafka (contract, section 4). For programs with a token of the role source.

body → reading (bounded, unpacked) → formats (one candidate an event) → judging (valid, permitted) → repeats (claimed once) → Kafka
"""
