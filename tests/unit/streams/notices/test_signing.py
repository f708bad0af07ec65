"""Both signatures of a webhook's call; the convention's is read by its own library."""

import base64
import hmac
import json
import time
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from streams.notices import signing
from streams.notices.subscription import BadSubscription, parse

BODY = '{"id": "站"}'.encode()


def test_our_own_header_is_of_timestamp_and_body() -> None:
    digest = hmac.new(b"secret", b"17." + BODY, sha256).hexdigest()
    assert signing.headers("secret", "m", "17", BODY)["X-Livescreen-Signature"] == f"v1={digest}"


@given(st.binary(min_size=16, max_size=64), st.text("ab./:-_~1", min_size=1, max_size=80))
def test_a_secret_of_the_convention_is_what_its_library_reads(made: bytes, message: str) -> None:
    secret = signing.PREFIX + base64.b64encode(made).decode().rstrip("=" if made[0] % 2 else "")
    sent = signing.headers(secret, message, str(int(time.time())), BODY)
    assert Webhook(secret).verify(BODY, sent) == {"id": "站"}


@given(st.text(min_size=16, max_size=100).filter(lambda text: not text.startswith(signing.PREFIX)))
def test_any_other_secret_is_the_key_as_it_is(secret: str) -> None:
    sent = signing.headers(secret, "m", str(int(time.time())), BODY)
    assert Webhook(secret.encode()).verify(BODY, sent) == {"id": "站"}


@pytest.mark.parametrize("change", [{"webhook-id": "n"}, {"webhook-timestamp": str(int(time.time()) - 1)}, {"body": b"{}"}])
def test_nothing_of_it_can_be_changed(change: dict[str, str]) -> None:
    sent = signing.headers("a secret of sixteen", "m", str(int(time.time())), BODY) | change
    with pytest.raises(WebhookVerificationError):
        Webhook(b"a secret of sixteen").verify(sent.pop("body", BODY), sent)


@pytest.mark.parametrize("secret", ["whsec_no base64 at all", "whsec_c2hvcnQgYnV0IA==", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw*"])
def test_a_secret_that_only_looks_like_the_conventions_is_refused_with_what_to_do(secret: str) -> None:
    with pytest.raises(BadSubscription, match="secret: what follows whsec_ must be base64") as caught:
        parse(json.dumps({"id": "s", "target": "https://example.org/hook", "secret": secret}))
    assert secret not in str(caught.value)
