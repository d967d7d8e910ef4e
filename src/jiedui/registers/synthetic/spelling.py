"""How offices write a value: dates, yes and no, money, villages, names with spaces, digits of full width."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from jiedui.tables import Column

Cell = str | int | float | dt.date | None

FORMER = 0.04
FEN, WAN = 100, 10_000
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
VILLAGE_FORMS = ("{0}", "{0}", "{0}民委员会", "{0}委会", "{1}行政村", "{1}", "{0} ")
LATER = {"iso": "-", "slashes": "/", "dots": "."}
"""The sign between the parts of a date."""


@dataclass(frozen=True, slots=True)
class Style:
    """The habits of one office.

    Attributes
    ----------
    dates : str
        ``iso``, ``slashes``, ``dots``, ``chinese``, ``digits``, ``months`` (the month only) or ``cells``
        (real dates).
    truth : sequence of str
        What stands for yes and for no.
    blank : str
        What stands where there is nothing; empty for an empty cell.
    wan : bool
        Whether money stands in 10,000 yuan.
    texts : bool
        Whether amounts are texts with commas.
    lowered : bool
        Whether the last sign of ID numbers is a small x.
    varied : bool
        Whether villages, names and numbers are written in variants.
    former : str
        A former name of the township that some rows still carry.
    """

    dates: str = "iso"
    truth: Sequence[str] = ("是", "否")
    blank: str = ""
    wan: bool = False
    texts: bool = False
    lowered: bool = False
    varied: bool = False
    former: str = ""


def spell(value: object, column: Column, style: Style) -> Cell:
    """Give a value of a table as an office writes it."""
    if value is None:
        return style.blank or None
    if column.type == "boolean":
        return style.truth[0 if value else 1] or None
    if column.type == "money":
        return _money(int(str(value)), style)
    if column.type == "date":
        return spell_date(str(value), style.dates)
    if isinstance(value, (int, float)):
        return value
    text = str(value)
    return text.lower() if style.lowered and column.name == "id_number" else text


def _money(fen: int, style: Style) -> Cell:
    yuan = fen / FEN
    if style.wan:
        return round(fen / (FEN * WAN), 6)
    if style.texts:
        return f"{yuan:,.2f}"
    return int(yuan) if yuan.is_integer() else yuan


def spell_date(text: str, kind: str) -> Cell:
    """Give a date with its precision in one of the ways of `Style.dates`.

    Examples
    --------
    >>> [spell_date("2024-05-01", kind) for kind in ("chinese", "slashes", "digits", "months")]
    ['2024年5月1日', '2024/5/1', '20240501', '202405']
    """
    parts = [int(part) for part in text.split("-")]
    if kind == "months":
        parts = parts[:2]
        kind = "digits"
    if kind == "cells" and len(parts) == len(("year", "month", "day")):
        return dt.date(*parts)
    if kind in LATER:
        return text if kind == "iso" else LATER[kind].join(map(str, parts))
    if kind == "chinese":
        return "".join(f"{part}{unit}" for part, unit in zip(parts, "年月日", strict=False))
    return f"{parts[0]}" + "".join(f"{part:02d}" for part in parts[1:])


def vary(cell: Cell, column: Column, style: Style, draw: float) -> Cell:
    """Write a place in another form, a name with spaces, digits in full width; most cells as they are."""
    if not isinstance(cell, str):
        return cell
    if column.name == "township" and draw < FORMER:
        return style.former or cell
    if column.name == "village" and cell.endswith("村"):
        return VILLAGE_FORMS[int(draw * len(VILLAGE_FORMS))].format(cell, cell[:-1])
    return VARIANTS[column.name](cell, draw) if column.name in VARIANTS else cell


def _spaced(cell: str, draw: float) -> str:
    return "　".join(cell) if draw < 0.02 and len(cell) == len("张三") else cell


def _wide(cell: str, draw: float) -> str:
    return cell.translate(WIDE) if draw < 0.015 else cell


def _marked(cell: str, draw: float) -> str:
    return "'" + cell if draw < 0.02 else _wide(cell, 1 - draw)


VARIANTS = {"name": _spaced, "head": _spaced, "phone": _wide, "id_number": _marked, "head_id_number": _marked}
