"""The search index: until it is there, nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable


def add_to_index(ids: Iterable[int]) -> None:
    """Put records into the index."""


def remove(ids: Iterable[int]) -> None:
    """Take records out of the index."""
