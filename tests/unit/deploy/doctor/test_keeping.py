from deploy.doctor.keeping import judge
from streams.topics import CLICKS, ORDERS, VIEWS

OURS = {"cleanup.policy": "delete", "retention.ms": "7200000"}


def test_topics_as_we_create_them_are_not_worth_a_line() -> None:
    assert judge({VIEWS: OURS, CLICKS: OURS}, 2) == []
    assert judge({VIEWS: OURS | {"retention.ms": "-1"}}, -1) == []


def test_compaction_is_wrong() -> None:
    (finding,) = judge({VIEWS: OURS, ORDERS: OURS | {"cleanup.policy": "delete,compact"}}, 2)
    assert not finding.good
    assert finding.text.startswith("live.orders: compacted") and "`cleanup.policy=delete`" in finding.text


def test_another_retention_is_said() -> None:
    (finding,) = judge({VIEWS: OURS, CLICKS: OURS | {"retention.ms": "1800000"}, ORDERS: OURS | {"retention.ms": "-1"}}, 2)
    assert finding.good
    assert "LIVESCREEN_RETENTION_HOURS=2 does not hold for live.clicks (0.5 h), live.orders (for ever)" in finding.text
