"""The lists as files."""

from pathlib import Path

import pytest

from agents import lists
from streams.violations import Finding


def test_the_shipped_lists_are_in_the_package() -> None:
    inspector = lists.read(None)
    assert (inspector.problems, [finding.rule for finding in inspector.comment("加我微信")]) == ([], ["contact"])


def test_an_operators_list_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "abuse.txt").write_text("\ufeff坏话\n", encoding="utf-8")
    inspector = lists.read(str(tmp_path))
    assert inspector.comment("坏话") == [Finding("abuse", "坏话")]
    assert inspector.comment("傻逼") == []
    assert [finding.rule for finding in inspector.comment("加我微信")] == ["contact"]


def test_what_cannot_be_used_is_told_and_the_rest_works(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "abuse.txt").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "trade.txt").write_text("私下\n!\n", encoding="utf-8")
    (tmp_path / "mine.txt").write_text("x\n", encoding="utf-8")
    inspector = lists.read(str(tmp_path))
    assert [finding.rule for finding in inspector.comment("傻逼 私下")] == ["trade", "abuse"]
    told = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert len(told) == 3
    assert "abuse.txt cannot be read" in told[0] and "mine.txt" in told[1] and "trade.txt, line 2" in told[2]
