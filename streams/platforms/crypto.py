"""AES-CBC with PKCS#7, as platforms encrypt what they push."""

from base64 import b64decode
from binascii import Error

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from streams.platforms.base import NotVerified


def decrypted(packed: str, key: bytes, vector: bytes, block: int = 16) -> bytes:
    """The plain bytes of base64. `block`: up to how many bytes are filled up. Raises `NotVerified`: nobody with the key wrote it."""
    try:
        data = b64decode(packed, validate=True)
        decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
        plain = decryptor.update(data) + decryptor.finalize()
    except (ValueError, Error):
        raise NotVerified from None
    fill = plain[-1] if plain else 0
    if not 1 <= fill <= block or not plain.endswith(bytes([fill]) * fill):
        raise NotVerified
    return plain[:-fill]
