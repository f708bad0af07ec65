"""`livescreen simulate`: a believable broadcast into Kafka."""

import asyncio
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from agents.topics import create_missing
from deploy import cluster
from deploy.problem import Problem
from deploy.reach import wait_for_kafka
from deploy.settings import Settings
from deploy.simulator import sender
from streams.room_names import RULE, is_room


def run(settings: Settings, data: Path, room: str, rate: float, minutes: float, seed: int, history_minutes: float) -> None:
    """Sends the broadcast at its own pace; on Ctrl-C it is closed where it is. Prints how many events Kafka has."""
    if not is_room(room):
        raise Problem(f"--room must be {RULE}", status=2)
    kafka = cluster.find_kafka(settings, data)

    async def send() -> int:
        await wait_for_kafka(kafka, 0)
        await create_missing(kafka, settings.partitions, settings.retention_hours)
        columns = (TextColumn("{task.completed:.0f} events sent"), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True)) as progress:
            bar = progress.add_task("simulate", total=None)
            return await sender.run(
                kafka=kafka,
                room=room,
                rate=rate,
                minutes=minutes,
                seed=seed,
                history_minutes=history_minutes,
                on_sent=lambda sent: progress.update(bar, completed=sent),
            )

    print(f"sent {asyncio.run(send())}")
