"""Each platform: its signature, its messages, its words, its look-up."""

import json
from dataclasses import replace

import pytest

from streams.mapping import Source, apply, parse, shipped
from streams.mapping.judging import records
from streams.platforms import PLATFORMS
from streams.platforms.base import NotFound, NotVerified, Push, Unreadable
from tests.platforms.cases import ACCOUNT, BOUND, CASES, MS, SECRETS, Case

EACH = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def push(case: Case, secret: dict[str, str] | None = None) -> Push:
    headers, query, body = case.signed(secret)
    return Push("POST", headers, query, body)


def test_there_is_a_case_and_a_mapping_for_each_platform():
    assert {case.platform for case in CASES.values()} == PLATFORMS.keys()
    assert PLATFORMS.keys() <= set(shipped.names())


@EACH
def test_what_it_signs_verifies_and_is_answered_in_its_words(case: Case):
    platform, secret = PLATFORMS[case.platform], SECRETS[case.platform]
    platform.verify(push(case), secret)
    assert platform.answer().body.decode() == case.answer


@EACH
def test_a_changed_body_does_not_verify(case: Case):
    platform, secret, signed = PLATFORMS[case.platform], SECRETS[case.platform], push(case)
    for body in (signed.body[:-1], signed.body[:-9] + b"xxxxxxxxx", b"", b"{}"):
        with pytest.raises(NotVerified):
            platform.verify(replace(signed, body=body), secret)


@EACH
def test_another_secret_does_not_verify(case: Case):
    platform, secret = PLATFORMS[case.platform], SECRETS[case.platform]
    other = {name: value[::-1] + "x" for name, value in secret.items()}
    if "message_key_base64" in other:
        other["message_key_base64"] = "//////////////////////8="
    if "encoding_aes_key" in other:
        other["encoding_aes_key"] = secret["encoding_aes_key"]
    with pytest.raises(NotVerified):
        platform.verify(push(case), other)


@EACH
def test_without_a_signature_nothing_verifies(case: Case):
    if case.platform == "kuaishou-shop":
        pytest.skip("its encryption is all that it has")
    signed = push(case)
    bare = replace(
        signed, headers={name: value for name, value in signed.headers.items() if name.startswith(("content", "x-msg"))}, query={}
    )
    with pytest.raises(NotVerified):
        PLATFORMS[case.platform].verify(bare, SECRETS[case.platform])


@EACH
def test_its_messages_have_the_same_ids_each_time(case: Case):
    platform, secret = PLATFORMS[case.platform], SECRETS[case.platform]
    first, second = (platform.unwrap(push(case), secret) for _ in range(2))
    assert first == second and len({each.id for each in first}) == len(first)


@EACH
def test_the_shipped_mapping_makes_its_events(case: Case):
    platform, secret = PLATFORMS[case.platform], SECRETS[case.platform]
    signed = push(case)
    headers = {name: signed.headers[name] for name in platform.headers if name in signed.headers}
    made = []
    for message in platform.unwrap(signed, secret):
        payload = json.loads(message.payload)
        call = platform.lookup(payload, secret, "token", MS)
        detail = None
        if call is not None:
            assert case.lookup is not None and case.lookup[0] in call.path
            detail = platform.detail(json.dumps(case.lookup[1]).encode())
        mapping = parse(shipped.text(case.platform) or "")
        for draft in apply(mapping, payload, detail, headers, Source("s", account=ACCOUNT), {"id": message.id, "at": MS}):
            assert draft.room is not None or draft.account == ACCOUNT
            made += [(draft.topic, each) for each in records(draft, draft.room or BOUND, MS + 10**9)]
    assert [each.why for _, each in made] == [None] * len(made)
    found = [(topic, json.loads(each.raw)) for topic, each in made]
    assert [(topic, row["kind"], row["room"], row["at"]) for topic, row in found] == [event[:4] for event in case.events]
    for (_, row), event in zip(found, case.events, strict=True):
        assert row | event[4] == row


@EACH
def test_an_answer_without_the_detail_is_none(case: Case):
    platform = PLATFORMS[case.platform]
    for body in (b"", b"[]", b'{"code":40001,"errcode":40001,"result":9}', b'{"data":null}', b"<html>"):
        with pytest.raises(NotFound):
            platform.detail(body)


def test_wechat_asks_whether_the_address_is_right():
    query = {"timestamp": "1", "nonce": "2", "echostr": "echo", "signature": ""}
    wechat, secret = PLATFORMS["wechat-shop"], SECRETS["wechat-shop"]
    with pytest.raises(NotVerified):
        wechat.greeting(Push("GET", {}, query, b""), secret)
    import hashlib

    query["signature"] = hashlib.sha1("".join(sorted([secret["token"], "1", "2"])).encode()).hexdigest()
    answer = wechat.greeting(Push("GET", {}, query, b""), secret)
    assert answer is not None and answer.body == b"echo"


def test_woocommerce_asks_with_a_form_that_nobody_signed():
    woo = PLATFORMS["woocommerce"]
    assert woo.greeting(Push("POST", {}, {}, b"webhook_id=12"), {}) is not None
    assert woo.greeting(Push("POST", {}, {}, b"webhook_id=12&order=1"), {}) is None


def test_kuaishous_heartbeats_may_be_plain_or_encrypted():
    shop, secret = PLATFORMS["kuaishou-shop"], SECRETS["kuaishou-shop"]
    assert shop.greeting(Push("POST", {}, {}, b'{"test": true}'), secret) == shop.answer()
    beat = push(replace(CASES["kuaishou-shop"], value={"test": True}))
    shop.verify(beat, secret)
    assert shop.unwrap(beat, secret) == []
    with pytest.raises(NotVerified):
        shop.verify(push(replace(CASES["kuaishou-shop"], value={"eventId": "1", "appKey": "another"})), secret)


def test_wechat_takes_nothing_for_another_app():
    case = CASES["wechat-shop"]
    with pytest.raises(NotVerified):
        PLATFORMS["wechat-shop"].unwrap(push(case, SECRETS["wechat-shop"] | {"app_id": "another"}), SECRETS["wechat-shop"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("doudian", [5]),
        ("doudian", [{"tag": "100"}]),
        ("doudian", 5),
        ("tiktok-shop", {"type": 1}),
        ("kuaishou-live", {"data": 1}),
        ("youzan", {"msg": 1, "msg_id": 2}),
    ],
)
def test_signed_nonsense_is_unreadable(name: str, value: object):
    case = replace(CASES[name], value=value)
    if name == "youzan":
        signed = push(case)
        signed = replace(signed, body=b"[]")
    else:
        signed = push(case)
    with pytest.raises(Unreadable):
        PLATFORMS[name].unwrap(signed, SECRETS[name])
