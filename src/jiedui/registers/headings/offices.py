"""The layouts of workbooks that offices download, as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class OfficeLayout:
    """How one workbook of an office looks, without any value.

    Attributes
    ----------
    id : str
        Our name of the layout.
    file : str
        The name of the file as it is downloaded.
    title : str
        Row 1.
    line : str
        Row 2, the units.
    heading_row : int
        The row of the headings, counted from 1.
    """

    id: str
    file: str
    title: str
    line: str
    sheet: str
    heading_row: int
    headings: tuple[str, ...]


@cache
def office_layouts() -> tuple[OfficeLayout, ...]:
    """Give the layouts of the five workbooks of the national monitoring system.

    Examples
    --------
    >>> [layout.sheet for layout in office_layouts()]
    ['监测对象信息', '户信息', '已外出务工信息', '计划外出务工信息', '行政村信息']
    """
    written = files(__package__).joinpath("offices.toml").read_text(encoding="utf-8")
    return tuple(
        OfficeLayout(**{**layout, "headings": tuple(layout["headings"])})
        for layout in tomllib.loads(written)["layout"]
    )
