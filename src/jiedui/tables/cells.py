"""The value of one cell, read as its column declares; nothing is guessed or repaired."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from jiedui.tables.allowed import allowed_words
from jiedui.tables.grid import FailedFormula, is_blank

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jiedui.tables.declaration import Column, Type

Value = str | int | float | bool | None

LONGEST = 32_767
"""The signs that fit in one Excel cell."""
EXACT = 10**15
"""Excel keeps 15 digits of a number: a longer code typed as a number is already spoiled."""
INT64 = 2**63
MINOR = 100
"""Minor units (fen, cents) in one unit of money."""
SHOWN = 40
"""How much of a cell a finding repeats."""

PLAIN_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
PLAIN_INTEGER = re.compile(r"([+-]?\d+)(\.0*)?", re.ASCII)
NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
DATE = re.compile(r"(\d{4})(?:([-/])(\d{1,2})(?:\2(\d{1,2}))?)?", re.ASCII)
"""As written here, or as a spreadsheet writes it into a csv that it saves: ``2016/5/1``."""
FULL_WIDTH = re.compile("[０-９]")
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
"""Control characters other than tab and line break, and the invisible ones that make two codes look alike."""
TRUTH: Mapping[str, bool] = {
    "true": True,
    "yes": True,
    "是": True,
    "1": True,
    "false": False,
    "no": False,
    "否": False,
    "0": False,
}


class Refusal(Exception):  # noqa: N818
    """A cell that cannot be used: the rule and what its text needs."""

    def __init__(self, rule: str, **values: object) -> None:
        super().__init__(rule)
        self.rule = rule
        self.values = values


def read_cell(cell: object, column: Column) -> Value:
    """Give the value of a cell, None when it is empty and may be.

    Raises
    ------
    Refusal
        If the cell cannot be used.

    Examples
    --------
    >>> from jiedui.tables import Column
    >>> code = Column("code", "text", {"zh": "代码", "en": "code"})
    >>> read_cell(530000.0, code), read_cell(" 云南 ", code)
    ('530000', '云南')
    """
    if isinstance(cell, str):
        cell = _clean(cell)
    if is_blank(cell):
        if column.required:
            raise Refusal("table.cell_empty")
        return None
    value = READERS[column.type](cell)
    _within(value, column)
    return value


def shown(cell: object) -> str:
    """Give a cell as a finding repeats it: short, on one line, nothing invisible."""
    text = cell if isinstance(cell, str) else str(cell)
    text = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text[: SHOWN + 1])
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _clean(cell: str) -> str:
    """Give a text without the spaces around it."""
    if found := FORBIDDEN.search(cell):
        raise Refusal("table.cell_control", code=f"U+{ord(found[0]):04X}", position=found.start() + 1)
    if len(cell) > LONGEST:
        raise Refusal("table.cell_long", length=len(cell), longest=LONGEST)
    return cell.strip()


def _within(value: Value, column: Column) -> None:
    """Check bounds and choices."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if column.type == "money":
            value /= MINOR
        low = column.at_least is not None and value < column.at_least
        high = column.at_most is not None and value > column.at_most
        if low or high or (column.above is not None and value <= column.above):
            raise Refusal("table.out_of_bounds", found=shown(value), allowed=allowed_words(column))
    if column.choices and str(value) not in column.choices:
        raise Refusal("table.not_a_choice", found=shown(value), allowed=allowed_words(column))


def _wrong(cell: object, kind: Type) -> Refusal:
    """Say that a cell is not of its column's type."""
    if isinstance(cell, FailedFormula):
        return Refusal("table.cell_formula")
    if isinstance(cell, str) and FULL_WIDTH.search(cell):
        return Refusal("table.full_width", found=shown(cell))
    return Refusal(f"table.not_{kind}", found=shown(cell))


def _text(cell: object) -> str:
    if isinstance(cell, str):
        if FULL_WIDTH.search(cell) and unicodedata.normalize("NFKC", cell).isascii():
            raise Refusal("table.full_width", found=shown(cell))
        return cell
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        raise _wrong(cell, "text")
    if isinstance(cell, int):
        return str(cell)
    _finite(cell)
    if abs(cell) >= EXACT:
        raise Refusal("table.code_spoiled", found=shown(f"{cell:.0f}"))
    return str(int(cell)) if cell.is_integer() else repr(cell)


def _number(cell: object) -> float:
    if isinstance(cell, str):
        return _finite(float(_matched(PLAIN_NUMBER, cell, "number")[0]))
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        raise _wrong(cell, "number")
    return _finite(float(cell))


def _integer(cell: object) -> int:
    if isinstance(cell, str):
        digits = _matched(PLAIN_INTEGER, cell, "integer")[1]
        _finite(float(digits))
        value = int(digits)
    elif isinstance(cell, int) and not isinstance(cell, bool):
        value = cell
    elif isinstance(cell, float) and _finite(cell).is_integer():
        value = int(cell)
    else:
        raise _wrong(cell, "integer")
    if not -INT64 <= value < INT64:
        raise Refusal("table.integer_large", found=shown(cell))
    return value


def _money(cell: object) -> int:
    """Give an amount in the minor unit; a computed amount is rounded half up, a written one is exact."""
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float)):
        raise _wrong(cell, "money")
    written = _matched(PLAIN_NUMBER, cell, "money")[0] if isinstance(cell, str) else repr(cell)
    _finite(float(written))
    amount = Decimal(written) * MINOR
    whole = amount.to_integral_value(ROUND_HALF_UP)
    if isinstance(cell, str) and whole != amount:
        raise Refusal("table.money_digits", found=shown(cell))
    if not -INT64 <= whole < INT64:
        raise Refusal("table.integer_large", found=shown(cell))
    return int(whole)


def _matched(plain: re.Pattern[str], cell: str, kind: Type) -> re.Match[str]:
    """Give a number as it is written, or refuse the text."""
    if NOT_FINITE.fullmatch(cell):
        raise Refusal("table.not_finite", found=shown(cell))
    match = plain.fullmatch(cell)
    if not match:
        raise _wrong(cell, kind)
    return match


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise Refusal("table.not_finite", found=shown(value))
    return value


def _date(cell: object) -> str:
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        cell = cell.date()
    if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    plain = DATE.fullmatch(str(cell)) if isinstance(cell, (str, int)) else None
    if not plain:
        raise _wrong(cell, "date")
    try:
        dt.date(int(plain[1]), int(plain[3] or 1), int(plain[4] or 1))
    except ValueError:
        raise Refusal("table.no_such_day", found=shown(cell)) from None
    return "-".join([plain[1], *(part.zfill(2) for part in plain.group(3, 4) if part)])


def _boolean(cell: object) -> bool:
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    truth = TRUTH.get(str(cell).lower()) if isinstance(cell, (str, int)) else None
    if truth is None:
        raise _wrong(cell, "boolean")
    return truth


READERS: Mapping[Type, Callable[[object], Value]] = {
    "text": _text,
    "integer": _integer,
    "number": _number,
    "money": _money,
    "date": _date,
    "boolean": _boolean,
}
