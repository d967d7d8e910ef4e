"""Keys of a site: made at random on first use, kept in its folder, readable by its owner alone."""

from __future__ import annotations

import os
import secrets as random
from pathlib import Path


def secret(site: Path, name: str) -> str:
    """Give a key of the site; the environment's (``JIEDUI_SECRET_KEY``, …) goes first.

    Where there is no site (its folder is missing), the key is for this process alone and kept nowhere.
    """
    if given := os.environ.get(f"JIEDUI_{name.upper()}"):
        return given
    if not site.is_dir():
        return random.token_urlsafe(64)
    path = site / "keys" / name
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(random.token_urlsafe(64))
        except FileExistsError:
            pass
    return path.read_text()
