"""Numbers, accounts, addresses."""

import pytest

from streams.violations import patterns
from streams.violations.patterns import Links

MOBILE = "13912345678"


@pytest.mark.parametrize(
    ("squeezed", "number"),
    [
        (MOBILE, MOBILE),
        (f"打{MOBILE}找我", MOBILE),
        (f"86{MOBILE}", MOBILE),
        (f"0{MOBILE}", MOBILE),
        (f"{MOBILE}2件", MOBILE),
        ("一三九一二三四五六七八", MOBILE),
        ("幺三九壹贰叁四五六七八", MOBILE),
        ("l39l2345678", None),  # a letter cannot begin it
        ("1391234567八", MOBILE),
        ("138oo138ooo", None),  # nor end it
        ("138oo138oo0", "13800138000"),
        ("hello13912345678ok", MOBILE),
        ("01012345678", "01012345678"),
        ("4001234567", "4001234567"),
        ("12912345678", None),
        ("1391234567", None),
        (f"{MOBILE}123", None),
        (f"2019{MOBILE}", None),
        ("13333333333", None),  # a cheer
        ("13145201314", None),
        (f"欢迎用户{MOBILE}来", None),
        (f"谢谢{MOBILE}bili的礼物", None),
        ("5201314", None),
        ("6666666666666", None),
        ("", None),
        (f"123456789012345678和{MOBILE}", MOBILE),
    ],
)
def test_telephone_numbers(squeezed: str, number: str | None) -> None:
    assert patterns.phone(squeezed) == number
    assert number is None or patterns.has_number(squeezed)


@pytest.mark.parametrize(
    ("before", "after", "asks"),
    [
        ("加", "", True),
        ("加我", "", True),
        ("加一下主播的", "", True),
        ("扫", "", True),
        ("用", "", False),
        ("大家", "支付", False),
        ("", "abc123", True),
        ("", "号是abc123", True),
        ("", "12345678", True),
        ("", "一二三四五六七", True),
        ("", "12345", False),
        ("", "6666666", False),
        ("", "hello", False),
        ("", "支付100000", False),
        ("", "1234567890123456", False),
    ],
)
def test_a_messenger_is_a_contact_with_an_invitation_or_an_id(before: str, after: str, asks: bool) -> None:
    assert patterns.account(f"{before}微信{after}", len(before), len(before) + 2) is asks


LINKS = Links({"com", "cn", "xyz", "co.uk"}, {"ours.com"})


@pytest.mark.parametrize(
    ("folded", "host"),
    [
        ("去 abc.com 看", "abc.com"),
        ("abc点com", "abc.com"),
        ("abc dot com", "abc.com"),
        ("abc。com", "abc.com"),
        ("a-b.c.xyz/x?y=z", "a-b.c.xyz"),
        ("x.co.uk", "x.co.uk"),
        ("http://10.0.0.1/x", "10.0.0.1"),
        ("https : //what.ever", "what.ever"),
        ("www.what.ever", "www.what.ever"),
        ("ours.com 和 live.ours.com", None),
        ("https://live.ours.com/1", None),
        ("notours.com", "notours.com"),
        ("ours.com 不如 abc.com", "abc.com"),
        ("ours.com.xyz", "ours.com.xyz"),
        ("wwwww", None),
        ("12.cn", None),
        ("k.n.m.com", None),
        ("t.cn/a1b2", "t.cn"),
        ("163.com", "163.com"),
        ("com", None),
        ("abc.community", None),
        ("点com是什么", None),
    ],
)
def test_addresses(folded: str, host: str | None) -> None:
    assert LINKS.find(folded) == host


def test_without_endings_only_full_addresses_are_found() -> None:
    links = Links((), ())
    assert (links.find("abc.com"), links.find("http://abc.com")) == (None, "abc.com")
