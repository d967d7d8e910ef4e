"""Checks of the keys of ``programme.toml`` that every purpose of a programme uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from jiedui.language import LANGUAGES

Fault = tuple[str, str, dict[str, Any]]
"""Rule, key in the file, values for the text."""


def unknown(table: Mapping[str, Any], prefix: str, known: tuple[str, ...]) -> Iterator[Fault]:
    """Find keys that nothing reads."""
    for key in sorted(set(table) - set(known)):
        yield "unknown_key", f"{prefix}{key}", {"allowed": ", ".join(known)}


def is_words(value: object) -> bool:
    """Tell whether a value is words in every language."""
    return isinstance(value, dict) and all(isinstance(value.get(lang), str) for lang in LANGUAGES)


def is_number(value: object) -> bool:
    """Tell whether a value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_count(value: object) -> bool:
    """Tell whether a value is a whole number that is not negative."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_date(value: str) -> bool:
    """Whether a text is a year, a month or a day."""
    parts = value.split("-")
    lengths = [len(part) for part in parts]
    if not (value.isascii() and all(map(str.isdigit, parts)) and lengths in ([4], [4, 2], [4, 2, 2])):
        return False
    try:
        date(*(int(part) for part in (*parts, "01", "01")[:3]))
    except ValueError:
        return False
    return True
