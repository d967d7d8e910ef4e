"""What the registers of the core hold, for pages and forms: columns, words, units, choices, groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from jiedui.language import finding
from jiedui.registers.tables import REGISTERS
from jiedui.tables import Column, Table
from jiedui.tables.cells import MINOR, Refusal, Value, read_cell
from jiedui.tables.shared import HELPERS, OPEN, PAIRINGS, RECIPIENTS, UNITS
from jiedui_web.bridge.arrangement import (
    GROUPS,
    IDENTITIES,
    KINDS,
    LISTED,
    LONG,
    NAMES,
    NOT_OF_PERSONS,
    NUMBERS,
    PARENTS,
    PHONES,
)

Words = Mapping[str, str]
Privacy = Literal["", "id", "further_id", "phone"]
Type = Literal["text", "integer", "number", "money", "date", "boolean"]


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a register, as a form and a page need it.

    Attributes
    ----------
    privacy : str
        ``id``: sealed beside the body; ``further_id``: sealed within it; ``phone``: masked in lists.
    """

    name: str
    type: Type
    words: Words
    unit: Words | None
    is_required: bool
    choices: tuple[str, ...]
    privacy: Privacy
    is_key: bool
    is_long: bool
    group: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """One register: its words, its columns in order, and what stands in columns of their own.

    Attributes
    ----------
    name_field, kind_field, parent_field, id_field : str
        The columns whose values are copied beside the body; empty without one.
    number_field : str
        The column that is searched as a number, such as that of the household.
    listed : tuple of str
        What a list shows beside name and place.
    history : tuple of str
        The amounts that are shown over time.
    of_persons : bool
        Whether reading it is reading about persons.
    """

    name: str
    words: Words
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    name_field: str
    kind_field: str
    parent_field: str
    id_field: str
    number_field: str
    listed: tuple[str, ...]
    history: tuple[str, ...]
    of_persons: bool

    def field(self, name: str) -> Field:
        """Find a column by its name; KeyError when there is none."""
        return next((field for field in self.fields if field.name == name), None) or _missing(name)

    def has(self, name: str) -> bool:
        """Whether there is such a column."""
        return any(field.name == name for field in self.fields)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The values that the kind may take; empty when it is free."""
        return self.field(self.kind_field).choices if self.kind_field else ()


def _missing(name: str) -> Field:
    raise KeyError(name)


@cache
def declarations() -> Mapping[str, Declaration]:
    """Give every register by its name: what offices send, then the tables of pairing."""
    return {table.name: _declared(table) for table in _tables()}


def declared(register: str) -> Declaration:
    """Give one register; KeyError when there is none."""
    return declarations()[register]


def value_of(register: str, name: str, typed: object) -> Value:
    """Give what somebody typed as the register holds it; None when it is empty.

    Raises
    ------
    WrongValueError
        If the column cannot hold it.
    """
    column = _table(register).column(name)
    try:
        return read_cell(typed, column)
    except Refusal as refusal:
        values: dict[str, Any] = {"heading": column.words} | refusal.values
        found = finding(refusal.rule, **values)
        raise WrongValueError({"zh": found.zh, "en": found.en}) from None


class WrongValueError(Exception):
    """A value that a column cannot hold, with what to say in each language."""

    def __init__(self, words: Words) -> None:
        super().__init__(words["en"])
        self.words = words


def typed_value(field: Field, value: Value) -> str:
    """Give a value as somebody types it: money in its unit, dates as they are.

    Examples
    --------
    >>> typed_value(declared("households").field("income"), 1234567)
    '12345.67'
    """
    if value is None:
        return ""
    if field.type == "money" and isinstance(value, (int, float)):
        whole, rest = divmod(abs(int(value)), MINOR)
        sign = "-" if value < 0 else ""
        return f"{sign}{whole}.{rest:02d}" if rest else f"{sign}{whole}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _tables() -> tuple[Table, ...]:
    return (*REGISTERS, HELPERS, RECIPIENTS, UNITS, PAIRINGS)


@cache
def _table(register: str) -> Table:
    return next(table for table in _tables() if table.name == register)


def _declared(table: Table) -> Declaration:
    names = {column.name for column in table.columns}
    identity = next((column.name for column in table.columns if _privacy(table, column) == "id"), "")
    return Declaration(
        name=table.name,
        words=table.words,
        fields=tuple(_field(table, column) for column in table.columns),
        key=table.key,
        name_field=NAMES.get(table.name, "name" if "name" in names else ""),
        kind_field=KINDS.get(table.name, ""),
        parent_field=PARENTS.get(table.name, ""),
        id_field=identity,
        number_field=NUMBERS.get(table.name, ""),
        listed=LISTED.get(table.name, ()),
        history=tuple(name for name in OPEN.get(table.name, ()) if name in names),
        of_persons=table.name not in NOT_OF_PERSONS,
    )


def _field(table: Table, column: Column) -> Field:
    return Field(
        name=column.name,
        type=column.type,
        words=column.words,
        unit=column.unit,
        is_required=column.required,
        choices=column.choices,
        privacy=_privacy(table, column),
        is_key=column.name in table.key,
        is_long=column.name in LONG,
        group=next((group for group, names in GROUPS.items() if _belongs(column.name, names)), "other"),
    )


def _belongs(name: str, names: tuple[str, ...]) -> bool:
    """Whether a column stands among names, of which some are beginnings (``measure_*``)."""
    return any(name == one or (one[-1] == "*" and name.startswith(one[:-1])) for one in names)


def _privacy(table: Table, column: Column) -> Privacy:
    if column.name in PHONES:
        return "phone"
    if column.name not in IDENTITIES:
        return ""
    first = next(one.name for one in table.columns if one.name in IDENTITIES)
    return "id" if column.name == first else "further_id"
