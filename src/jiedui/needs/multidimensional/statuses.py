"""Who entered, who left and who stayed between two rounds of a register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.groups import as_texts
from jiedui.needs.multidimensional.gathering import check_columns, open_table

if TYPE_CHECKING:
    import pyarrow as pa

KINDS = ("stayed_in", "entered", "exited", "stayed_out", "only_before", "only_after", "unknown")
"""Unknown: seen twice, but a status is empty."""
SHOWN = 80


@dataclass(frozen=True, slots=True)
class Transitions:
    """Units of two rounds and what became of them.

    Attributes
    ----------
    table : pyarrow.Table
        ``key, before, after, transition``, ordered by key; a status is null where a unit was not seen.
    counts : mapping of str to int
        Units of each kind, in the order of `KINDS`.
    """

    table: pa.Table
    counts: Mapping[str, int]


def transitions(before: object, after: object, key: str, status: str) -> Transitions:
    """Tell for every unit of two rounds whether it entered, exited, stayed, or was seen once only.

    Parameters
    ----------
    before, after : table of any kind `poverty` takes
        One row a unit, with its key and status.
    key, status : str
        Columns; the status is 1 or true for who is in.

    Raises
    ------
    InputError
        If a key is empty or stands twice in a round, or a status is anything but 1, 0 and empty.

    Examples
    --------
    >>> import pyarrow as pa
    >>> before = pa.table({"household": [1, 2, 3], "in": [1, 1, 0]})
    >>> after = pa.table({"household": [1, 2, 4], "in": [1, 0, 1]})
    >>> found = transitions(before, after, "household", "in")
    >>> {kind: count for kind, count in found.counts.items() if count}
    {'stayed_in': 1, 'exited': 1, 'only_before': 1, 'only_after': 1}
    """
    import duckdb

    with duckdb.connect(config={"enable_external_access": "false"}) as con:
        for name, units in (("before", before), ("after", after)):
            con.register(f"{name}_units", _round(units, key, status))
        table = con.sql(
            """
            SELECT coalesce(b.key, a.key) AS key, b.status AS before, a.status AS after,
                CASE WHEN a.key IS NULL THEN 'only_before' WHEN b.key IS NULL THEN 'only_after'
                    WHEN b.status IS NULL OR a.status IS NULL THEN 'unknown'
                    WHEN b.status AND a.status THEN 'stayed_in' WHEN b.status THEN 'exited'
                    WHEN a.status THEN 'entered' ELSE 'stayed_out' END AS transition
            FROM before_units b FULL OUTER JOIN after_units a USING (key) ORDER BY key
            """
        ).to_arrow_table()
    found = {row["values"]: row["counts"] for row in table["transition"].value_counts().to_pylist()}
    return Transitions(table, {kind: found.get(kind, 0) for kind in KINDS})


def _round(units: object, key: str, status: str) -> pa.Table:
    """Give keys as text and statuses as true, false or null, each key once."""
    import pyarrow as pa

    columns, fetch = open_table(units)
    check_columns([key, status], columns)
    table = fetch([key, status])
    keys = as_texts(table[key], key)
    if keys.null_count:
        raise InputError([finding("needs.key_empty", cell=key, count=keys.null_count)])
    counted = keys.value_counts()
    if twice := [row["values"] for row in counted.to_pylist() if row["counts"] > 1]:
        found = f"…{min(twice)[-4:]}"
        raise InputError([finding("needs.key_twice", cell=key, count=len(twice), found=found)])
    return pa.table({"key": keys, "status": _statuses(table[status], status)})


def _statuses(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = as_texts(column, name)
    is_in = pc.is_in(texts, pa.array(["1", "true"]))
    known = pc.or_(is_in, pc.is_in(texts, pa.array(["0", "false"])))
    wrong = pc.and_(pc.is_valid(texts), pc.invert(known))
    if pc.any(wrong).as_py():
        found = texts.filter(wrong)
        raise InputError(
            [finding("needs.not_binary", cell=name, found=str(found[0])[:SHOWN], count=len(found))]
        )
    return pc.if_else(known, is_in, pa.scalar(None, pa.bool_()))
