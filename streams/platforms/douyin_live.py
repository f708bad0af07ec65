"""抖音 live data: a secret for each type of message; the room and the type stand in headers, the body is a list of entries."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import md5
from typing import Any

from streams.platforms import base
from streams.platforms.base import Answer, Message, NotVerified, Push, Secret, Unreadable

_SIGNED = ("x-msg-type", "x-nonce-str", "x-roomid", "x-timestamp")  # in the order of the alphabet


class DouyinLive(base.Plain):
    """Its secrets are named after the types: live_comment, live_like, live_fansclub, live_gift."""

    deadline_seconds = 2.0
    fields: Sequence[str] = ()
    headers: Sequence[str] = ("x-msg-type", "x-roomid")

    def verify(self, push: Push, secret: Secret) -> None:
        """MD5 in base64 of the headers, the body and the secret of the type."""
        key = secret.get(push.headers.get("x-msg-type", ""))
        if not key:
            raise NotVerified
        head = "&".join(f"{name}={push.headers.get(name, '')}" for name in _SIGNED)
        signed = md5(head.encode() + push.body + key.encode(), usedforsecurity=False).digest()
        base.check(push.headers.get("x-signature", ""), b64encode(signed).decode())

    def unwrap(self, push: Push, secret: Secret) -> list[Message]:
        """One message an entry."""
        if not push.headers.get("x-roomid"):
            raise Unreadable("the header x-roomid is missing")
        sort = push.headers["x-msg-type"]
        return [Message(f"{sort}-{base.ident(_id(raw))}", raw) for raw in base.entries(push.body)]

    def answer(self) -> Answer:
        """Any 2xx within two seconds."""
        return Answer(b"{}")


def _id(raw: bytes) -> Any:
    return base.fields_of(base.parsed(raw)).get("msg_id")
