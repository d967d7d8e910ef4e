"""One row for one thing: rows of the same household, person or village over several files, made one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from jiedui.language import LANGUAGES, finding
from jiedui.registers.intake.reports import masked
from jiedui.registers.linkage import Linked
from jiedui.registers.register import Register, Source
from jiedui.registers.tables import FINDINGS, REGISTERS
from jiedui.tables import Column, Table

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MINOR = 100


@dataclass(frozen=True, slots=True)
class Merged:
    """A register with one row for each key.

    Attributes
    ----------
    register : Register
        Of each column the first value that any file holds, in the order of the sources; rows without a key
        stand apart. ``_row`` is that of the first row; ``_source`` of rows made of several is a source added
        at the end: the first sheet with the columns of the others.
    findings : pyarrow.Table
        As ``FINDINGS``: where files say different things of the same row. Which one is right is asked.
    origins : mapping of str to pyarrow.Table
        By table, for rows that were made of several: their ``_source, _row``, and ``source, row`` of each.
    """

    register: Register
    findings: pa.Table
    origins: Mapping[str, pa.Table]


def merge_rows(register: Register, *, persons: Linked | None = None) -> Merged:
    """Make one row of all rows that have the same key in different sheets.

    Rows of one sheet stay apart, so that who stands there twice is found. So do the rows of one person in two
    households.

    Parameters
    ----------
    persons : Linked, optional
        Who is who, as `link_persons` gives it for the same register: persons of a household are told apart
        by it instead of by name and ID number.

    Examples
    --------
    >>> from jiedui.registers import empty_register
    >>> merge_rows(empty_register()).findings.num_rows
    0
    """
    import duckdb
    import pyarrow as pa

    tables, origins, found = dict(register.tables), {}, []
    sources = list(register.sources)
    with duckdb.connect() as db:
        for table in REGISTERS:
            rows = tables[table.name].sort_by([("_source", "ascending"), ("_row", "ascending")])
            if not rows.num_rows:
                continue
            linked = persons if table.name == "persons" else None
            db.register("rows", rows.append_column("_key", _keys(db, rows, table, linked)))
            if not _repeats(db, table):
                continue
            sources += _joined_sources(db, table, sources[: len(register.sources)], number=len(sources))
            tables[table.name] = _merged(db, table, rows.schema)
            origins[table.name] = _origins(db)
            found += [_finding(register, table, clash) for clash in _clashes(db, table)]
    return Merged(Register(tables, tuple(sources)), pa.Table.from_pylist(found, FINDINGS.schema()), origins)


def _quoted(name: str) -> str:
    return f'"{name}"'


def _keys(db: duckdb.DuckDBPyConnection, rows: pa.Table, table: Table, linked: Linked | None) -> pa.Array:
    """Give the key of each row, null where its first part is missing; counted on inside a sheet."""
    parts = _declared_key(table)
    source = "keyless"
    db.register("keyless", rows)
    if linked is not None:
        told = ", ".join(f"replace(coalesce({_quoted(part)}, ''), '|', '¦')" for part in table.key)
        db.register("identities", linked.identities)
        source = f"keyless LEFT JOIN identities ON record = concat_ws('|', '{table.name}', {told})"
        parts = f"{_quoted(table.key[0])} || '|' || coalesce(identity, {parts})"
    return db.sql(
        f"SELECT CASE WHEN nth = 1 THEN key ELSE key || '#' || nth END AS key FROM ("  # noqa: S608
        f" SELECT _source, _row, key, row_number() OVER (PARTITION BY key, _source ORDER BY _row) AS nth"
        f" FROM (SELECT _source, _row, {parts} AS key FROM {source})) ORDER BY _source, _row"
    ).to_arrow_table()["key"]


def _repeats(db: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Find the keys that stand twice or more, in the table `several`; tell whether there are any."""
    db.execute(
        "CREATE OR REPLACE TEMP TABLE several AS"  # noqa: S608
        f" SELECT *, first_value({_declared_key(table)}) OVER (PARTITION BY _key ORDER BY _source, _row)"
        " AS _row_key FROM rows SEMI JOIN (SELECT _key FROM rows WHERE _key IS NOT NULL"
        " GROUP BY _key HAVING count(*) > 1) USING (_key)"
    )
    return bool(db.execute("SELECT 1 FROM several LIMIT 1").fetchall())


def _declared_key(table: Table) -> str:
    """Write the key of a row as SQL: its parts joined by ``|``."""
    first, *others = map(_quoted, table.key)
    return " || '|' || ".join([first, *(f"coalesce({part}, '')" for part in others)])


def _joined_sources(
    db: duckdb.DuckDBPyConnection, table: Table, sources: Sequence[Source], *, number: int
) -> Iterator[Source]:
    """Give a source for each set of sheets that rows were made of, numbered in the table `joined`."""
    db.execute(
        "CREATE OR REPLACE TEMP TABLE joined AS SELECT _key, sheets,"  # noqa: S608
        f" dense_rank() OVER (ORDER BY sheets) - 1 + {number} AS number"
        " FROM (SELECT _key, list(_source ORDER BY _source) AS sheets FROM several GROUP BY _key)"
    )
    for (sheets,) in db.execute("SELECT DISTINCT sheets FROM joined ORDER BY sheets").fetchall():
        columns = frozenset[str]().union(*(sources[sheet].columns(table.name) for sheet in sheets))
        yield replace(sources[sheets[0]], others={table.name: columns})


def _merged(db: duckdb.DuckDBPyConnection, table: Table, schema: pa.Schema) -> pa.Table:
    """Give the table with one row a key, in the order of the first rows."""
    order = "ORDER BY _source, _row"
    firsts = ", ".join(
        f"first({_quoted(c.name)} {order}) FILTER ({_quoted(c.name)} IS NOT NULL) AS {_quoted(c.name)}"
        for c in table.columns
    )
    names = ", ".join(_quoted(name) for name in schema.names)
    return (
        db.sql(
            f"SELECT {names} FROM (SELECT {names}, _source AS place FROM rows ANTI JOIN several USING (_key)"  # noqa: S608
            f" UNION ALL BY NAME SELECT {firsts}, any_value(number) AS _source, first(_row {order}) AS _row,"
            " min(_source) AS place FROM several JOIN joined USING (_key) GROUP BY _key)"
            " ORDER BY place, _row"
        )
        .to_arrow_table()
        .cast(schema)
    )


def _origins(db: duckdb.DuckDBPyConnection) -> pa.Table:
    """Give the rows that each merged row was made of."""
    return db.sql(
        "SELECT number AS _source, first_value(_row) OVER w AS _row, _source AS source, _row AS row"
        " FROM several JOIN joined USING (_key) WINDOW w AS (PARTITION BY _key ORDER BY _source, _row)"
        " ORDER BY ALL"
    ).to_arrow_table()


def _clashes(db: duckdb.DuckDBPyConnection, table: Table) -> Iterator[dict[str, Any]]:
    """Give each value that differs from the first one of its key and column."""
    known = {column.name for column in table.columns}
    place = [f"s.{name}" if name in known else f"NULL AS {name}" for name in ("township", "village")]
    for column in table.columns:
        name = _quoted(column.name)
        yield from (
            db.sql(
                f"""
                SELECT s._row_key AS row_key, '{column.name}' AS "column", f.{name} AS first,
                    s.{name} AS other, f._source AS first_source, f._row AS first_row,
                    s._source AS source, s._row AS row, {", ".join(place)}
                FROM several AS s JOIN (
                    SELECT * FROM several WHERE {name} IS NOT NULL
                    QUALIFY row_number() OVER (PARTITION BY _key ORDER BY _source, _row) = 1
                ) AS f ON f._key = s._key WHERE s.{name} <> f.{name} ORDER BY s._source, s._row
                """  # noqa: S608
            )
            .to_arrow_table()
            .to_pylist()
        )


def _finding(register: Register, table: Table, clash: Mapping[str, Any]) -> dict[str, str | None]:
    """Ask which of two values is right."""
    column = table.column(clash["column"])
    here, there = register.sources[clash["source"]], register.sources[clash["first_source"]]
    cell = here.cell(table.name, clash["row"], column.name)
    first = there.cell(table.name, clash["first_row"], column.name)
    said = finding(
        "merging.differs",
        file=here.place.file,
        sheet=here.place.sheet,
        cell=cell,
        heading={lang: column.heading(lang) for lang in LANGUAGES},
        found=_shown(clash["other"], column),
        first=_shown(clash["first"], column),
        where=f"{there.place.file} [{there.place.sheet}] {first}",
    )
    return {
        "rule": said.rule,
        "severity": "question",
        "register": table.name,
        "row_key": clash["row_key"],
        "column": column.name,
        "found": _shown(clash["other"], column),
        "township": clash["township"],
        "village": clash["village"],
        "file": said.file,
        "sheet": said.sheet,
        "cell": said.cell,
        "zh": said.zh,
        "en": said.en,
    }


def _shown(value: object, column: Column) -> str:
    """Write a value as its file does; of an ID number only the last four signs."""
    if column.type == "money" and isinstance(value, int):
        return f"{value / MINOR:.2f}"
    return masked(str(value), column)
