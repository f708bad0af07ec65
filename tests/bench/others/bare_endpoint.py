"""A bare Starlette endpoint that only produces to Kafka: one send of aiokafka for each line, nothing is looked at.

`python -m tests.bench.others.bare_endpoint KAFKA PORT`
"""

import asyncio
import json
import sys

import uvicorn
from aiokafka import AIOKafkaProducer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


def main(kafka: str, port: int) -> None:
    producers: list[AIOKafkaProducer] = []

    async def take(request: Request) -> JSONResponse:
        if not producers:
            producers.append(AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True, max_batch_size=256 * 1024))
            await producers[0].start()
        waiting = []
        for line in (await request.body()).splitlines():
            event = json.loads(line)
            waiting.append(await producers[0].send(event["topic"], line, key=event["room"].encode()))
        await asyncio.gather(*waiting)
        return JSONResponse({"accepted": len(waiting)})

    uvicorn.run(Starlette(routes=[Route("/in/events", take, methods=["POST"])]), port=port, log_level="warning", loop="uvloop")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
