"""Whatever is written by template fits the contract and reads as text."""

import string
from random import Random

import pytest

from deploy.simulator import remarks
from deploy.simulator.goods import GOODS
from deploy.simulator.names import nickname
from deploy.simulator.phrases import PHRASES, USUAL, WITH_BAG

KNOWN = {"name", "n", "h", "w", "city"}


@pytest.mark.parametrize("situation", PHRASES)
def test_templates_use_only_known_places(situation):
    for template in PHRASES[situation]:
        assert {field for _, field, _, _ in string.Formatter().parse(template) if field} <= KNOWN
        assert 0 < len(template) <= 40


def test_every_situation_that_can_come_up_has_phrases():
    assert (set(USUAL) | set(WITH_BAG)) - {"question"} <= set(PHRASES)
    assert set(GOODS) <= set(PHRASES)


def test_no_phrase_stands_twice():
    for phrases in PHRASES.values():
        assert len(set(phrases)) == len(phrases)


def test_notes_and_prompts_can_be_filled():
    for template in (*(text for text, _ in remarks.NOTES), *remarks.PROMPTS):
        assert "{" not in template.format(name="保温杯", n=3)


def test_nicknames_vary():
    rng = Random(1)
    names = [nickname(rng) for _ in range(2_000)]
    assert len(set(names)) > 1_500
    assert all(0 < len(name) <= 20 for name in names)
