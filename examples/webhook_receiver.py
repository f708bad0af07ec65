"""Takes livescreen's webhooks: checks each call by the Standard Webhooks convention, and prints what happened.

    python examples/webhook_receiver.py SECRET [PORT]

SECRET is the subscription's. Needs nothing but Python. Put a server with TLS in front of it before it leaves your network.
"""

import base64
import hmac
import json
import sys
import time
from collections import OrderedDict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE_SECONDS = 300
MOST_BYTES = 4 * 1024 * 1024
seen: OrderedDict[str, None] = OrderedDict()


def key(secret: str) -> bytes:
    """The bytes to sign with: what stands behind `whsec_`, from base64; any other secret as it is."""
    return base64.b64decode(secret[6:] + "==") if secret.startswith("whsec_") else secret.encode()


def is_genuine(secret: str, headers, body: bytes) -> bool:
    """Whether livescreen signed this, and lately."""
    message, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    digest = hmac.new(key(secret), f"{message}.{timestamp}.".encode() + body, "sha256").digest()
    expected = "v1," + base64.b64encode(digest).decode()
    # There may be several signatures, while a secret is being changed.
    given = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(each.encode(), expected.encode()) for each in given)


class Handler(BaseHTTPRequestHandler):
    """Answers 204 to what is genuine, 401 to all else; anything but 2xx is sent again."""

    secret = ""

    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(min(length, MOST_BYTES))
        if not is_genuine(self.secret, self.headers, body):
            self.answer(401)
            return
        message = self.headers["webhook-id"]
        if message not in seen:  # an attempt whose answer was lost comes again, under the same id
            seen[message] = None
            if len(seen) > 10_000:
                seen.popitem(last=False)
            for alert in json.loads(body)["alerts"]:
                print(f"{alert['severity']} {alert['room']}: {alert['from']} -> {alert['to']} {json.dumps(alert['title_en'])}", flush=True)
        self.answer(204)

    def answer(self, status: int):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()


if __name__ == "__main__":
    Handler.secret = sys.argv[1]
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 8080), Handler)
    print(f"listening on http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()
