"""Figures as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from jiedui_web.language import this_language

MANY, ONE = 100, 1
"""From a hundred on one decimal is enough, from one on two are; below there are three."""


def shown(value: object) -> str:
    """Give a value as people read it.

    Examples
    --------
    >>> shown(1234.5), shown(16.0), shown(0.2046), shown(None)
    ('1,234.5', '16', '0.205', '–')
    """
    if value is None or value == "":
        return "–"
    if isinstance(value, Mapping):
        return str(value.get(this_language(), ""))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.1f}" if abs(value) >= MANY else f"{value:,.2f}" if abs(value) >= ONE else f"{value:.3f}"
