"""The embedded servers: Apache Kafka (its jars, on a JRE out of a Python package) and Valkey, each a process on 127.0.0.1 alone."""

from deploy.embedded.server import Server

__all__ = ["Server"]
