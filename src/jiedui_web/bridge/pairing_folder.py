"""Programmes as rows and settings, and as the folders that the core reads."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jiedui.tables import Table
from jiedui.tables.shared import (
    ADJACENCY,
    DECIDED,
    HELPERS,
    PAIRINGS,
    PLACE_CODES,
    PLACES,
    RECIPIENTS,
    RULES,
    UNITS,
)

Rows = Sequence[Mapping[str, Any]]

TABLES: dict[str, Table] = {
    table.name: table
    for table in (HELPERS, RECIPIENTS, UNITS, PAIRINGS, ADJACENCY, PLACES, PLACE_CODES, RULES)
}
REGISTERS = tuple(TABLES)
"""The registers that pairing reads; decisions of people come beside them."""
SETTINGS = "programme.toml"


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a solving is computed from.

    Attributes
    ----------
    settings : mapping
        What ``programme.toml`` says.
    rows : mapping of str to rows
        By register, the bodies of its records.
    decided : rows
        Decisions of people: kind, helper, recipient, who, why.
    """

    settings: Mapping[str, Any]
    rows: Mapping[str, Rows]
    decided: Rows = field(default=())


def rows_of_folder(path: Path) -> Inputs:
    """Give the settings and the rows of a programme folder, checked by the core.

    Raises
    ------
    jiedui.errors.InputError
        With the findings of all its files together.
    """
    from jiedui.programmes import read_folder

    content = read_folder(path)
    settings = tomllib.loads((path / SETTINGS).read_bytes().decode("utf-8-sig"))
    rows = {
        name: [_filled(row) for row in table.to_pylist()]
        for name, table in content.tables.items()
        if name in TABLES and table.num_rows
    }
    decided = content.tables.get(DECIDED.name)
    return Inputs(settings, rows, [_filled(row) for row in decided.to_pylist()] if decided else ())


def key_of(register: str, row: Mapping[str, Any]) -> str:
    """Give the declared key of a row as one text."""
    return "|".join(str(row[name]) for name in TABLES[register].key)


def write_folder(inputs: Inputs, folder: Path) -> None:
    """Write inputs as a programme folder: one way in, with every check of the core."""
    (folder / SETTINGS).write_text(_toml(inputs.settings), encoding="utf-8")
    for name, table in TABLES.items():
        _write(folder, table, inputs.rows.get(name, ()))
    _write(folder, DECIDED, inputs.decided)


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out empty cells."""
    return {name: value for name, value in row.items() if value is not None}


def _write(folder: Path, table: Table, rows: Rows) -> None:
    """Write the declared columns that hold anything; nothing for no rows."""
    if not rows:
        return
    names = [
        column.name for column in table.columns if any(row.get(column.name) not in {None, ""} for row in rows)
    ]
    with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows([_cell(row.get(name)) for name in names] for row in rows)


def _cell(value: object) -> object:
    """Give a cell as text files hold it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


def _toml(settings: Mapping[str, Any]) -> str:
    """Write settings as TOML, a key a line."""
    return "".join(f"{json.dumps(key)} = {_value(value)}\n" for key, value in settings.items())


def _value(value: object) -> str:
    """Write one value, tables and lists within a line.

    Examples
    --------
    >>> _value({"zh": "甲", "on": True, "moves": [1, 2.5]})
    '{ "zh" = "甲", "on" = true, "moves" = [1, 2.5] }'
    """
    if isinstance(value, Mapping):
        inner = ", ".join(f"{json.dumps(key)} = {_value(one)}" for key, one in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
