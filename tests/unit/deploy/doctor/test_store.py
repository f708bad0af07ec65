import pytest

from deploy.doctor.store import judge, judge_clock, parse

WELL = {"redis_version": "7.2.4", "aof_enabled": "1", "maxmemory": "0", "maxmemory_policy": "noeviction", "used_memory": "3145728"}


def test_all_is_well():
    assert [str(finding) for finding in judge(WELL)] == [
        "✓ Redis 7.2.4 answers",
        "✓ it keeps an append-only file",
        "✓ it throws nothing away (3 MiB used)",
    ]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"redis_version": "6.2.1"}, "7.0"),
        ({"aof_enabled": "0"}, "appendonly"),
        ({"maxmemory": "1", "maxmemory_policy": "allkeys-lru"}, "noeviction"),
        ({"maxmemory": "3145728"}, "it is full (3 MiB used): raise `maxmemory`"),
        (
            {"role": "slave", "slave_read_only": "1", "master_host": "h", "master_port": "6379"},
            "set LIVESCREEN_REDIS to its primary, h:6379",
        ),
        ({"aof_last_write_status": "err"}, "whether the disk is full"),
    ],
)
def test_what_is_wrong_comes_with_its_remedy(change, word):
    (wrong,) = (finding for finding in judge(WELL | change) if not finding.good)
    assert word in wrong.text


def test_a_replica_that_takes_writes_and_room_left_are_well():
    info = {"role": "slave", "slave_read_only": "0", "maxmemory": "3145729", "aof_last_write_status": "ok", "rdb_last_bgsave_status": "ok"}
    assert all(finding.good for finding in judge(WELL | info))


def test_a_policy_without_a_limit_throws_nothing_away():
    assert all(finding.good for finding in judge(WELL | {"maxmemory_policy": "allkeys-lru"}))


@pytest.mark.parametrize("ahead_seconds", [90.4, -90.4])
def test_clocks_apart(ahead_seconds):
    (wrong,) = judge_clock(ahead_seconds)
    assert not wrong.good and "are 90 s apart: set both by NTP" in wrong.text and "over 60 s behind" in wrong.text
    assert judge_clock(ahead_seconds / 10) == []


def test_valkey_is_called_by_its_name():
    assert "Valkey 9.0.1" in judge(WELL | {"valkey_version": "9.0.1"})[0].text


def test_the_answer_as_text():
    assert parse("# Server\r\nredis_version:7.2.4\r\nconfig_file:/a:b\r\n\r\n") == {"redis_version": "7.2.4", "config_file": "/a:b"}
