"""Faust's options that its apps here share, and why each is as it is."""

from typing import Any

from agents.credentials import credentials
from agents.tables import NoTables
from streams.kafka.brokers import Brokers


def shared(kafka: Brokers, scheme: str) -> dict[str, Any]:
    """For `faust.App`. `scheme`: of the brokers' addresses, by which Faust finds its transport."""
    return {
        "broker": [f"{scheme}://{broker}" for broker in kafka.addresses.split(",")],
        "broker_credentials": credentials(kafka),
        "store": "memory://",
        "TableManager": NoTables,
        "processing_guarantee": "at_least_once",  # what comes twice counts once all the same; "exactly_once" swallows commit errors
        "web_enabled": False,
        "topic_disable_leader": True,
        "topic_allow_declare": False,  # agents.topics creates them, with their settings
        "table_standby_replicas": 0,  # there are no tables: plain round-robin assignment
        "stream_wait_empty": False,
        "stream_recovery_delay": 0.0,
        "broker_session_timeout": 10.0,
        "broker_heartbeat_interval": 3.0,
        "broker_rebalance_timeout": 15.0,
        "broker_request_timeout": 40.0,  # must not be below the session's; a seek ends before it, see transport.SEEK_SECONDS
        "consumer_auto_offset_reset": "earliest",
        "consumer_metadata_max_age_ms": 10_000,  # how soon added partitions, and topics made anew, are noticed
    }
