from agents.alerting.backlog import Behind


def test_is_behind_since_the_first_record_that_is_not_counted_was_there() -> None:
    behind = Behind()
    looks = [  # end, progress, ms, behind
        (100, 100, 0, 0),
        (150, 100, 1_000, 0),  # seen just now
        (150, 100, 2_000, 1_000),
        (200, 120, 3_000, 2_000),  # the 150th is still not counted
        (200, 150, 4_000, 1_000),  # the 200th was seen at 3,000
        (200, 200, 5_000, 0),
        (200, 200, 9_000, 0),
        (201, 200, 10_000, 0),
        (900, 200, 60_000, 50_000),
    ]
    assert [behind.sample(end, progress, now_ms) for end, progress, now_ms, _ in looks] == [wanted for *_, wanted in looks]
