"""TikTok Shop: `authorization` is the HMAC of app key and body; a push of an order has its id and status only."""

import hmac
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from streams.platforms import base
from streams.platforms.base import Answer, Call, Message, Push, Secret

_ORDER_CHANGED = 1
_PATH = "/order/202309/orders"


class TiktokShop(base.Plain):
    """Its secret may hold `shop_cipher`, which names the shop to the API."""

    fields: Sequence[str] = ("app_key", "app_secret")
    address = "https://open-api.tiktokglobalshop.com"

    def verify(self, push: Push, secret: Secret) -> None:
        """HMAC-SHA256 of app_key and body, in hexadecimal."""
        signed = hmac.new(secret["app_secret"].encode(), secret["app_key"].encode() + push.body, sha256).hexdigest()
        base.check(push.headers.get("authorization", "").lower(), signed)

    def unwrap(self, push: Push, secret: Secret) -> list[Message]:
        """One message."""
        return [Message(base.ident(base.fields_of(base.parsed(push.body)).get("tts_notification_id")), push.body)]

    def answer(self) -> Answer:
        """A 200."""
        return Answer(b"{}")

    def lookup(self, payload: Any, secret: Secret, token: str, now_ms: int) -> Call | None:
        """The order of a change of an order."""
        if payload.get("type") != _ORDER_CHANGED:
            return None
        query = {"app_key": secret["app_key"], "timestamp": str(now_ms // 1000)}
        query["ids"] = base.ident(base.fields_of(payload.get("data")).get("order_id"))
        if cipher := secret.get("shop_cipher"):
            query["shop_cipher"] = cipher
        text = secret["app_secret"] + _PATH + "".join(name + query[name] for name in sorted(query)) + secret["app_secret"]
        query["sign"] = hmac.new(secret["app_secret"].encode(), text.encode(), sha256).hexdigest()
        return Call("GET", _PATH, query, {"x-tts-access-token": token, "content-type": "application/json"})

    def detail(self, body: bytes) -> Any:
        """What stands in `data`, with an order in it."""
        return base.detail_in(body, lambda found: found.get("orders"), "code", "data")
