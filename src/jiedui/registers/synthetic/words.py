"""The words that counties are built of, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read_words() -> dict[str, Any]:
    """Give the sections of ``words.toml``."""
    return _read("words.toml")


@cache
def read_plans() -> dict[str, Any]:
    """Give the plans of ``deliveries.toml``."""
    return _read("deliveries.toml")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
