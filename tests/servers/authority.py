"""A certificate authority of the tests' own, with what it signs, in files as people have them."""

from dataclasses import dataclass
from pathlib import Path

import trustme
from cryptography.hazmat.primitives import serialization as forms


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where a certificate and its key are (PEM, the key in PKCS #8, which Java reads too)."""

    file: Path
    key: Path

    @property
    def together(self) -> str:
        """Both, the key first, as Kafka wants them in one file."""
        return self.key.read_text() + self.file.read_text()


class Authority:
    """`file`: its own certificate, for those who trust it."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._ca = trustme.CA()
        self._directory = directory
        self.file = directory / "ca.pem"
        self._ca.cert_pem.write_to_path(str(self.file))

    def sign(self, name: str, *hosts: str, password: bytes | None = None) -> Certificate:
        """A new certificate for these hosts (or for no host: a client), in files of this name. `password`: of its key."""
        leaf = self._ca.issue_cert(*hosts or (f"{name}@example.org",))
        made = Certificate(self._directory / f"{name}.pem", self._directory / f"{name}.key")
        made.file.write_bytes(b"".join(part.bytes() for part in leaf.cert_chain_pems))
        key = forms.load_pem_private_key(leaf.private_key_pem.bytes(), None)
        how = forms.NoEncryption() if password is None else forms.BestAvailableEncryption(password)
        made.key.write_bytes(key.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, how))
        return made
