"""Registers of a county that does not exist, under a code and a name of one's choice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from jiedui.registers.synthetic import make_county

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
"""Of GB 11643: the weights of the first 17 digits, and the closing sign by their sum modulo 11."""
WHOLE = 18
COUNTY_SIGNS = 6


def invented_county(
    *, households: int, seed: int, code: str, name: str
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Give register and rows of a made-up county; codes that begin with 99 are no place's.

    Parameters
    ----------
    code, name
        Take the place of those that the core gives every county, so that two can stand side by side.
    """
    tables = make_county(households=households, seed=seed).tables
    village = tables["villages"].slice(0, 1).to_pylist()[0]
    change = _changed(village["place_code"][:COUNTY_SIGNS], code, village["county"], name)
    for register, table in tables.items():
        yield register, [{key: change(value) for key, value in row.items()} for row in table.to_pylist()]


def _changed(old: str, code: str, called: str, name: str) -> Callable[[Any], Any]:
    """Give what puts another county in the place of the one made."""

    def change(value: Any) -> Any:  # noqa: ANN401 - a cell of any type
        if not isinstance(value, str):
            return value
        if value.startswith(old):
            moved = code + value[len(old) :]
            return closed(moved) if _is_closed(value) else moved
        return value.replace(called, name)

    return change


def closed(number: str) -> str:
    """Give an ID number with the closing sign that its digits ask for.

    Examples
    --------
    >>> closed("99002119810129547X")
    '990021198101295475'
    """
    total = sum(int(sign) * weight for sign, weight in zip(number[:-1], WEIGHTS, strict=True))
    return number[:-1] + CHECKS[total % len(CHECKS)]


def _is_closed(value: str) -> bool:
    """Whether a value is a whole ID number with its right closing sign: a planted wrong one stays wrong."""
    return len(value) == WHOLE and value[:-1].isdecimal() and closed(value) == value
