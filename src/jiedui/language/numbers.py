"""Numbers as an office writes them: thousands apart by commas, a dash for what is not known."""

from __future__ import annotations

import math

UNKNOWN = "–"


def integer(value: float | None) -> str:
    """Write a whole number.

    Examples
    --------
    >>> integer(55612), integer(None)
    ('55,612', '–')
    """
    return UNKNOWN if value is None or not math.isfinite(value) else f"{round(value):,d}"


def decimal(value: float | None, places: int = 2) -> str:
    """Write a number with a fixed count of decimal places.

    Examples
    --------
    >>> decimal(3.264, 2), decimal(float("inf"))
    ('3.26', '–')
    """
    return UNKNOWN if value is None or not math.isfinite(value) else f"{value:,.{places}f}"
