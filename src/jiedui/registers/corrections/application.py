"""Corrections as data: laid over each import where they still fit, asked about where they do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, pairwise, product
from typing import TYPE_CHECKING

from jiedui.errors import Finding
from jiedui.registers.corrections.correction import Correction, Outcome, finding_of, understand, written
from jiedui.registers.register import Register
from jiedui.tables.cells import Value

if TYPE_CHECKING:
    import pyarrow as pa

SEPARATOR = "|"
"""Between the parts of a row key."""
MOST_NAMES = 64
"""Keys that one row is looked for by, where parts of its key were corrected again and again."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A register with the corrections that still fit.

    Attributes
    ----------
    applied : pyarrow.Table
        The corrections that changed a value, in the order given.
    outcomes : sequence of str
        Of each correction: ``applied``; ``done`` when the office has taken it over; ``no_table``,
        ``no_column``, ``unreadable``, ``row_gone``, ``several_rows``, ``changed``, ``contradiction``.
    findings : tuple of Finding
        One for each correction that was not applied.
    """

    register: Register
    applied: pa.Table
    outcomes: Sequence[str]
    findings: tuple[Finding, ...]


def apply_corrections(register: Register, corrections: pa.Table) -> Corrected:
    """Lay corrections over a register.

    A correction is applied where its row is there once and its cell still holds the value that was
    corrected. Corrections of one cell on one another, each taking up what the one before gave, are one; the
    register's own keys name the rows throughout.

    Parameters
    ----------
    corrections : pyarrow.Table
        As `jiedui.registers.tables.CORRECTIONS` declares; tables and columns by name or by their words.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.registers import empty_register, schema_of
    >>> from jiedui.registers.tables import CORRECTIONS, HOUSEHOLDS
    >>> rows = pa.Table.from_pylist([{"household": "H1", "size": 4}], schema_of(HOUSEHOLDS))
    >>> register = Register({"households": rows}, ())
    >>> entry = {"register": "户", "row_key": "H1", "column": "家庭人口数", "was": "4", "is": "5"}
    >>> entry |= {"reason": "入户核查", "who": "甲", "when": "2026-03-01"}
    >>> done = apply_corrections(register, pa.Table.from_pylist([entry], CORRECTIONS.schema()))
    >>> done.register.tables["households"]["size"].to_pylist(), done.outcomes
    ([5], ['applied'])
    """
    entries = corrections.to_pylist()
    understood, outcomes = understand(entries)
    tables = dict(register.tables)
    for name, mine in groupby(sorted(understood, key=lambda one: one.table.name), lambda one: one.table.name):
        if name in tables:
            tables[name], decided = _correct_table(tables[name], list(mine))
            outcomes += decided
        else:
            outcomes += (Outcome(one.at, "row_gone") for one in mine)
    outcomes.sort(key=lambda outcome: outcome.at)
    kept = [outcome.at for outcome in outcomes if outcome.kind == "applied"]
    found = [finding_of(entries[one.at], one) for one in outcomes if one.kind != "applied"]
    return Corrected(
        Register(tables, register.sources),
        corrections.take(kept) if kept else corrections.slice(0, 0),
        [outcome.kind for outcome in outcomes],
        tuple(found),
    )


def _correct_table(rows: pa.Table, corrections: Sequence[Correction]) -> tuple[pa.Table, list[Outcome]]:
    """Give a table with its corrections, and what became of each."""
    places = _places(rows, corrections)
    outcomes: list[Outcome] = []
    ordered = sorted(corrections, key=lambda one: (one.cell, one.when, one.at))
    for column, mine in groupby(ordered, lambda one: one.column.name):
        held = rows[column].combine_chunks()
        now: dict[int, Value] = {}
        for _, group in groupby(mine, lambda one: one.cell):
            chain = list(group)
            decided = _decide(chain, places.get(chain[0].key, ()), held)
            outcomes += decided
            if decided[-1].kind == "applied":
                now[places[chain[0].key][0]] = chain[-1].now
        if now:
            at = rows.column_names.index(column)
            rows = rows.set_column(at, rows.field(column), _replaced(held, now))
    return rows, outcomes


def _decide(chain: Sequence[Correction], rows: Sequence[int], held: pa.Array) -> list[Outcome]:
    """Say what becomes of the corrections of one cell, in their order."""
    if rule := _contradiction(chain) or _not_one(rows):
        return [Outcome(one.at, rule) for one in chain]
    value = held[rows[0]].as_py()
    found = written(value, chain[0].column)
    fitting = [at for at, one in enumerate(chain) if one.was == value]
    if value == chain[-1].now:
        kinds = ["done"] * len(chain)
    elif fitting:
        kinds = ["done" if at < fitting[0] else "applied" for at in range(len(chain))]
    else:
        kinds = ["changed"] * len(chain)
    return [Outcome(one.at, kind, found) for one, kind in zip(chain, kinds, strict=True)]


def _contradiction(chain: Sequence[Correction]) -> str:
    """Give the rule that corrections of one cell break when one does not take up what another gave."""
    steps = [step for step, _ in groupby((one.was, one.now) for one in chain)]
    follows = all(earlier[1] == later[0] for earlier, later in pairwise(steps))
    return "" if follows else "contradiction"


def _not_one(rows: Sequence[int]) -> str:
    """Give the rule that a key breaks when it does not name one row."""
    if len(rows) == 1:
        return ""
    return "several_rows" if rows else "row_gone"


def _places(rows: pa.Table, corrections: Sequence[Correction]) -> Mapping[str, Sequence[int]]:
    """Give the rows of each key, counted from 0; a key that the office has corrected names its row still."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    table = corrections[0].table
    names = _names(corrections)
    parts = [pc.fill_null(rows[name].cast(pa.string()), "") for name in table.key]
    joined = pc.binary_join_element_wise(*parts, SEPARATOR)
    wanted = list(dict.fromkeys(name for known in names.values() for name in known))
    found = pc.fill_null(pc.index_in(joined, pa.array(wanted, pa.string())), -1).to_numpy()
    places: dict[str, list[int]] = {}
    for row in np.flatnonzero(found >= 0).tolist():
        places.setdefault(wanted[found[row]], []).append(row)
    first = {key: next((name for name in known if name in places), "") for key, known in names.items()}
    return {key: places[name] for key, name in first.items() if name}


def _names(corrections: Sequence[Correction]) -> Mapping[str, Sequence[str]]:
    """Give, for each key, itself and what it becomes when parts of it are corrected."""
    table = corrections[0].table
    names: dict[str, list[list[str]]] = {}
    for one in corrections:
        parts = names.setdefault(one.key, [[part] for part in one.key.split(SEPARATOR)])
        at = table.key.index(one.column.name) if one.column.name in table.key else len(parts)
        if at < len(parts):
            parts[at].append(written(one.now, one.column))
    return {
        key: [SEPARATOR.join(name) for name in islice(product(*parts), MOST_NAMES)]
        for key, parts in names.items()
    }


def _replaced(held: pa.Array, now: Mapping[int, Value]) -> pa.Array:
    """Give a column with new values in some rows."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    mask = np.zeros(len(held), bool)
    mask[list(now)] = True
    values = pa.array([now[row] for row in sorted(now)], held.type)
    return pc.replace_with_mask(held, mask, values)
