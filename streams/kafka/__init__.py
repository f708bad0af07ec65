"""Kafka as both agents and screens meet it: where it is, how it lets a client in, and why it does not."""
