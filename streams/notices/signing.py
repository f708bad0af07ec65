"""How a webhook's call is signed: by the Standard Webhooks convention, and under our own names, which came first.

    webhook-id         X-Livescreen-Id           the message's id, the same at every attempt
    webhook-timestamp  X-Livescreen-Timestamp    Unix seconds of this attempt
    webhook-signature  X-Livescreen-Signature    of id, timestamp and body; of timestamp and body

The convention's key is what is behind `whsec_`, from base64; a secret without that prefix is the key as it is (UTF-8).
"""

import base64
import binascii
import hmac
from hashlib import sha256

PREFIX = "whsec_"
#: What is signed with fewer bytes can be guessed.
LEAST_BYTES = 16


def key(secret: str) -> bytes:
    """The convention's key; ValueError where `whsec_` is followed by what is no base64, or by too little of it."""
    if not secret.startswith(PREFIX):
        return secret.encode()
    text = secret.removeprefix(PREFIX)
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)  # the padding may be left out
    except binascii.Error:
        raise ValueError(f"what follows {PREFIX} must be base64") from None
    if len(found) < LEAST_BYTES:
        raise ValueError(f"what follows {PREFIX} must be base64 of at least {LEAST_BYTES} bytes")
    return found


def headers(secret: str, message: str, timestamp: str, body: bytes) -> dict[str, str]:
    """The six headers. `message`: its id. `timestamp`: Unix seconds."""
    ours = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, sha256).hexdigest()
    standard = hmac.new(key(secret), f"{message}.{timestamp}.".encode() + body, sha256).digest()
    return {
        "webhook-id": message,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(standard).decode()}",
        "X-Livescreen-Id": message,
        "X-Livescreen-Timestamp": timestamp,
        "X-Livescreen-Signature": f"v1={ours}",
    }
