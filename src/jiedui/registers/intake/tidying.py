"""One cell tidied for its column: only changes that are certain, each named."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from jiedui.registers.files import DATE, FAILED, NUMBER, TEXT, TRUTH
from jiedui.registers.headings.labels import MONEY
from jiedui.registers.intake.wording import choice_of, is_blank_word, wording
from jiedui.tables import Column
from jiedui.tables.cells import Refusal, Value, read_cell, shown
from jiedui.tables.declaration import Type
from jiedui.tables.grid import FAILED_FORMULA

CODES = (
    "household", "id_number", "head_id_number", "disability_number", "place_code", "phone", "plate",
    "project", "title",
)  # fmt: skip
"""Columns of text whose values are codes: no space within, never a date."""
IDENTITIES = ("id_number", "head_id_number", "disability_number")
"""Codes that end in a digit or a capital X, and are masked in what is shown."""
PEOPLE = ("name", "head", "helper", "first_secretary")
LARGEST = len(str(max(MONEY.values())))
LONGEST_DATE = 40
EXCEL_DIGITS = 15
"""Excel keeps so many digits of a number and writes zeros for the others."""
NARROW = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()}
"""Digits and letters in full width, to half width."""

APOSTROPHE = re.compile(r"['’‘`]([0-9A-Za-z]+)")
SPOILED = re.compile(r"\d(\.\d+)?E\+?\d+", re.ASCII | re.IGNORECASE)
SPOILED_TEXT = re.compile(r"\d(\.\d+)?E\+\d{2}", re.ASCII)
"""A long code as Excel shows it, also in a file of text."""
FAILED_WORDS = re.compile(r"#(N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!)")
PADDED = re.compile(r"([\u4e00-\u9fff])\s+([\u4e00-\u9fff])")
"""A name of two signs with a gap between."""
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
PLAIN = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
AMOUNT = re.compile(r"[¥￥]?([+-]?\d[\d,]*(?:\.\d+)?)(千元|万元|百万元|亿元|元|万)?", re.ASCII)
COUNTED = re.compile(r"([+-]?\d[\d,]*)(人|户|个月|个|名|口|组)", re.ASCII)
MEASURED = re.compile(r"([+-]?\d[\d,]*(?:\.\d+)?)(平方米|平米|m2)", re.ASCII)
MIDNIGHT = re.compile(r"(.*\d)[T ]\s*0{1,2}:00(:00(\.0+)?)?")
YEAR = r"((?:19|20)\d{2})"
DATES = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        YEAR + r"年(?:(\d{1,2})月(?:(\d{1,2})[日号])?)?",
        YEAR + r"([-./])(\d{1,2})(?:\2(\d{1,2}))?",
        YEAR + r"(\d{2})(\d{2})?",
    )
)
SHORT_MONTH = re.compile(r"\d{4}\.1", re.ASCII)
"""January, or October whose last digit a number lost."""


@dataclass(frozen=True, slots=True)
class Tidied:
    """A cell as `read_cell` takes it, and the names of the changes made."""

    cell: object
    changes: tuple[str, ...] = ()


def tidy(text: str | None, kind: int | None, column: Column, factor: int = 1) -> Tidied:
    """Give a cell tidied for its column.

    Parameters
    ----------
    text, kind
        As in `Sheet.cells` and `Sheet.kinds`; the kind is None where the file stores text only.
    factor : int
        By what a number is multiplied, from the unit of the heading.

    Raises
    ------
    Refusal
        If digits of a code are lost, a number or code became a date, or a month cannot be told.

    Examples
    --------
    >>> from jiedui.registers.tables import HOUSEHOLDS
    >>> tidy("１，2００元", None, HOUSEHOLDS.column("income"))
    Tidied(cell='1200', changes=('width', 'unit', 'commas'))
    >>> tidy("2021年4月", None, HOUSEHOLDS.column("identified_on")).cell
    '2021-04'
    """
    if text is None:
        return Tidied(None)
    if kind == FAILED or FAILED_WORDS.fullmatch(text):
        return Tidied(FAILED_FORMULA)
    if kind == TRUTH:
        return Tidied(text == "true")
    if kind == DATE and (column.is_numeric or column.name in (*CODES, "group")):
        raise Refusal(f"table.not_{column.type}", found=shown(text))
    changes: list[str] = []
    cell = TIDIERS[column.type](_outside(text, changes), kind, column, factor, changes)
    return Tidied(cell, tuple(changes))


def read_tidied(text: str | None, kind: int | None, column: Column, factor: int = 1) -> Value:
    """Give the value of a cell, tidied and then read as `read_cell` reads it.

    Raises
    ------
    Refusal
        If the cell cannot be used.
    """
    return read_cell(tidy(text, kind, column, factor).cell, column)


def _outside(text: str, changes: list[str]) -> str:
    """Leave out the apostrophe that keeps a number a text, and narrow digits and letters."""
    cell = text.strip()
    if led := APOSTROPHE.fullmatch(cell):
        _note(changes, "apostrophe")
        cell = led[1]
    narrow = cell.translate(NARROW)
    if narrow != cell:
        _note(changes, "width")
    return narrow


def _text(cell: str, kind: int | None, column: Column, factor: int, changes: list[str]) -> str | None:
    del factor
    if column.choices:
        chosen = choice_of(cell, column)
        if chosen is not None:
            _note(changes, "choice", chosen != cell)
            return chosen
    if is_blank_word(cell):
        _note(changes, "blank")
        return None
    if _is_spoiled(cell, kind):
        raise Refusal("table.code_spoiled", found=shown(cell))
    if column.name in CODES:
        return _code(cell, column, changes)
    padded = PADDED.fullmatch(cell) if column.name in PEOPLE else None
    _note(changes, "spaces", padded is not None)
    return "".join(padded.groups()) if padded else cell


def _code(cell: str, column: Column, changes: list[str]) -> str:
    joined = "".join(cell.split())
    _note(changes, "spaces", joined != cell)
    if column.name in IDENTITIES and joined.endswith("x") and joined[:-1].isdigit():
        _note(changes, "case")
        joined = f"{joined[:-1]}X"
    return joined


def _is_spoiled(cell: str, kind: int | None) -> bool:
    """Tell whether a code was held as a number and lost digits."""
    if kind != NUMBER:
        return SPOILED_TEXT.fullmatch(cell) is not None
    zeros = cell[EXCEL_DIGITS:]
    return SPOILED.fullmatch(cell) is not None or (cell.isdigit() and bool(zeros) and not zeros.strip("0"))


def _number(cell: str, kind: int | None, column: Column, factor: int, changes: list[str]) -> object:
    if is_blank_word(cell):
        _note(changes, "blank")
        return None
    plain = unicodedata.normalize("NFKC", cell).strip()
    _note(changes, "width", plain != cell)
    plain, by = (
        _amount(plain, factor, changes) if column.type == "money" else (_counted(plain, column, changes), 1)
    )
    if THOUSANDS.fullmatch(plain):
        _note(changes, "commas")
        plain = plain.replace(",", "")
    if by != 1 and PLAIN.fullmatch(plain):
        _note(changes, "unit")
        with localcontext(prec=len(plain) + LARGEST):
            plain = format(Decimal(plain) * by, "f")
    return float(plain) if kind == NUMBER and PLAIN.fullmatch(plain) else plain


def _amount(cell: str, factor: int, changes: list[str]) -> tuple[str, int]:
    """Part an amount and its unit; a unit in the cell goes before that of the heading."""
    found = AMOUNT.fullmatch(cell)
    if not found:
        return cell, factor
    _note(changes, "unit", found[1] != cell)
    unit = f"{found[2]}元" if found[2] == "万" else found[2]
    return found[1], MONEY[unit] if unit else factor


def _counted(cell: str, column: Column, changes: list[str]) -> str:
    """Leave out the word for what is counted or measured."""
    found = (COUNTED if column.type == "integer" else MEASURED).fullmatch(cell)
    _note(changes, "unit", found is not None)
    return found[1] if found else cell


def _date(cell: str, kind: int | None, column: Column, factor: int, changes: list[str]) -> str | None:
    del column, factor
    if is_blank_word(cell):
        _note(changes, "blank")
        return None
    if len(cell) > LONGEST_DATE:
        return cell
    plain = unicodedata.normalize("NFKC", cell)
    if at_midnight := MIDNIGHT.fullmatch(plain):
        plain = at_midnight[1]
    plain = "".join(plain.split())
    if kind != TEXT and SHORT_MONTH.fullmatch(plain):
        raise Refusal("intake.month_unclear", found=shown(cell))
    for pattern in DATES:
        if found := pattern.fullmatch(plain):
            parts = [part for part in found.groups() if part and part.isdigit()]
            plain = "-".join(part.zfill(2) for part in parts)
            break
    _note(changes, "date", plain != cell)
    return plain


def _boolean(cell: str, kind: int | None, column: Column, factor: int, changes: list[str]) -> object:
    del kind, column, factor
    truth = wording().truth.get(cell.casefold())
    if truth is not None:
        _note(changes, "truth", cell not in ("是", "否"))
        return truth
    if is_blank_word(cell):
        _note(changes, "blank")
        return None
    return cell


def _note(changes: list[str], change: str, is_made: bool = True) -> None:  # noqa: FBT001, FBT002
    if is_made and change not in changes:
        changes.append(change)


TIDIERS: Mapping[Type, Callable[[str, int | None, Column, int, list[str]], object]] = {
    "text": _text,
    "integer": _number,
    "number": _number,
    "money": _number,
    "date": _date,
    "boolean": _boolean,
}
