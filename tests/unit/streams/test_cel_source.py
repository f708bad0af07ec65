"""What is no CEL says where and why."""

import pytest

from streams.cel_source import NotCompiled, compiled


def test_the_place_and_the_reason_are_told():
    with pytest.raises(NotCompiled) as refused:
        compiled("1 +\n  ) 2")
    assert (refused.value.line, refused.value.column) == (2, 3)
    assert refused.value.reason and "\n" not in refused.value.reason


def test_an_empty_text_has_no_place():
    with pytest.raises(NotCompiled) as refused:
        compiled("")
    assert refused.value.reason
