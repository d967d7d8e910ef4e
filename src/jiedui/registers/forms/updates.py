"""The update list: corrections in the order of the national system's screens, and what it took over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jiedui.language import text
from jiedui.registers.forms.masking import ID_COLUMNS, hidden, masked
from jiedui.registers.register import Register
from jiedui.registers.tables import CORRECTIONS, HOUSEHOLD, NAME, REGISTERS, TOWNSHIP, VILLAGE
from jiedui.tables import Column, Table
from jiedui.tables.cells import MINOR, Refusal, read_cell

if TYPE_CHECKING:
    import pyarrow as pa

STATES = ("done", "open", "changed", "missing")
"""What the next export shows: the new value, the old one, another one, no such row."""
UPDATES = Table(
    "updates",
    {"zh": "更新清单", "en": "update list"},
    (
        Column("household", "text", HOUSEHOLD.words, required=False),
        Column("name", "text", NAME.words, required=False),
        TOWNSHIP,
        VILLAGE,
        *CORRECTIONS.columns,
    ),
    key=CORRECTIONS.key,
)
"""Corrections with the household and the name that the screens ask for."""
TICKED = Table(
    "ticked",
    {"zh": "更新核销", "en": "updates ticked off"},
    (
        *UPDATES.columns,
        Column("state", "text", {"zh": "状态", "en": "state"}, choices=STATES),
        Column("now", "text", {"zh": "导出值", "en": "value exported"}, required=False),
    ),
    key=UPDATES.key,
)
TABLES = {table.name: table for table in REGISTERS}
ORDER = {table.name: number for number, table in enumerate(REGISTERS)}


def update_list(corrections: pa.Table, register: Register) -> pa.Table:
    """Give one line for each correction, as ``UPDATES``, in the order in which a clerk enters them.

    Household by household, first the household's own columns, then its members', each in the order of the
    screen; then villages, projects and the rest.

    Parameters
    ----------
    corrections : pyarrow.Table
        As ``CORRECTIONS``, each confirmed.
    register : Register
        With the corrections applied or not; names and places are looked up in it.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.registers import empty_register
    >>> row = {"register": "households", "row_key": "1001", "column": "size", "was": "3", "is": "4",
    ...        "reason": "户口簿", "who": "甲", "when": "2026-11-03"}
    >>> corrections = pa.Table.from_pylist([row], schema=CORRECTIONS.schema())
    >>> update_list(corrections, empty_register())["household"].to_pylist()
    ['1001']
    """
    import pyarrow as pa

    rows = corrections.select(CORRECTIONS.schema().names).to_pylist()
    found = _find(rows, register)
    lines = [{**row, **_screen(row, values)} for row, values in zip(rows, found, strict=True)]
    return pa.Table.from_pylist(sorted(lines, key=_order), schema=UPDATES.schema())


def tick_off(updates: pa.Table, next_export: Register) -> pa.Table:
    """Say of each line whether the next export of the system took it over, as ``TICKED``.

    ``done``: the new value stands there. ``open``: still the old one. ``changed``: another value, to be
    looked into. ``missing``: no such row, or several. ID numbers show their last four signs.

    Parameters
    ----------
    updates : pyarrow.Table
        As ``UPDATES``, or the corrections themselves.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.registers import empty_register, schema_of
    >>> from jiedui.registers.tables import HOUSEHOLDS
    >>> row = {"register": "households", "row_key": "1001", "column": "size", "was": "3", "is": "4",
    ...        "reason": "户口簿", "who": "甲", "when": "2026-11-03"}
    >>> updates = update_list(pa.Table.from_pylist([row], schema=CORRECTIONS.schema()), empty_register())
    >>> rows = [{"household": "1001", "size": 4, "_source": 0, "_row": 4}]
    >>> households = pa.Table.from_pylist(rows, schema=schema_of(HOUSEHOLDS))
    >>> exported = Register({**empty_register().tables, "households": households}, ())
    >>> tick_off(updates, exported)["state"].to_pylist()
    ['done']
    """
    import pyarrow as pa

    rows = updates.to_pylist()
    found = _find(rows, next_export)
    lines = [
        _starred({**_screen(row, values), **row, **_state(row, values)})
        for row, values in zip(rows, found, strict=True)
    ]
    return pa.Table.from_pylist(lines, schema=TICKED.schema())


def find_rows(updates: pa.Table, register: Register) -> list[Mapping[str, Any] | None]:
    """Give for each line the row of the register that it is about; none where there is no single one."""
    return _find(updates.to_pylist(), register)


def _find(rows: Sequence[Mapping[str, Any]], register: Register) -> list[Mapping[str, Any] | None]:
    found: list[Mapping[str, Any] | None] = [None] * len(rows)
    for name in sorted({row["register"] for row in rows} & set(TABLES)):
        positions = [at for at, row in enumerate(rows) if row["register"] == name]
        keys = [key for at in positions for key in (rows[at]["row_key"], _new_key(rows[at], TABLES[name]))]
        values = _rows_by_key(register.tables[name], TABLES[name], keys)
        for order, at in enumerate(positions):
            found[at] = values[2 * order] or values[2 * order + 1]
    return found


def _rows_by_key(table: pa.Table, declared: Table, keys: Sequence[str]) -> list[Mapping[str, Any] | None]:
    """Give the row of each key; none where it stands not once."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = [pc.fill_null(table[name].cast(pa.string()), "") for name in declared.key]
    joined = parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, "|")
    wanted = pa.array(sorted(set(keys)), pa.string())
    at = pc.indices_nonzero(pc.is_in(joined, value_set=wanted))
    rows: dict[str, Mapping[str, Any] | None] = {}
    for key, row in zip(joined.take(at).to_pylist(), table.take(at).to_pylist(), strict=True):
        rows[key] = None if key in rows else row
    return [rows.get(key) for key in keys]


def _new_key(row: Mapping[str, Any], declared: Table) -> str:
    """Give the key after the correction: it may be a part of the key that was corrected."""
    parts = str(row["row_key"]).split("|")
    if row["column"] in declared.key and len(parts) == len(declared.key):
        parts[declared.key.index(row["column"])] = row["is"] or ""
    return "|".join(parts)


def _screen(row: Mapping[str, Any], values: Mapping[str, Any] | None) -> dict[str, str | None]:
    """Give what the screens ask for first."""
    known = values or {}
    parts = str(row["row_key"]).split("|")
    has_household = row["register"] in TABLES and "household" in TABLES[row["register"]].key
    name = known.get("head") if row["register"] == "households" else known.get("name")
    if name is None and row["register"] == "persons" and len(parts) > 1:
        name = parts[1]
    return {
        "household": parts[0] if has_household else None,
        "name": name,
        "township": known.get("township"),
        "village": known.get("village"),
    }


def _order(line: Mapping[str, Any]) -> tuple[object, ...]:
    declared = TABLES.get(line["register"])
    names = [column.name for column in declared.columns] if declared else []
    at = names.index(line["column"]) if line["column"] in names else len(names)
    household = line["household"] or ""
    order = ORDER.get(line["register"], len(ORDER))
    return not household, household, order, line["row_key"], at, line["when"], line["is"] or ""


def _state(row: Mapping[str, Any], values: Mapping[str, Any] | None) -> dict[str, str | None]:
    declared = TABLES.get(row["register"])
    if values is None or declared is None or row["column"] not in values:
        return {"state": "missing", "now": None}
    column = declared.column(row["column"])
    now = values[row["column"]]
    states = {"done": row["is"], "open": row["was"]}
    state = next((state for state, words in states.items() if typed(words, column) == now), "changed")
    return {"state": state, "now": None if now is None else shown(now, column)}


def _starred(line: Mapping[str, Any]) -> dict[str, Any]:
    """Give a line with ID numbers hidden but for their last four signs."""
    hide = hidden if line["column"] in ID_COLUMNS else masked
    values = {name: hide(line[name]) for name in ("was", "is", "now") if line[name]}
    return {**line, **values, "row_key": masked(line["row_key"])}


def typed(words: str | None, column: Column) -> object:
    """Give a text as a register holds it; as it stands when it cannot be."""
    try:
        return None if words is None or not words.strip() else read_cell(words, column)
    except Refusal:
        return words


def shown(value: object, column: Column) -> str:
    """Give a value of a register as a text that reads back to the same value."""
    if isinstance(value, bool):
        return text("codebook.yes" if value else "codebook.no", "zh")
    if column.type == "money" and isinstance(value, int):
        sign, (yuan, fen) = "-" if value < 0 else "", divmod(abs(value), MINOR)
        return f"{sign}{yuan}.{fen:02d}".removesuffix(".00")
    return str(value)
