"""Shopify: `x-shopify-hmac-sha256` is the HMAC of the body; a webhook has the whole order."""

import hmac
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256

from streams.platforms import base
from streams.platforms.base import Message, NotVerified, Push, Secret, Unreadable


class Shopify(base.Plain):
    """Where its secret names the `shop` (…myshopify.com), webhooks of others are refused."""

    fields: Sequence[str] = ("client_secret",)
    headers: Sequence[str] = ("x-shopify-topic", "x-shopify-shop-domain")

    def verify(self, push: Push, secret: Secret) -> None:
        """HMAC-SHA256 of the body, in base64."""
        signed = hmac.new(secret["client_secret"].encode(), push.body, sha256).digest()
        base.check(push.headers.get("x-shopify-hmac-sha256", ""), b64encode(signed).decode())
        if secret.get("shop") and push.headers.get("x-shopify-shop-domain") != secret["shop"]:
            raise NotVerified

    def unwrap(self, push: Push, secret: Secret) -> list[Message]:
        """One message; a webhook that is sent again has the same id."""
        if not (ident := push.headers.get("x-shopify-webhook-id")):
            raise Unreadable("the header x-shopify-webhook-id is missing")
        base.fields_of(base.parsed(push.body))
        return [Message(ident, push.body)]
