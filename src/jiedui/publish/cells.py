"""How a value of a table is written, for people and for files."""

from __future__ import annotations

import math
from collections.abc import Iterable
from unicodedata import east_asian_width

from jiedui.language import Lang, decimal, text
from jiedui.tables import Column

UNKNOWN = "–"
WORDED = ("certificate", "status")
"""Columns whose values are keys: people read the words of the catalogue."""

Value = str | float | bool | None


def shown(value: Value, column: Column, lang: Lang, *, places: int = 2) -> str:
    """Give the text of a value as people read it.

    Examples
    --------
    >>> km = Column("km", "number", {"zh": "距离", "en": "distance"})
    >>> shown(1234.5678, km, "en", places=1), shown(None, km, "en")
    ('1,234.6', '–')
    """
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, bool | str):
        return worded(value, column, lang)
    return decimal(value, places)


def worded(value: Value, column: Column, lang: Lang) -> str:
    """Give the words for yes or no or for a key of a worded column; another text stands as it is."""
    if isinstance(value, bool):
        return text("publish.yes" if value else "publish.no", lang)
    return text(f"publish.{column.name}.{value}", lang) if column.name in WORDED else str(value)


def plain(value: Value, column: Column, lang: Lang) -> str:
    """Give the text of a value for a file: numbers without commas, nothing where nothing is known.

    A text that a spreadsheet would take for a formula is led by an apostrophe.

    Examples
    --------
    >>> reason = Column("reason", "text", {"zh": "理由", "en": "reason"})
    >>> plain("=1+1", reason, "en"), plain(0.1 + 0.2, reason, "en"), plain(None, reason, "en")
    ("'=1+1", '0.3', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool | str):
        words = worded(value, column, lang) if value != "" else ""
        return f"'{words}" if words.startswith(("=", "+", "-", "@", "\t", "\r")) else words
    if not math.isfinite(value):
        return ""
    digits = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if digits == "-0" else digits


def decimal_places(values: Iterable[Value], column: Column) -> int:
    """Give the decimal places that a column needs, the same for all its numbers: at most three.

    Numbers of a hundred and more need one at most, those with a unit two, parts of one three.
    """
    numbers = [abs(value) for value in values if isinstance(value, int | float) and math.isfinite(value)]
    largest = max(numbers, default=0.0)
    most = 1 if largest >= 100 else 2 if largest >= 1 or column.unit else 3  # noqa: PLR2004
    return next(
        places
        for places in range(most + 1)
        if all(round(number, places) == round(number, most) for number in numbers)
    )


def width(words: str) -> int:
    """Give the width of a text in columns of a terminal or sheet: a Chinese character takes two."""
    return sum(2 if is_wide(sign) else 1 for sign in words)


def is_wide(sign: str) -> bool:
    """Tell whether a character takes the room of two letters."""
    return east_asian_width(sign) in "WF"
