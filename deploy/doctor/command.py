"""Runs all checks and prints what they found."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from aiokafka.errors import KafkaError
from redis.exceptions import RedisError

from agents import topic_log
from agents.waiting import NotThere
from deploy import cluster
from deploy.doctor.agents import check_agents, check_rejects
from deploy.doctor.finding import Finding, bad, good
from deploy.doctor.group import check_group, read_committed
from deploy.doctor.kafka import check_lag, check_logs, check_topics
from deploy.doctor.keeping import check_keeping
from deploy.doctor.log import check_log
from deploy.doctor.store import check_store
from deploy.problem import Problem
from deploy.reach import reason, try_kafka, try_screen
from deploy.settings import Settings, load
from deploy.stack import screen_url
from streams.kafka import rights
from streams.kafka.knock import Refused
from streams.store.port import StoreAway
from streams.store.redis import RedisStore
from streams.topics import DEAD_LETTERS, INPUTS, Partition


def run(data: Path) -> int:
    """Prints one line for each finding, good or bad; 1 if any is bad."""
    try:
        settings = load()
    except Problem as problem:
        for line in problem.lines:
            print(Finding(False, line))
        return 1
    print(good("the settings are right"))
    return asyncio.run(_print_all(settings, data))


async def _print_all(settings: Settings, data: Path) -> int:
    any_bad = False
    async for finding in _check_all(settings, data):
        print(finding, flush=True)
        any_bad |= not finding.good
    return int(any_bad)


async def _check_all(settings: Settings, data: Path) -> AsyncIterator[Finding]:
    try:
        place = cluster.find(settings, data)
    except Problem as problem:
        for line in problem.lines:
            yield Finding(False, line)
        return
    try:
        findings = await check_store(place.redis)
    except (StoreAway, RedisError) as error:
        findings = [bad(str(error), "start it, or set LIVESCREEN_REDIS")]
    for finding in findings:
        yield finding
    embedded = settings.brokers is None and (data / "broker" / "log").exists()
    if embedded:
        yield check_log(data / "broker", place.kafka, settings.log_bounds)
    async for finding in _check_kafka(settings, place, -1 if embedded else settings.retention_hours):
        yield finding
    yield await _check_screen(place.screen or screen_url(settings.host, settings.port, settings.base_path))


async def _check_kafka(settings: Settings, place: cluster.Cluster, hours: int) -> AsyncIterator[Finding]:
    try:
        cluster_id = await try_kafka(place.kafka)
        yield good(f"Kafka answers at {place.kafka} (cluster {cluster_id})")
        findings, counts = await check_topics(place.kafka, settings.partitions)
        findings += await check_keeping(place.kafka, [name for name in INPUTS if name in counts], hours)
        for finding in findings:
            yield finding
        logs = await topic_log.read(place.kafka, list(counts))
        store = RedisStore.connect(place.redis)
        try:
            findings = [await check_agents(store), *await check_rejects(place.kafka, counts.get(DEAD_LETTERS, 0))]
            findings += await check_logs(logs, store) + await check_lag(place.kafka, logs, store, counts)
            partitions = [Partition(topic, number) for topic in INPUTS for number in range(counts.get(topic, 0))]
            committed = await read_committed(place.kafka, settings.group, partitions)
            findings += check_group(settings.group, committed, await topic_log.progress(store, logs, list(committed)))
        finally:
            await store.close()
    except Refused as error:
        yield Finding(False, str(error))
        return
    except (NotThere, KafkaError) as error:
        yield bad(f"Kafka at {place.kafka} fails: {reason(error)}", rights.remedy(error) or "start it, or set LIVESCREEN_KAFKA")
        return
    except (StoreAway, RedisError):
        yield bad("how far the agents are is not known", "the store does not answer")
        return
    for finding in findings:
        yield finding


async def _check_screen(url: str) -> Finding:
    try:
        await try_screen(url)
    except NotThere as error:
        return bad(f"the screen at {url} is not ready: {error}", "start `livescreen screen`, or see its log")
    return good(f"the screen at {url} is ready")
