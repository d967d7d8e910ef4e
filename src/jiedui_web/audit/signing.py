"""Checkpoints: the number and head of the chain at a moment, signed; whoever keeps one can hold us to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

CURVE_BYTES = 32


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement of how long the chain was at a moment, and its head."""

    number: int
    head: str
    at: str
    key: str
    signature: str

    def said(self) -> bytes:
        """Give the bytes that are signed."""
        return f"jiedui checkpoint 1\n{self.number}\n{self.head}\n{self.at}\n".encode()

    def is_signed(self) -> bool:
        """Whether the signature is that of the key named."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))
            key.verify(bytes.fromhex(self.signature), self.said())
        except (InvalidSignature, ValueError):
            return False
        return True

    def spelled(self) -> str:
        """Give it as a file holds it."""
        return json.dumps(asdict(self), indent=1) + "\n"


def sign(number: int, head: str, at: str, private: bytes) -> Checkpoint:
    """Sign a checkpoint with a private key of 32 bytes."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(private)
    public = key.public_key().public_bytes_raw().hex()
    unsigned = Checkpoint(number, head, at, public, "")
    return Checkpoint(number, head, at, public, key.sign(unsigned.said()).hex())


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint; one that cannot be read is one without a valid signature."""
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        return Checkpoint(
            int(row["number"]), str(row["head"]), str(row["at"]), str(row["key"]), str(row["signature"])
        )
    except (ValueError, KeyError, TypeError):
        return Checkpoint(0, "", path.name, "", "")


def read_checkpoints(folder: Path) -> Iterator[Checkpoint]:
    """Read every checkpoint of a folder."""
    for path in sorted(folder.glob("*.json")):
        yield read_checkpoint(path)
