"""Findings of a sheet as rows of the table of findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.errors import Finding
from jiedui.language import LANGUAGES, words
from jiedui.registers.intake.columns import TypedColumn
from jiedui.registers.intake.tidying import IDENTITIES
from jiedui.registers.tables import FINDINGS
from jiedui.tables import Column, Table
from jiedui.tables.cells import Refusal, shown
from jiedui.tables.grid import Place, letters

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

OPEN = 4
"""How many signs at the end of an ID number are shown."""


Told = tuple[str, str, str | None, Mapping[str, str]]
"""Rule, severity, what was found, and the words."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the cells of one column of a table stand in a sheet."""

    place: Place
    position: int
    heading: str
    table: Table
    column: Column


def masked(found: str, column: Column) -> str:
    """Give a value as it is shown: of an ID number at most the last four signs.

    Examples
    --------
    >>> from jiedui.registers.tables import PERSONS
    >>> masked("990101199001011234", PERSONS.column("id_number"))
    '**************1234'
    """
    if column.name not in IDENTITIES:
        return found
    return "*" * (len(found) - OPEN) + found[-OPEN:] if len(found) > OPEN else "*" * len(found)


def refusal_rows(spot: Spot, typed: TypedColumn, owners: pa.Table) -> pa.Table:
    """Give the findings of all refused cells of a column.

    Parameters
    ----------
    owners : pyarrow.Table
        ``row_key``, ``township``, ``village`` and ``_row`` of each row.
    """
    told = [_told(refusal, spot.column) for refusal in typed.refusals]
    return _rows(spot, typed.refused, told, typed.causes, owners)


def blank_rows(spot: Spot, blank: NDArray[np.int64], owners: pa.Table) -> pa.Table:
    """Give the findings of rows whose part of the key is blank."""
    import numpy as np

    severity = "error" if spot.column.required else "question"
    both = words("intake.key_blank", heading=spot.column.words)
    told: list[Told] = [("intake.key_blank", severity, None, both)]
    return _rows(spot, blank, told, np.zeros(len(blank), dtype=np.int64), owners)


def differing_rows(
    spot: Spot, pairs: NDArray[np.int64], owners: pa.Table, cells: pa.ChunkedArray
) -> pa.Table:
    """Give the findings of households whose rows disagree: at the second cell, naming the first.

    Parameters
    ----------
    pairs : array of int64, shape (n, 2)
        The first row with a value and the first that disagrees.
    cells : pyarrow.ChunkedArray
        The column as it came.
    """
    import numpy as np
    import pyarrow as pa

    first, second = (pa.array(pairs[:, side]) for side in (0, 1))
    others = addresses(spot, owners.column("_row").take(first)).to_pylist()
    told: list[Told] = []
    for was, found, other in zip(
        cells.take(first).to_pylist(), cells.take(second).to_pylist(), others, strict=True
    ):
        values = {"found": masked(shown(found), spot.column), "was": masked(shown(was), spot.column)}
        both = words("intake.repeated_differs", heading=spot.column.words, other=other, **values)
        told.append(("intake.repeated_differs", "question", values["found"], both))
    return _rows(spot, pairs[:, 1], told, np.arange(len(told)), owners)


def general_rows(findings: Iterable[Finding], severity: str, table: str = "") -> pa.Table:
    """Give findings as rows of the table of findings."""
    import pyarrow as pa

    rows = [
        {
            "rule": found.rule,
            "severity": severity,
            "register": table,
            "file": found.file,
            "sheet": found.sheet,
            "cell": found.cell,
            "zh": found.zh,
            "en": found.en,
        }
        for found in findings
    ]
    return pa.Table.from_pylist(rows, schema=FINDINGS.schema())


def _told(refusal: Refusal, column: Column) -> Told:
    values = dict(refusal.values)
    found = values.get("found")
    if found is not None:
        found = values["found"] = masked(str(found), column)
    return refusal.rule, "error", found, words(refusal.rule, heading=column.words, **values)


def _rows(
    spot: Spot,
    which: NDArray[np.int64],
    told: list[Told],
    causes: NDArray[np.int64],
    owners: pa.Table,
) -> pa.Table:
    import pyarrow as pa

    size = len(which)
    at = owners.take(pa.array(which))
    by = pa.array(causes)
    texts: dict[str, pa.Array] = {
        lang: pa.array([both[lang] for *_, both in told], pa.string()).take(by) for lang in LANGUAGES
    }
    same = {
        "register": spot.table.name,
        "column": spot.column.name,
        "file": spot.place.file,
        "sheet": spot.place.sheet,
    }
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        "rule": pa.array([rule for rule, *_ in told], pa.string()).take(by),
        "severity": pa.array([severity for _, severity, *_ in told], pa.string()).take(by),
        "found": pa.array([found for _, _, found, _ in told], pa.string()).take(by),
        "cell": addresses(spot, at.column("_row")),
        **{name: at.column(name) for name in ("row_key", "township", "village")},
        **{name: pa.array([value] * size, pa.string()) for name, value in same.items()},
        **texts,
    }
    schema = FINDINGS.schema()
    return pa.Table.from_arrays([_whole(columns[name]) for name in schema.names], schema=schema)


def addresses(spot: Spot, rows: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give the addresses of cells of one column, such as ``C17``."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lead = letters(spot.position) if spot.place.lettered else f"{spot.heading} "
    return pc.binary_join_element_wise(pa.scalar(lead), rows.cast(pa.string()), "")


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    import pyarrow as pa

    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
