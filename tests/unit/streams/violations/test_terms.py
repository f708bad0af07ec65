"""Lists and the terms found by them."""

import pytest

from streams.violations.normalise import Normaliser
from streams.violations.terms import Problem, Terms, read_groups, read_terms

PLAIN = Normaliser({})
HOMOPHONES = {"微": "薇威", "信": "心"}


def found(text: str, *lists: str) -> list[tuple[str, str]]:
    terms = [term for number, lines in enumerate(lists) for term in read_terms(f"l{number}", lines, PLAIN)[0]]
    return [(hit.term.list, hit.term.text) for hit in Terms(terms, PLAIN, HOMOPHONES).find(PLAIN.squeeze(text), text)]


@pytest.mark.parametrize(
    "text", ["私下交易", "可以私下交易吗", "私 下 交 易", "私.下.交.易", "私❤下❤交❤易", "私，下，交，易", "私下 交易", "私\u200b下交易"]
)
def test_a_term_is_found_however_it_is_set_apart(text: str) -> None:
    assert found(text, "私下交易") == [("l0", "私下交易")]


@pytest.mark.parametrize(
    "text", ["他私下，交易不错", "私下。交易", "私下\n交易", "私下…………………交易", "私      下交易", "", "私下", "易交下私"]
)
def test_what_was_said_apart_is_no_term(text: str) -> None:
    assert found(text, "私下交易") == []


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("vx", True),
        ("加vx吗", True),
        ("v x", True),
        ("VX", True),
        ("vx123", True),
        ("1vx", True),
        ("vxa", False),
        ("avx", False),
        ("usb sb", True),
        ("usb", False),
        ("s b c", True),
    ],
)
def test_a_latin_term_is_a_word_of_its_own(text: str, is_found: bool) -> None:
    assert bool(found(text, "vx\nsb")) is is_found


def test_a_term_that_runs_on_may_begin_a_word() -> None:
    assert found("vxabc", "vx*") == [("l0", "vx")]
    assert found("avxabc", "vx*") == []


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("100%", True),
        ("保证100 %好", True),
        ("100", False),
        ("满100减20%", False),
        ("100.5%", False),
        ("2.100%", False),
        ("1-0-0%", False),
        ("去1688", True),
        ("去1.6.8.8", False),
        ("去1688.5", False),
        ("a.b", True),
        ("a b", False),
    ],
)
def test_a_term_with_digits_or_marks_is_found_as_it_is_written(text: str, is_found: bool) -> None:
    assert bool(found(text, "100%\n去1688\na.b")) is is_found


def test_one_list_may_have_a_term_with_marks_and_without() -> None:
    assert [found(text, "no1\nno.1") for text in ("no1", "no.1", "no-1")] == [[("l0", "no1")], [("l0", "no.1")], []]


def test_homophones_count_only_where_a_term_asks_for_them() -> None:
    assert [found(text, "~微信") for text in ("微信", "薇心", "威信", "微x")] == [[("l0", "微信")]] * 3 + [[]]
    assert found("薇信", "微信") == []


def test_an_ordinary_phrase_takes_back_what_lies_within_it_for_its_own_list() -> None:
    assert found("第一次来", "第一\n-第一次") == []
    assert found("第一次来，第一", "第一\n-第一次") == [("l0", "第一")]
    assert found("第一次来", "第一\n-第一次", "第一") == [("l1", "第一")]
    assert found("唯第一次", "唯第一\n-第一次") == [("l0", "唯第一")]  # it only overlaps


def test_longer_and_shorter_terms_are_all_found() -> None:
    assert found("加微信号", "微信\n微信号\n加微") == [("l0", "加微"), ("l0", "微信"), ("l0", "微信号")]


def test_a_list_without_terms_finds_nothing() -> None:
    assert found("什么", "", "# 只有说明\n\n") == []


def test_a_line_that_says_nothing_usable_is_a_problem_and_the_rest_counts() -> None:
    terms, problems = read_terms("l", "好词\n!!\n# x\n单\n-单 # 可以\n~\n", PLAIN)
    assert [(term.text, term.allowed) for term in terms] == [("好词", False), ("单", True)]
    assert [(problem.line, problem.list) for problem in problems] == [(2, "l"), (4, "l"), (6, "l")]


def test_groups_of_characters() -> None:
    groups, problems = read_groups("h", "微: 薇 威\n\nab: c\n信 心\n加:\n微: 维\n")
    assert groups == {"微": "薇威维"}
    assert problems == [Problem("h", line, "must be one character, a colon and its variants") for line in (3, 4, 5)]


def test_a_term_of_many_homophones_stays_bounded() -> None:
    homophones = {"微": "薇威维唯葳崴"}
    terms, _ = read_terms("l", "~" + "微" * 30, PLAIN)
    assert Terms(terms, PLAIN, homophones).find("微" * 30, "微" * 30)
