import dataclasses

import pytest

from deploy import cluster, statefile
from deploy.problem import Problem
from deploy.settings import Settings
from deploy.statefile import Listening
from streams.kafka.brokers import Brokers

STACK = Listening(1, "127.0.0.1:1", "redis://:p@127.0.0.1:2/0", "http://127.0.0.1:3")


@pytest.fixture
def running(tmp_path):
    with statefile.only_stack(tmp_path):
        statefile.write(tmp_path, STACK)
        yield tmp_path


def test_the_running_stack(running):
    assert cluster.find(Settings(), running) == cluster.Cluster(Brokers(STACK.kafka), STACK.redis, STACK.screen)


def test_settings_go_before_the_stack(running):
    settings = Settings(kafka="k:9092", redis="redis://r")
    assert cluster.find_kafka(settings, running) == Brokers("k:9092")
    assert cluster.find_redis(settings, running) == "redis://r"


def test_a_kafka_that_is_not_open_to_all_must_be_named_again(tmp_path):
    with statefile.only_stack(tmp_path):
        statefile.write(tmp_path, dataclasses.replace(STACK, kafka="k:9093", kafka_open=False))
        with pytest.raises(Problem, match=r"TLS or users: set LIVESCREEN_KAFKA here too, to k:9093, and .* LIVESCREEN_KAFKA_ as"):
            cluster.find_kafka(Settings(), tmp_path)
        settings = Settings(kafka="k:9093", kafka_user="u", kafka_password="p", kafka_tls=False)
        assert cluster.find_kafka(settings, tmp_path) == settings.brokers


def test_nowhere(tmp_path):
    with pytest.raises(Problem, match=r"LIVESCREEN_KAFKA.*livescreen up"):
        cluster.find_kafka(Settings(), tmp_path)
    with pytest.raises(Problem, match=r"LIVESCREEN_REDIS.*livescreen up"):
        cluster.find_redis(Settings(kafka="k:9092"), tmp_path)
