"""How each platform signs and packs a push; see `Case`. Written apart from `streams.platforms`, which it checks."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

#: headers, query, body
Signed = tuple[dict[str, str], dict[str, str], bytes]
JSON = {"content-type": "application/json"}


def compact(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def md5(*parts: bytes) -> str:
    return hashlib.md5(b"".join(parts)).hexdigest()


def mac(key: str, text: bytes) -> bytes:
    return hmac.new(key.encode(), text, hashlib.sha256).digest()


def encrypt(plain: bytes, key: bytes, vector: bytes, block: int) -> str:
    fill = block - len(plain) % block
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([fill]) * fill) + encryptor.finalize()).decode()


def doudian(value: Any, secret: Mapping[str, str], headers: Mapping[str, str]) -> Signed:
    body = compact(value)
    sign = md5(secret["app_key"].encode(), body, secret["app_secret"].encode())
    return {**JSON, "app-id": secret["app_key"], "event-sign": sign, **headers}, {}, body


def douyin_live(value: Any, secret: Mapping[str, str], headers: Mapping[str, str]) -> Signed:
    body = compact(value)
    said = {"x-nonce-str": "nonce", "x-timestamp": "1795608000000", **headers}
    head = "&".join(f"{name}={said[name]}" for name in sorted(said))
    sign = base64.b64encode(hashlib.md5(head.encode() + body + secret[said["x-msg-type"]].encode()).digest()).decode()
    return {**JSON, **said, "x-signature": sign}, {}, body


def tiktok_shop(value: Any, secret: Mapping[str, str], headers: Mapping[str, str]) -> Signed:
    body = compact(value)
    return {**JSON, "authorization": mac(secret["app_secret"], secret["app_key"].encode() + body).hex(), **headers}, {}, body


def shopify(value: Any, secret: Mapping[str, str], headers: Mapping[str, str]) -> Signed:
    body = compact(value)
    sign = base64.b64encode(mac(secret["client_secret"], body)).decode()
    return {**JSON, "x-shopify-hmac-sha256": sign, "x-shopify-shop-domain": secret["shop"], **headers}, {}, body


def woocommerce(value: Any, secret: Mapping[str, str], headers: Mapping[str, str]) -> Signed:
    body = compact(value)
    return {**JSON, "x-wc-webhook-signature": base64.b64encode(mac(secret["secret"], body)).decode(), **headers}, {}, body


def youzan(value: Any, secret: Mapping[str, str], headers: Mapping[str, str]) -> Signed:
    body = compact({**value, "msg": quote(compact(value["msg"]).decode())})
    return {**JSON, "event-sign": md5(secret["client_id"].encode(), body, secret["client_secret"].encode()), **headers}, {}, body


def kuaishou_live(value: Any, secret: Mapping[str, str], headers: Mapping[str, str]) -> Signed:
    body = compact(value)
    return {**JSON, "kwaisign": md5(body, secret["app_secret"].encode()), **headers}, {}, body


def kuaishou_shop(value: Any, secret: Mapping[str, str], headers: Mapping[str, str]) -> Signed:
    key = base64.b64decode(secret["message_key_base64"])
    return {"content-type": "text/plain", **headers}, {}, encrypt(compact(value), key, bytes(16), 16).encode()


def wechat_shop(value: Any, secret: Mapping[str, str], headers: Mapping[str, str]) -> Signed:
    key, text = base64.b64decode(secret["encoding_aes_key"] + "="), compact(value)
    packed = encrypt(b"r" * 16 + len(text).to_bytes(4) + text + secret["app_id"].encode(), key, key[:16], 32)
    said = {"timestamp": "1795608000", "nonce": "n"}
    sign = hashlib.sha1("".join(sorted([secret["token"], *said.values(), packed])).encode()).hexdigest()
    return {**JSON, **headers}, {**said, "msg_signature": sign}, compact({"ToUserName": "gh", "Encrypt": packed})


SIGN = {
    "doudian": doudian, "douyin-live": douyin_live, "tiktok-shop": tiktok_shop, "shopify": shopify, "woocommerce": woocommerce,
    "youzan": youzan, "kuaishou-live": kuaishou_live, "kuaishou-shop": kuaishou_shop, "wechat-shop": wechat_shop,
}  # fmt: skip
