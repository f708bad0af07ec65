"""快手 live: `kwaisign` is the MD5 of body and secret; one push holds several entries of a room."""

from collections.abc import Sequence
from hashlib import md5

from streams.platforms import base
from streams.platforms.base import Answer, Message, Push, Secret


class KuaishouLive(base.Plain):
    """Entries have no ids of their own: the push's and their place."""

    deadline_seconds = 3.0
    fields: Sequence[str] = ("app_secret",)

    def verify(self, push: Push, secret: Secret) -> None:
        """MD5 of body and app_secret, in hexadecimal."""
        signed = md5(push.body + secret["app_secret"].encode(), usedforsecurity=False).hexdigest()
        base.check(push.headers.get("kwaisign", "").lower(), signed)

    def unwrap(self, push: Push, secret: Secret) -> list[Message]:
        """One message."""
        return [Message(base.ident(base.fields_of(base.parsed(push.body)).get("message_id")), push.body)]

    def answer(self) -> Answer:
        """Result 1 within three seconds."""
        return Answer(b'{"result":1}')
