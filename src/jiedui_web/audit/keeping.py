"""Keeping checkpoints and exports: the site's signing key, its folder of checkpoints, the exported trail."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from jiedui_web.audit.sealing import head_of_chain, read_chain, seal_all
from jiedui_web.audit.signing import CURVE_BYTES, Checkpoint, read_checkpoint, sign
from jiedui_web.audit.verifying import FORMAT, Link


def signing_key() -> bytes:
    """Give the private key of the site's checkpoints; made at random on first use."""
    path = Path(settings.SITE) / "keys" / "checkpoint_key"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_bytes(CURVE_BYTES).hex())
    except FileExistsError:
        pass
    return bytes.fromhex(path.read_text().strip())


def make_checkpoint() -> Checkpoint:
    """Sign how long the chain is now, and keep it in the site's folder; copies belong elsewhere."""
    number, head = head_of_chain()
    made = sign(number, head, timezone.now().isoformat(timespec="seconds"), signing_key())
    folder = checkpoint_folder()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{number:012d}.json"
    if target.is_file() and read_checkpoint(target).is_signed() and read_checkpoint(target).head == head:
        return read_checkpoint(target)
    target.write_text(made.spelled(), encoding="utf-8")
    return made


def checkpoint_folder() -> Path:
    """Give the folder of the site's own checkpoints."""
    return Path(settings.SITE) / "checkpoints"


def last_checkpoint() -> Checkpoint | None:
    """Give the latest checkpoint kept here."""
    paths = sorted(checkpoint_folder().glob("*.json"))
    return read_checkpoint(paths[-1]) if paths else None


def exported_lines() -> Iterator[str]:
    """Seal what is unsealed and give the trail line by line, as `verifying` reads it."""
    seal_all()
    number, head = head_of_chain()
    at = timezone.now().isoformat(timespec="seconds")
    yield json.dumps({"format": FORMAT, "count": number, "head": head, "at": at}) + "\n"
    for link in read_chain(to=number):
        yield _spelled(link)


def _spelled(link: Link) -> str:
    """Give one link as a line."""
    row = {"number": link.number, "previous": link.previous, "hash": link.hash, "event": link.event}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
