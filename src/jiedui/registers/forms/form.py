"""What a form is: a template over the clean tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jiedui.language import Words
from jiedui.registers.tables import FINDINGS, REGISTERS
from jiedui.tables import Column, Table

Kind = Literal["value", "count", "sum", "list", "text", "blank"]
KINDS: tuple[Kind, ...] = ("value", "count", "sum", "list", "text", "blank")

TOWNSHIPS = Table(
    "townships",
    {"zh": "乡镇", "en": "townships"},
    tuple(REGISTERS[0].column(name) for name in ("county", "township")),
    key=("township",),
)
"""The townships that villages or households name."""
QUESTIONS = Table(
    "findings",
    FINDINGS.words,
    (
        *(FINDINGS.column(name) for name in ("township", "village", "rule", "severity", "found")),
        Column("household", "text", {"zh": "户编号", "en": "household number"}, required=False),
        Column("text", "text", {"zh": "待核实问题", "en": "question"}),
    ),
    key=("rule", "household"),
)
"""The findings as a form sees them: by household where they are about one, in the language of the form."""
TABLES = {table.name: table for table in (*REGISTERS, TOWNSHIPS, QUESTIONS)}
ROWS = ("villages", "townships", "households", "persons", "projects", "schools", "cadres")
"""The tables that a form may have its rows from."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of one column; several are joined by "and".

    Attributes
    ----------
    test : str
        ``in``, ``not``, ``at_least``, ``at_most``, ``filled`` or ``period`` (``month`` or ``year`` of the
        day of the form).
    """

    column: str
    test: str
    values: tuple[str | float | bool, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a list, or one labelled cell of a page.

    Attributes
    ----------
    table : str
        The table that `column` belongs to, or whose rows are counted.
    words : Words or None
        What a cell of kind ``text`` says.
    width : float
        Places for signs; a Chinese one takes two.
    total : bool
        Whether the rows of totals add it up.
    """

    heading: Words
    kind: Kind
    table: str = ""
    column: str = ""
    where: tuple[Condition, ...] = ()
    words: Words | None = None
    width: float = 10
    total: bool = False

    @property
    def declared(self) -> Column | None:
        """The declaration behind the value; none for counts and what is written by hand."""
        named = self.kind in ("value", "sum", "list")
        return TABLES[self.table].column(self.column) if named else None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page: labelled cells, or rows of another table, or lines to write on.

    Attributes
    ----------
    table : str
        Whose rows are listed; empty for labelled cells.
    ticks : tuple of str
        Columns of truth shown as boxes, ticked or not.
    across : int
        Labelled cells beside each other.
    lines : int
        Of a list: at least so many; of a part to write on: so many.
    """

    heading: Words
    fields: tuple[Field, ...] = ()
    table: str = ""
    where: tuple[Condition, ...] = ()
    ticks: tuple[str, ...] = ()
    across: int = 3
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """A form as its file declares it.

    Attributes
    ----------
    rows : str
        The table that gives one row, or one page, each.
    layout : str
        ``list`` or ``page``.
    only_with : str
        A table in which a row must be mentioned to be taken.
    group : str
        The column whose change starts a group with its subtotal.
    sheet_by : tuple of str
        Columns whose change starts a sheet of its own, named by the last.
    replaces : bool
        Whether it stands for the shipped form that its file is named after.
    """

    id: str
    title: Words
    rows: str
    fields: tuple[Field, ...] = ()
    parts: tuple[Part, ...] = ()
    layout: Literal["list", "page"] = "list"
    landscape: bool = True
    serial: bool = True
    total: bool = False
    group: str = ""
    sheet_by: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    only_with: str = ""
    note: Words | None = None
    signatures: tuple[Words, ...] = ()
    replaces: bool = False

    @property
    def table(self) -> Table:
        """The declaration of the rows."""
        return TABLES[self.rows]
