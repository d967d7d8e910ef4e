"""What a backup holds: its manifest, and which files may be in it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

FORMAT = "jiedui-backup-1"
MANIFEST = "manifest.json"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
FOLDERS = ("uploads", "checkpoints", "keys")
NAME = re.compile(rf"(?:{'|'.join(FOLDERS)})/[A-Za-z0-9][A-Za-z0-9._-]*|{'|'.join(DATABASES.values())}")
CHUNK = 1024**2


class BadBackupError(Exception):
    """A backup that cannot be used; the message says why, in every language."""


@dataclass(slots=True)
class Manifest:
    """What a backup says of itself.

    Attributes
    ----------
    files : mapping of str to str
        SHA-256 of each file.
    counts : mapping of str to int
        Rows of each table.
    number, head : int, str
        The last event of the trail and its seal.
    seal_key : str
        A fingerprint of the key that seals ID numbers: whether a kept key is the one that is needed.
    """

    vendor: str
    at: str
    number: int
    head: str
    seal_key: str
    counts: Mapping[str, int]
    files: dict[str, str] = field(default_factory=dict)
    format: str = FORMAT

    def spelled(self) -> bytes:
        """Give it as a file holds it."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False).encode()


def read_manifest(path: Path) -> Manifest | None:
    """Read a manifest; None if there is none that can be read."""
    try:
        row: dict[str, Any] = json.loads(path.read_bytes())
        made = Manifest(**row)
    except (OSError, ValueError, TypeError):
        return None
    is_whole = all(isinstance(row.get(name), dict) for name in ("files", "counts"))
    return made if is_whole and made.format == FORMAT and made.vendor in DATABASES else None


def hash_of(file: BinaryIO) -> str:
    """Give the SHA-256 of what a file holds."""
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def hash_of_path(path: Path) -> str:
    """Give the SHA-256 of a file."""
    with path.open("rb") as file:
        return hash_of(file)


def fingerprint(key: str) -> str:
    """Give a fingerprint of a key, from which it cannot be found."""
    return hashlib.sha256(b"jiedui seal key\x00" + key.encode()).hexdigest()[:16]
