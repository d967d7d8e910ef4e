"""Where tables of places come from: the user's file, a register's own villages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from jiedui.errors import InputError
from jiedui.registers.place_names.levels import (
    COUNTY_DIGITS,
    TOWNSHIP_DIGITS,
    VILLAGE_DIGITS,
    is_code,
    shorten,
)
from jiedui.registers.place_names.lineage import trace
from jiedui.registers.place_names.states import read_states
from jiedui.registers.place_names.tables import KNOWN_PLACES
from jiedui.registers.tables import VILLAGES
from jiedui.tables import read_table

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.registers.register import Register

Name = TypeVar("Name", str, tuple[str, str])


@dataclass(frozen=True, slots=True)
class KnownPlaces:
    """A table of places and where it comes from.

    Attributes
    ----------
    table : pyarrow.Table
        As declared in `jiedui.registers.place_names.KNOWN_PLACES`.
    origin, licence, dated : str
        Name, licence and date of the source; licence and date are empty where it states none.
    """

    table: pa.Table
    origin: str
    licence: str = ""
    dated: str = ""


def read_places(path: Path) -> KnownPlaces:
    r"""Give the places of the user's own file (.csv, .xlsx, .parquet).

    Raises
    ------
    InputError
        If the file does not fit the declaration, or contradicts itself.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> path = Path(mkdtemp()) / "places.csv"
    >>> _ = path.write_text("code,name\n610204,耀州区\n", encoding="utf-8")
    >>> read_places(path).table["name"].to_pylist()
    ['耀州区']
    """
    table = read_table(path, KNOWN_PLACES).table
    try:
        trace(read_states(table))
    except InputError as error:
        raise InputError([replace(found, file=path.name) for found in error.findings]) from None
    return KnownPlaces(table, path.name)


def places_of_register(register: Register, known: KnownPlaces | None = None) -> KnownPlaces:
    """Give the villages of a register that carry a code of twelve digits, with their townships and counties.

    A township has the code that most of its villages begin with; a name that would share another's is left
    out, so that its rows are asked about.

    Parameters
    ----------
    known
        Places that the villages are added to, such as the list of the whole country: what it knows stands.

    Examples
    --------
    >>> from jiedui.registers import empty_register
    >>> places_of_register(empty_register()).table.num_rows
    0
    """
    villages = [row for row in _villages(register) if len(row[-1]) == VILLAGE_DIGITS and is_code(row[-1])]
    counties = _by_majority((county, code[:COUNTY_DIGITS]) for county, _, _, code in villages if county)
    townships = _by_majority(
        ((county, township), code[:TOWNSHIP_DIGITS]) for county, township, _, code in villages if township
    )
    rows: list[Mapping[str, str | None]] = [{"code": code, "name": name} for name, code in counties.items()]
    rows += [
        {"code": code, "name": township, "parent": counties.get(county)}
        for (county, township), code in townships.items()
    ]
    rows += [
        {"code": code, "name": village, "parent": townships.get((county, township), counties.get(county))}
        for county, township, village, code in {row[-1]: row for row in reversed(villages)}.values()
    ]
    if known is None:
        return KnownPlaces(as_table(rows), VILLAGES.name)
    given = {shorten(code) for code in known.table["code"].to_pylist()}
    rows = [row for row in rows if row["code"] not in given]
    return replace(
        known, table=as_table([*known.table.to_pylist(), *rows]), origin=f"{known.origin} + {VILLAGES.name}"
    )


def _villages(register: Register) -> list[tuple[str, ...]]:
    """Give county, township, village and code of each village that has a name."""
    table = register.tables["villages"]
    columns = (table[name].to_pylist() for name in ("county", "township", "village", "place_code"))
    rows = [tuple(cell or "" for cell in row) for row in zip(*columns, strict=True)]
    return [row for row in rows if row[2]]


def _by_majority(pairs: Iterable[tuple[Name, str]]) -> dict[Name, str]:
    """Give each name the code that it stands with most often; a code is given once."""
    taken: dict[str, Name] = {}
    given: dict[Name, str] = {}
    for (name, code), _ in sorted(Counter(pairs).items(), key=lambda one: (-one[1], one[0])):
        if name not in given and code not in taken:
            taken[code], given[name] = name, code
    return given


def as_table(rows: Sequence[Mapping[str, str | None]]) -> pa.Table:
    """Give rows as a table of places."""
    import pyarrow as pa

    return pa.Table.from_pylist(list(rows), KNOWN_PLACES.schema())
