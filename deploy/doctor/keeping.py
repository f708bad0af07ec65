"""Checks what Kafka keeps of the input topics: others may have made them, and their settings are not ours."""

from collections.abc import Collection, Mapping

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from deploy.doctor.finding import Finding, bad, good
from streams.kafka.brokers import Brokers

_HOUR_MS = 3_600_000


async def check_keeping(kafka: Brokers, topics: Collection[str], hours: int) -> list[Finding]:
    """Nothing where Kafka does not let us ask. Raises aiokafka's `KafkaError`."""
    admin = AIOKafkaAdminClient(**kafka.client())
    await admin.start()
    try:
        answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, kafka.name(name)) for name in topics])
    finally:
        await admin.close()
    resources = [resource for answer in answers for resource in answer.resources]
    return judge({name: {entry[0]: entry[1] for entry in entries} for code, _, _, name, entries in resources if not code}, hours)


def judge(settings: Mapping[str, Mapping[str, str]], hours: int) -> list[Finding]:
    """What the topics' settings mean; `hours` as LIVESCREEN_RETENTION_HOURS has it."""
    findings = []
    compacted = [name for name, each in settings.items() if "compact" in each.get("cleanup.policy", "")]
    if compacted:
        text = f"{', '.join(compacted)}: compacted, which leaves of each room its newest event alone"
        findings.append(bad(text, "set `cleanup.policy=delete`; what agents have applied by now is counted"))
    wanted = -1 if hours < 0 else hours * _HOUR_MS
    other = {name: int(each["retention.ms"]) for name, each in settings.items() if each.get("retention.ms", str(wanted)) != str(wanted)}
    if other:
        named = ", ".join(f"{name} ({_span(kept_ms)})" for name, kept_ms in other.items())
        findings.append(good(f"LIVESCREEN_RETENTION_HOURS={hours} does not hold for {named}: it counts only where a topic is created"))
    return findings


def _span(kept_ms: int) -> str:
    return "for ever" if kept_ms < 0 else f"{kept_ms / _HOUR_MS:g} h"
