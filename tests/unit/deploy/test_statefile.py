import json
import stat

import pytest

from deploy import statefile
from deploy.problem import Problem
from deploy.statefile import Listening

HERE = Listening(pid=1, kafka="127.0.0.1:1", redis="redis://:secret@127.0.0.1:2/0", screen="http://127.0.0.1:3")


def test_a_running_stack_can_be_read(tmp_path):
    with statefile.only_stack(tmp_path):
        assert statefile.read(tmp_path) is None  # still starting
        statefile.write(tmp_path, HERE)
        assert statefile.read(tmp_path) == HERE
    assert statefile.read(tmp_path) is None
    assert not (tmp_path / "stack.json").exists()


def test_nobody_else_can_read_it(tmp_path):
    with statefile.only_stack(tmp_path):
        statefile.write(tmp_path, HERE)
        assert stat.S_IMODE((tmp_path / "stack.json").stat().st_mode) == 0o600


def test_a_second_stack_is_refused_and_told_of_the_first(tmp_path):
    with statefile.only_stack(tmp_path):
        statefile.write(tmp_path, HERE)
        with pytest.raises(Problem, match=r"already running .*process 1, http://127.0.0.1:3"), statefile.only_stack(tmp_path):
            pytest.fail("there are two")
        assert statefile.read(tmp_path) == HERE, "the refused one must not take the file away"


def test_what_a_killed_stack_left_behind_is_neither_believed_nor_in_the_way(tmp_path):
    statefile.write(tmp_path, HERE)
    assert statefile.read(tmp_path) is None
    (tmp_path / "stack.lock").touch()
    assert statefile.read(tmp_path) is None
    with statefile.only_stack(tmp_path):
        assert statefile.read(tmp_path) is None


def test_no_directory_no_stack(tmp_path):
    assert statefile.read(tmp_path / "none") is None


def test_what_a_stack_of_an_older_release_wrote_is_read(tmp_path):
    with statefile.only_stack(tmp_path):
        old = {"pid": 1, "kafka": "k", "redis": "r", "screen": "s", "embedded": True}
        (tmp_path / "stack.json").write_text(json.dumps(old))
        assert statefile.read(tmp_path) == Listening(1, "k", "r", "s")
