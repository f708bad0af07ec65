"""快手小店: the body is encrypted and nothing signs it, so what does not decrypt to a message of our app is refused."""

import hmac
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import msgspec

from streams.platforms import base, crypto
from streams.platforms.base import Answer, Call, Message, NotVerified, Push, Secret, Unreadable

_METHOD = "open.order.detail"
_ORDERS = ("kwaishop_order_",)


class KuaishouShop(base.Plain):
    """Its secret is the key of the messages; with `app_key`, `app_secret` and `sign_secret` beside it, details are looked up."""

    deadline_seconds = 3.0
    fields: Sequence[str] = ("message_key_base64",)
    address = "https://openapi.kwaixiaodian.com"

    def greeting(self, push: Push, secret: Secret) -> Answer | None:
        """Heartbeats may come unencrypted."""
        return self.answer() if push.body.replace(b" ", b"") == b'{"test":true}' else None

    def verify(self, push: Push, secret: Secret) -> None:
        """It decrypts to JSON, of our app where the secret names it."""
        message = _message(push, secret)
        if secret.get("app_key") and message.get("test") is not True and message.get("appKey") != secret["app_key"]:
            raise NotVerified

    def unwrap(self, push: Push, secret: Secret) -> list[Message]:
        """One message; none where it is a heartbeat."""
        message = _message(push, secret)
        return [] if message.get("test") is True else [Message(base.ident(message.get("eventId")), _plain(push, secret))]

    def answer(self) -> Answer:
        """Result 1 within three seconds."""
        return Answer(b'{"result":1}')

    def lookup(self, payload: Any, secret: Secret, token: str, now_ms: int) -> Call | None:
        """open.order.detail of the message's order."""
        if not str(payload.get("event")).startswith(_ORDERS):
            return None
        info = payload.get("info")
        told = base.fields_of(base.parsed(info.encode()) if isinstance(info, str) else info)
        ident = base.ident(told.get("oid"))
        query = {
            "access_token": token,
            "appkey": secret.get("app_key", ""),
            "method": _METHOD,
            "param": msgspec.json.encode({"oid": int(ident) if ident.isdigit() else ident}).decode(),
            "signMethod": "HMAC_SHA256",
            "timestamp": str(now_ms),
            "version": "1",
        }
        key = secret.get("sign_secret", "")
        text = "&".join(f"{name}={query[name]}" for name in sorted(query)) + f"&signSecret={key}"
        query["sign"] = b64encode(hmac.new(key.encode(), text.encode(), sha256).digest()).decode()
        return Call("GET", "/open/order/detail", query)

    def detail(self, body: bytes) -> Any:
        """What stands in `data`."""
        return base.detail_in(body, lambda found: "orderProductInfoList" in found, "result", "data")


def _plain(push: Push, secret: Secret) -> bytes:
    try:
        key = b64decode(secret["message_key_base64"], validate=True)
        text = push.body.decode("ascii").strip().strip('"')
    except (Error, ValueError):
        raise NotVerified from None
    return crypto.decrypted(text, key, bytes(16))


def _message(push: Push, secret: Secret) -> dict[str, Any]:
    try:
        return base.fields_of(base.parsed(_plain(push, secret)))
    except Unreadable:
        raise NotVerified from None
