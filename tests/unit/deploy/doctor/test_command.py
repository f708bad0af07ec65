from redis.exceptions import ResponseError

from agents.waiting import NotThere
from deploy.doctor import command


def test_a_store_that_refuses_is_one_finding_among_others(monkeypatch, tmp_path, capsys):
    async def refuse(_url):
        raise ResponseError("DB index is out of range")

    async def nobody(_where):
        raise NotThere("no answer")

    monkeypatch.setenv("LIVESCREEN_KAFKA", "k:1")
    monkeypatch.setenv("LIVESCREEN_REDIS", "redis://r/99")
    monkeypatch.setattr(command, "check_store", refuse)
    monkeypatch.setattr(command, "try_kafka", nobody)
    monkeypatch.setattr(command, "try_screen", nobody)

    assert command.run(tmp_path) == 1
    assert [line[:30] for line in capsys.readouterr().out.splitlines()] == [
        "✓ the settings are right",
        "✗ DB index is out of range: st",
        "✗ Kafka at k:1 fails: no answe",
        "✗ the screen at http://127.0.0",
    ]
