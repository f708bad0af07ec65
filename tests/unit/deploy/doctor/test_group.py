from deploy.doctor.group import check_group
from streams.topics import CLICKS, ORDERS, VIEWS, Partition

A, B, C = Partition(VIEWS, 0), Partition(CLICKS, 1), Partition(ORDERS, 2)


def test_offsets_that_are_what_is_applied_are_not_worth_a_line() -> None:
    assert check_group("g", {}, {A: 5}) == []
    assert check_group("g", {A: 5}, {A: 5, B: 7}) == []


def test_offsets_reset_by_hand_are_explained() -> None:
    (finding,) = check_group("g", {A: 0, B: 7, C: 3}, {A: 5, B: 7})
    assert finding.good
    assert "group g: Kafka's offsets are not what is applied in 2 partitions (live.views:0 0 for 5, live.orders:2 3 for 0…)" in finding.text
    assert "agents go on from the store all the same" in finding.text
    assert "Kafka's offset follows" in finding.text
