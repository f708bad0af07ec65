"""Sends a few events of a broadcast to Kafka, as a platform's connector does: python examples/producer.py HOST:PORT ROOM"""

import asyncio
import json
import sys
import time
import uuid

from aiokafka import AIOKafkaProducer


async def produce(kafka: str, room: str) -> None:
    """All events of a room have its name as their key: one partition, one order."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True, compression_type="gzip")
    await producer.start()

    async def send(topic: str, kind: str, **fields: object) -> None:
        event = {"id": uuid.uuid4().hex, "room": room, "at": time.time_ns() // 1_000_000, "kind": kind, **fields}
        await producer.send_and_wait(topic, json.dumps(event, ensure_ascii=False).encode(), key=room.encode())

    try:
        await send("live.scenes", "opened", title="秋季上新", host="Lin", currency="CNY", goal_gmv=100_000_00)
        await send("live.scenes", "listed", product="p7", title="防晒衣", price=99_00, stock=500)
        for number in range(5):
            person = {"gender": "f", "age": "31-40", "province": "浙江", "fan": number % 2 == 0}
            await send("live.views", "entered", user=f"u{number}", source="recommend", person=person)
            await send("live.clicks", "clicked", user=f"u{number}", product="p7", source="recommend")
        order = {"user": "u1", "order": "A1", "product": "p7", "quantity": 1, "amount": 99_00, "source": "recommend"}
        await send("live.orders", "created", **order)
        await send("live.orders", "paid", **order)
        await send("live.comments", "commented", user="u1", nickname="小鱼", text="还有白色吗")
    finally:
        await producer.stop()


asyncio.run(produce(*sys.argv[1:3]))
