"""Units of any kind, brought into one Arrow table: deprivations as 1, 0 or null, and what counts them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.expressions import Expression, read_expression
from jiedui.needs.groups import as_texts
from jiedui.tables.formulas import missing_column

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.needs.spec import Indicator, Spec

MEMBERS = {
    "any": "CASE WHEN bool_or({0}) THEN true WHEN count(*) = count({0}) THEN false END",
    "all": "CASE WHEN NOT bool_and({0}) THEN false WHEN count(*) = count({0}) THEN true END",
}
"""How members decide for a household; one unknown member leaves it unknown unless another decides."""
SHOWN = 200


def deprivations(
    units: object, spec: Spec, *, keep: Iterable[str] = (), roster: object = None, key: str = "household"
) -> pa.Table:
    """Give a column for each indicator of the specification, 1, 0 or null as it stands or as computed.

    Parameters
    ----------
    units, roster : pyarrow.Table, data frame, Ibis table or path
        One row a unit, one row a member.
    keep : iterable of str
        Columns of the units that are wanted as they are, put first.
    key : str
        Column that joins members to units; needed only with indicators that ask about members.

    Raises
    ------
    InputError
        If a table cannot be read, a column is not there, or an expression cannot be computed.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.needs import load_spec
    >>> spec = load_spec("income_line", year=2013)
    >>> deprivations(pa.table({"income_per_head": [2735, 2736, None]}), spec)["below_line"].to_pylist()
    [True, False, None]
    """
    spec_columns = [one.id for one in spec.indicators if not one.deprived]
    computed = [one for one in spec.indicators if one.deprived]
    members = [one for one in computed if one.roster]
    kept = tuple(dict.fromkeys(keep))
    columns, fetch = open_table(units)
    own = {one.id: read_expression(one.deprived, columns, cell=one.id) for one in computed if not one.roster}
    keys = [key] if members else []
    wanted = dict.fromkeys(
        [*kept, *spec_columns, *keys, *(name for one in own.values() for name in one.columns)]
    )
    if absent := [name for name in wanted if name not in columns]:
        raise InputError([missing_column(name, columns) for name in absent])
    table = fetch(list(wanted))
    if not computed:
        return table.select([*kept, *(name for name in spec_columns if name not in kept)])
    found = {**_compute(table, own), **(_ask_members(table, members, roster, key) if members else {})}
    return _assemble(table, spec, kept, found)


def _assemble(table: pa.Table, spec: Spec, kept: tuple[str, ...], found: dict[str, Any]) -> pa.Table:
    import pyarrow as pa

    columns = {name: table[name] for name in kept}
    for one in spec.indicators:
        columns[one.id] = found[one.id] if one.deprived else table[one.id]
    return pa.table(columns)


def open_table(units: object) -> tuple[list[str], Callable[[list[str]], pa.Table]]:
    """Give the names of the columns, and a way to fetch some of them.

    Raises
    ------
    InputError
        If it is nothing that holds a table, or a file that cannot be read.
    """
    import pyarrow as pa

    if isinstance(units, str | Path):
        units = _read_file(Path(units))
    if isinstance(units, pa.Table):
        return _columns_once(units), units.select
    if hasattr(units, "to_pyarrow") and hasattr(units, "columns"):
        frame: Any = units
        return list(frame.columns), lambda names: frame.select(names).to_pyarrow()
    try:
        table = pa.table(units)
    except (TypeError, ValueError, pa.ArrowException) as error:
        known = isinstance(error, pa.ArrowException)
        raise InputError(
            [finding("needs.units", found=str(error)[:SHOWN] if known else type(units).__name__)]
        ) from None
    return _columns_once(table), table.select


def _columns_once(table: pa.Table) -> list[str]:
    names = list(table.column_names)
    if twice := [name for name, times in Counter(names).items() if times > 1]:
        raise InputError([finding("needs.column_twice", cell=twice[0], found=", ".join(twice))])
    return names


def _read_file(path: Path) -> pa.Table:
    import pyarrow as pa
    import pyarrow.csv as pa_csv
    import pyarrow.parquet as pq

    try:
        if path.suffix.lower() == ".csv":
            table = pa_csv.read_csv(path)
            return table.rename_columns(table.column_names)
        if path.suffix.lower() == ".parquet":
            return pq.read_table(path)
    except (OSError, UnicodeDecodeError, pa.ArrowException) as error:
        raise InputError([finding("needs.units", file=path.name, found=str(error)[:SHOWN])]) from None
    raise InputError([finding("needs.units", file=path.name, found=path.name)])


def _compute(table: pa.Table, own: dict[str, Expression]) -> dict[str, Any]:
    if not own:
        return {}
    parts = ", ".join(f"({one.sql})::BOOLEAN AS e{number}" for number, one in enumerate(own.values()))
    answer = _query(f"SELECT {parts} FROM asked", table)  # noqa: S608
    return {name: answer[f"e{number}"] for number, name in enumerate(own)}


def _ask_members(table: pa.Table, members: list[Indicator], roster: object, key: str) -> dict[str, Any]:
    """Let the members decide; a unit without members stays unknown."""
    import pyarrow.compute as pc

    if roster is None:
        raise InputError([finding("needs.no_roster", cell=members[0].id, found=members[0].id)])
    columns, fetch = open_table(roster)
    check_columns([key], columns)
    asked = [read_expression(one.deprived, columns, cell=one.id) for one in members]
    wanted = dict.fromkeys([key, *(name for one in asked for name in one.columns)])
    quoted = '"' + key.replace('"', '""') + '"'
    parts = ", ".join(
        f"{MEMBERS[one.roster].format(f'({expression.sql})')} AS e{number}"
        for number, (one, expression) in enumerate(zip(members, asked, strict=True))
    )
    answer = _query(f"SELECT {quoted} AS k, {parts} FROM asked GROUP BY ALL", fetch(list(wanted)))  # noqa: S608
    texts = [as_texts(column, key) for column in (table[key], answer["k"])]
    places = pc.index_in(texts[0], value_set=texts[1].combine_chunks(), skip_nulls=True)
    return {one.id: answer[f"e{number}"].take(places) for number, one in enumerate(members)}


def _query(sql: str, table: pa.Table) -> pa.Table:
    """Ask the table `asked`; rows of a plain selection keep their order."""
    import duckdb

    with duckdb.connect(config={"enable_external_access": "false"}) as con:
        con.register("asked", table)
        try:
            return con.sql(sql).to_arrow_table()
        except duckdb.Error as error:
            raise InputError([finding("needs.cannot_run", found=str(error)[:SHOWN])]) from None


def check_columns(names: Iterable[str], columns: Collection[str]) -> None:
    """Refuse names that no column has."""
    if absent := [name for name in names if name and name not in columns]:
        raise InputError([missing_column(name, columns) for name in absent])
