"""WooCommerce: `x-wc-webhook-signature` is the HMAC of the body; a webhook has the whole order."""

import hmac
import re
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256

from streams.platforms import base
from streams.platforms.base import Answer, Message, Push, Secret, Unreadable

_PING = re.compile(rb"webhook_id=[0-9]{1,18}")


class Woocommerce(base.Plain):
    """A webhook is switched off by the shop after a few failures."""

    fields: Sequence[str] = ("secret",)
    headers: Sequence[str] = ("x-wc-webhook-topic",)

    def greeting(self, push: Push, secret: Secret) -> Answer | None:
        """A new webhook asks with a form that nobody has signed. It says nothing, and nothing is taken of it."""
        return Answer() if _PING.fullmatch(push.body) else None

    def verify(self, push: Push, secret: Secret) -> None:
        """HMAC-SHA256 of the body, in base64."""
        signed = hmac.new(secret["secret"].encode(), push.body, sha256).digest()
        base.check(push.headers.get("x-wc-webhook-signature", ""), b64encode(signed).decode())

    def unwrap(self, push: Push, secret: Secret) -> list[Message]:
        """One message."""
        if not (ident := push.headers.get("x-wc-webhook-delivery-id")):
            raise Unreadable("the header x-wc-webhook-delivery-id is missing")
        base.fields_of(base.parsed(push.body))
        return [Message(ident, push.body)]
