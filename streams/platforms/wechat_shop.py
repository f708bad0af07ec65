"""微信小店 / 视频号小店: signed and encrypted (safe mode, JSON); a message has ids only. The address is asked about with a GET."""

from base64 import b64decode
from binascii import Error
from collections.abc import Sequence
from hashlib import sha1, sha256
from typing import Any

import msgspec

from streams.platforms import base, crypto
from streams.platforms.base import Answer, Call, Message, NotVerified, Push, Secret, Unreadable

_ORDERS = {"channels_ec_order_new", "channels_ec_order_pay", "channels_ec_order_cancel"}
#: Random bytes, then the length of the text in four.
_RANDOM, _LENGTH = 16, 4
_BLOCK = 32


class WechatShop(base.Plain):
    """A message has no id of its own: it is its text's hash, which is the same whenever it is sent again."""

    fields: Sequence[str] = ("token", "encoding_aes_key", "app_id")
    address = "https://api.weixin.qq.com"

    def greeting(self, push: Push, secret: Secret) -> Answer | None:
        """What it asks the address with comes back as it is."""
        if push.method != "GET":
            return None
        asked = push.query
        base.check(asked.get("signature", ""), _signed(secret["token"], asked.get("timestamp", ""), asked.get("nonce", "")))
        return Answer(asked.get("echostr", "").encode(), "text/plain")

    def verify(self, push: Push, secret: Secret) -> None:
        """SHA-1 of token, time, nonce and the encrypted text."""
        asked = push.query
        signed = _signed(secret["token"], asked.get("timestamp", ""), asked.get("nonce", ""), _packed(push))
        base.check(asked.get("msg_signature", ""), signed)

    def unwrap(self, push: Push, secret: Secret) -> list[Message]:
        """One message, of our app."""
        try:
            key = b64decode(secret["encoding_aes_key"] + "=", validate=True)
        except Error:
            raise NotVerified from None
        plain = crypto.decrypted(_packed(push), key, key[:16], _BLOCK)
        end = _RANDOM + _LENGTH + int.from_bytes(plain[_RANDOM : _RANDOM + _LENGTH])
        if plain[end:].decode("utf-8", "replace") != secret["app_id"]:
            raise NotVerified
        text = plain[_RANDOM + _LENGTH : end]
        base.fields_of(base.parsed(text))
        return [Message(sha256(text).hexdigest()[:32], text)]

    def answer(self) -> Answer:
        """The word within five seconds."""
        return Answer(b"success", "text/plain")

    def lookup(self, payload: Any, secret: Secret, token: str, now_ms: int) -> Call | None:
        """order/get of the message's order."""
        if payload.get("Event") not in _ORDERS:
            return None
        told = base.fields_of(payload.get("order_info"))
        body = msgspec.json.encode({"order_id": base.ident(told.get("order_id"))})
        return Call("POST", "/channels/ec/order/get", {"access_token": token}, {"content-type": "application/json"}, body)

    def detail(self, body: bytes) -> Any:
        """The answer, with an order in it."""
        return base.detail_in(body, lambda found: isinstance(found.get("order"), dict), "errcode")


def _signed(*parts: str) -> str:
    return sha1("".join(sorted(parts)).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def _packed(push: Push) -> str:
    try:
        packed = base.fields_of(base.parsed(push.body)).get("Encrypt")
    except Unreadable:
        raise NotVerified from None
    if not isinstance(packed, str):
        raise NotVerified
    return packed
