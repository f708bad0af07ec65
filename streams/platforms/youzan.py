"""有赞: `event-sign` is the MD5 of client id, body and secret; the trade is JSON, URL-encoded, in `msg`."""

from collections.abc import Sequence
from hashlib import md5
from urllib.parse import unquote_to_bytes

import msgspec

from streams.platforms import base
from streams.platforms.base import Answer, Message, Push, Secret, Unreadable


class Youzan(base.Plain):
    """A push has the whole trade."""

    fields: Sequence[str] = ("client_id", "client_secret")

    def verify(self, push: Push, secret: Secret) -> None:
        """MD5 of client_id, body and client_secret, in hexadecimal."""
        signed = md5(secret["client_id"].encode() + push.body + secret["client_secret"].encode(), usedforsecurity=False).hexdigest()
        base.check(push.headers.get("event-sign", "").lower(), signed)

    def unwrap(self, push: Push, secret: Secret) -> list[Message]:
        """One message, its `msg` decoded; none where it is a test."""
        message = base.fields_of(base.parsed(push.body))
        if message.get("test") is True:
            return []
        if not isinstance(message.get("msg"), str):
            raise Unreadable("the field msg is not a text")
        decoded = unquote_to_bytes(message["msg"].replace("+", "%20"))
        base.parsed(decoded)
        return [Message(base.ident(message.get("msg_id")), msgspec.json.encode({**message, "msg": msgspec.Raw(decoded)}))]

    def answer(self) -> Answer:
        """Code 0."""
        return Answer(b'{"code":0,"msg":"success"}')
