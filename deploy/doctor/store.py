"""Checks of Redis: its version, what it keeps over a restart, that it throws nothing away, and whether it takes writes."""

import time

from deploy.doctor.finding import Finding, bad, good
from streams.events import FUTURE_MS
from streams.store.redis.client import Client

OLDEST = (7, 0)
CLOCKS_APART_SECONDS = 10.0


async def check_store(url: str) -> list[Finding]:
    """Raises `StoreAway` when it does not answer."""
    client = Client(url)
    try:
        if client.cluster:
            await client.ping()
            return [good("Redis Cluster answers (look at its nodes' versions and settings yourself)")]
        text, (seconds, _) = await client.run([("INFO",), ("TIME",)])
    finally:
        await client.close()
    return [*judge(parse(text)), *judge_clock(int(seconds) - time.time())]


def judge_clock(ahead_seconds: float) -> list[Finding]:
    """What it means that the store's clock is so much ahead of this machine's; an answer on its way is none."""
    if abs(ahead_seconds) < CLOCKS_APART_SECONDS:
        return []
    remedy = f"set both by NTP; an agent whose clock is over {FUTURE_MS // 1_000} s behind rejects what happens now as `future`"
    return [bad(f"its clock and this machine's are {abs(ahead_seconds):.0f} s apart", remedy)]


def parse(text: str | dict[str, object]) -> dict[str, str]:
    """The answer to INFO: name → value."""
    if isinstance(text, dict):
        return {name: str(value) for name, value in text.items()}
    pairs = (line.split(":", 1) for line in text.splitlines() if ":" in line)
    return {pair[0]: pair[1].strip() for pair in pairs}


def judge(info: dict[str, str]) -> list[Finding]:
    """What the answer says."""
    version = info.get("redis_version", "0")
    name = f"Valkey {info['valkey_version']}" if "valkey_version" in info else f"Redis {version}"
    new_enough = tuple(int(part) for part in version.split(".")[:2]) >= OLDEST
    findings = [good(f"{name} answers") if new_enough else bad(f"{name} is too old", "7.0 or newer is needed")]
    if info.get("aof_enabled") == "1":
        findings.append(good("it keeps an append-only file"))
    else:
        remedy = "set `appendonly yes`; a crash then loses neither tokens nor the time it takes to count the log again"
        findings.append(bad("it keeps no append-only file", remedy))
    return [*findings, _judge_memory(info), *_judge_writes(info)]


def _judge_memory(info: dict[str, str]) -> Finding:
    policy, limit, used = info.get("maxmemory_policy", "noeviction"), int(info.get("maxmemory", "0")), int(info.get("used_memory", "0"))
    if policy != "noeviction" and limit:
        return bad(f"when full it throws data away (maxmemory-policy {policy})", "set `maxmemory-policy noeviction`")
    if limit and used >= limit:
        return bad(f"it is full ({used // 2**20} MiB used)", "raise `maxmemory`; nothing is lost, the agents wait for that")
    return good(f"it throws nothing away ({used // 2**20} MiB used)")


def _judge_writes(info: dict[str, str]) -> list[Finding]:
    """Why it takes no writes, although it answers."""
    findings = []
    if info.get("role") == "slave" and info.get("slave_read_only", "1") == "1":
        primary = f"{info.get('master_host', 'its primary')}:{info.get('master_port', '')}".rstrip(":")
        findings.append(bad("it is a replica, which takes no writes", f"set LIVESCREEN_REDIS to its primary, {primary}"))
    failed = [name for name in ("aof_last_write_status", "aof_last_bgrewrite_status", "rdb_last_bgsave_status") if info.get(name) == "err"]
    if failed:
        findings.append(bad(f"it could not write to its disk ({', '.join(failed)})", "see its log, and whether the disk is full"))
    return findings
