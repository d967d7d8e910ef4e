"""States of places as a table gives them: a code and a name, and the years in which they held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.errors import Finding, InputError
from jiedui.language import finding
from jiedui.registers.place_names.levels import is_code, level_of, shorten
from jiedui.registers.place_names.tables import KNOWN_PLACES, LIST_MARKS

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.geo import PlaceCodes

HEADINGS = ("市辖区", "县", "省直辖县级行政区划", "省直辖县级行政单位", "自治区直辖县级行政区划")
"""Rows of code tables that are headings, not places."""
LAST = "9999"


@dataclass(frozen=True, slots=True)
class State:
    """A place with the code and name that it has or had; bounds are years, empty where none is known."""

    code: str
    name: str
    level: str
    parent: str
    valid_from: str
    valid_to: str
    successors: tuple[str, ...]
    aliases: tuple[str, ...]

    @property
    def order(self) -> tuple[str, str]:
        """Sort the states of one code, the newest last: what still stands comes after what ended."""
        return self.valid_to or LAST, self.valid_from

    def holds(self, year: int) -> bool:
        """Tell whether the state is known to hold in a year."""
        return int(self.valid_from or 0) <= year <= int(self.valid_to or LAST)


def read_states(places: pa.Table) -> list[State]:
    """Give the states of a table as declared in `KNOWN_PLACES`; headings of code tables are left out.

    Raises
    ------
    InputError
        If a code has not the digits of one.
    """
    names = [column.name for column in KNOWN_PLACES.columns]
    columns = [places[name].to_pylist() for name in names]
    rows = [dict(zip(names, (cell or "" for cell in row), strict=True)) for row in zip(*columns, strict=True)]
    if wrong := [problem for row in rows for problem in _wrong_codes(row)]:
        raise InputError(wrong)
    return [_state(row) for row in rows if row["name"] not in HEADINGS]


def earlier_states(codes: PlaceCodes | None, known: Sequence[State]) -> list[State]:
    """Give the states of counties in a history of codes that are not in a table yet."""
    given = {(state.code, state.name) for state in known}
    states: dict[tuple[str, str], State] = {}
    for state in codes or ():
        if state.code and (state.code, state.name) not in given:
            after = codes.after(state) if codes else ()
            states[state.code, state.name] = State(
                code=state.code,
                name=state.name,
                level=level_of(state.code),
                parent="",
                valid_from=state.valid_from[:4],
                valid_to=state.valid_to[:4] if after else "",
                successors=tuple(one.code for one in after if one.code),
                aliases=(),
            )
    return list(states.values())


def _wrong_codes(row: Mapping[str, str]) -> Iterator[Finding]:
    for code in (row["code"], row["parent"], *_listed(row["successor"])):
        if code and not is_code(code):
            yield finding("place_names.code_form", code=code, name=row["name"])


def _state(row: Mapping[str, str]) -> State:
    code = shorten(row["code"])
    return State(
        code=code,
        name=row["name"],
        level=row["level"] or level_of(code),
        parent=shorten(row["parent"]),
        valid_from=row["valid_from"][:4],
        valid_to=row["valid_to"][:4],
        successors=tuple(shorten(one) for one in _listed(row["successor"])),
        aliases=_listed(row["aliases"]),
    )


def _listed(cell: str) -> tuple[str, ...]:
    """Give the parts of a cell that lists several."""
    for mark in LIST_MARKS:
        cell = cell.replace(mark, LIST_MARKS[0])
    return tuple(part.strip() for part in cell.split(LIST_MARKS[0]) if part.strip())
