import pytest

from deploy import cluster, statefile
from deploy.problem import Problem
from deploy.settings import Settings
from deploy.statefile import Listening

STACK = Listening(1, "127.0.0.1:1", "redis://:p@127.0.0.1:2/0", "http://127.0.0.1:3", True)


@pytest.fixture
def running(tmp_path):
    with statefile.only_stack(tmp_path):
        statefile.write(tmp_path, STACK)
        yield tmp_path


def test_the_running_stack(running):
    assert cluster.find(Settings(), running) == cluster.Cluster(STACK.kafka, STACK.redis, True, STACK.screen)


def test_settings_go_before_the_stack(running):
    settings = Settings(kafka="k:9092", redis="redis://r")
    assert cluster.find_kafka(settings, running) == ("k:9092", False)
    assert cluster.find_redis(settings, running) == "redis://r"


def test_the_stacks_own_broker_is_known_by_its_address(running):
    assert cluster.find_kafka(Settings(kafka=STACK.kafka), running) == (STACK.kafka, True)


def test_an_embedded_broker_elsewhere_must_be_called_so(tmp_path):
    assert cluster.find_kafka(Settings(kafka="k:9092"), tmp_path) == ("k:9092", False)
    assert cluster.find_kafka(Settings(kafka="k:9092", embedded=True), tmp_path) == ("k:9092", True)


def test_nowhere(tmp_path):
    with pytest.raises(Problem, match=r"LIVESCREEN_KAFKA.*livescreen up"):
        cluster.find_kafka(Settings(), tmp_path)
    with pytest.raises(Problem, match=r"LIVESCREEN_REDIS.*livescreen up"):
        cluster.find_redis(Settings(kafka="k:9092"), tmp_path)
