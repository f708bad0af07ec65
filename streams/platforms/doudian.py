"""抖店: `event-sign` is the MD5 of app id, body and secret; an array of messages that have ids only."""

import hmac
from collections.abc import Sequence
from hashlib import md5, sha256
from typing import Any

import msgspec

from streams.platforms import base
from streams.platforms.base import Answer, Call, Message, Push, Secret

#: The message that asks whether the address is right.
_PROBE = "0"
_ORDERS = {"100", "101", "106", "206"}
_METHOD = "order.orderDetail"


class Doudian(base.Plain):
    """Its signature has no time: messages that come again are known by their id alone."""

    fields: Sequence[str] = ("app_key", "app_secret")
    headers: Sequence[str] = ()
    address = "https://openapi-fxg.jinritemai.com"

    def verify(self, push: Push, secret: Secret) -> None:
        """MD5 of app_key, body and app_secret, in hexadecimal."""
        signed = md5(secret["app_key"].encode() + push.body + secret["app_secret"].encode(), usedforsecurity=False).hexdigest()
        base.check(push.headers.get("event-sign", "").lower(), signed)

    def unwrap(self, push: Push, secret: Secret) -> list[Message]:
        """The messages that are about something; one SDK reads a single object instead of an array."""
        raws = [push.body] if push.body.lstrip().startswith(b"{") else base.entries(push.body)
        found = []
        for raw in raws:
            message = base.fields_of(base.parsed(raw))
            if str(message.get("tag")) != _PROBE:
                found.append(Message(base.ident(message.get("msg_id")), raw))
        return found

    def answer(self) -> Answer:
        """Code 0 within five seconds."""
        return Answer(b'{"code":0,"msg":"success"}')

    def lookup(self, payload: Any, secret: Secret, token: str, now_ms: int) -> Call | None:
        """order.orderDetail of the message's order."""
        if str(payload.get("tag")) not in _ORDERS:
            return None
        data = payload.get("data")
        told = base.fields_of(base.parsed(data.encode()) if isinstance(data, str) else data)
        asked = msgspec.json.encode({"shop_order_id": base.ident(told.get("p_id"))}).decode()
        signed = {"app_key": secret["app_key"], "method": _METHOD, "param_json": asked, "timestamp": str(now_ms // 1000), "v": "2"}
        text = secret["app_secret"] + "".join(name + signed[name] for name in sorted(signed)) + secret["app_secret"]
        sign = hmac.new(secret["app_secret"].encode(), text.encode(), sha256).hexdigest()
        query = {name: value for name, value in signed.items() if name != "param_json"}
        query |= {"access_token": token, "sign": sign, "sign_method": "hmac-sha256"}
        return Call("POST", "/order/orderDetail", query, {"content-type": "application/json"}, asked.encode())

    def detail(self, body: bytes) -> Any:
        """What stands in `data`."""
        return base.detail_in(body, lambda found: "shop_order_detail" in found, "code", "data")
