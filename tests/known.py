"""Published data of other projects, for checks by hand: named by a variable, never part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

VARIABLE = "JIEDUI_KNOWN_DATA"
FOLDER = Path(os.environ.get(VARIABLE, "/absent"))
ALLOWED = f"{VARIABLE} names no folder of published data"
"""The only reason for which a test may be skipped on the project's own checks."""

known_data = pytest.mark.skipif(not FOLDER.is_dir(), reason=ALLOWED)
"""Mark a test that reads published data."""


def known_path(name: str) -> Path:
    """Give the path of a file of published data."""
    return FOLDER / name
