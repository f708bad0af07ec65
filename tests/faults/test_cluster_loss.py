"""A node of a cluster dies together with the worker, and comes back without its last writes, as after a failover to a replica behind it.

What the other nodes hold of the progress then counts events as applied that their rooms do not have any more, and nobody lives who knew.
"""

from pathlib import Path

from streams.store.redis import RedisStore
from tests.faults.feed import feeding
from tests.faults.lost import cut, written
from tests.faults.nursery import Nursery
from tests.faults.stage import Stage
from tests.load import Load
from tests.servers import redis, redis_cluster

LOST_BYTES = 100_000
RATE = 2_000


async def test_a_node_that_lost_its_last_writes_is_found_by_the_next_worker(stage: Stage, tmp_path: Path) -> None:
    with redis_cluster.running(redis.embedded_binary(), tmp_path / "cluster") as cluster:
        crew = Nursery(stage.kafka, cluster.url, tmp_path)
        try:
            async with feeding(stage.kafka, cluster.url, Load(9, rooms=12)) as feed:
                async with feed.flowing(RATE):
                    worker = crew.start(alone=True)
                    await feed.caught_up()
                    while min(map(written, cluster.nodes)) < 3 * LOST_BYTES:
                        await feed.send(RATE)
                        await feed.caught_up()
                    worker.kill()
                    cluster.nodes[0].process.kill()
                    cut(cluster.nodes[0], LOST_BYTES)
                    cluster.start()
                    cluster.wait()
                await feed.store.close()
                feed.store = RedisStore.connect(cluster.url)  # one whose connections none of that has broken
                crew.start(alone=True)
                assert await feed.differences() == []
                assert crew.logged("the store lost its last writes") >= 1
        finally:
            crew.kill_all()
