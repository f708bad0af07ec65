"""Faust agents: from Kafka's topics into the store."""
