"""Administrative division codes (GB/T 2260): what covers what, and which code a place had when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pyarrow as pa

K = TypeVar("K")
V = TypeVar("V")


def covers(area: str, code: str) -> bool:
    """Tell whether an area is the place of the code or contains it.

    Parameters
    ----------
    area, code
        Six digits: two each for province, prefecture and county, ``00`` for the whole. Longer codes
        (townships, villages) lie in their county.

    Examples
    --------
    >>> covers("530000", "530602"), covers("530600", "530602"), covers("530602", "530600")
    (True, True, False)
    """
    prefix = _prefix(area)
    return bool(prefix) and code.startswith(prefix)


def most_specific(areas: Iterable[str], code: str) -> str | None:
    """Give the smallest of the areas that covers the code; None when none does.

    Examples
    --------
    >>> most_specific(["530000", "530600"], "530602")
    '530600'
    """
    covering = (area for area in areas if covers(area, code))
    return max(covering, key=lambda area: (len(_prefix(area)), area), default=None)


def _prefix(area: str) -> str:
    """Cut the pairs of zeros that stand for the whole."""
    province, prefecture, county = area[:2], area[2:4], area[4:]
    if county != "00":
        return area
    return province if prefecture == "00" else province + prefecture


@dataclass(frozen=True, slots=True)
class PlaceState:
    """The code and name of a place, and the years in which it is known to have had them.

    Attributes
    ----------
    place : str
        The id of the place, the same in all its states.
    code, prefecture, province, successor : str
        Empty when there is none. The successor is the code that follows.
    valid_from, valid_to : str
        First and last year, both included; empty when there is no known bound.
    """

    place: str
    code: str
    name: str
    prefecture: str
    province: str
    valid_from: str
    valid_to: str
    successor: str

    @property
    def first_year(self) -> int:
        """The first year in which the state holds."""
        return int(self.valid_from[:4] or 0)

    @property
    def last_year(self) -> int:
        """The last year in which the state holds."""
        return int(self.valid_to[:4] or 9999)

    def holds(self, year: int) -> bool:
        """Tell whether the state is known to hold in a year."""
        return self.first_year <= year <= self.last_year

    def lies_in(self, area: str) -> bool:
        """Tell whether the place lies in a prefecture or province, given by name or by code."""
        return area in (self.prefecture, self.province) or covers(area, self.code)


class PlaceCodes:
    """The codes and names of places through the years.

    A state is followed by the next one of the same place, or else by what holds its successor code.

    Parameters
    ----------
    table : pyarrow.Table
        One row a state, with the columns of `PlaceState`.

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If a bound does not begin with a year.

    Examples
    --------
    >>> import pyarrow as pa
    >>> names = ("place", "code", "name", "valid_from", "valid_to", "successor")
    >>> old = ("a", "130823", "平泉县", "2016", "2016", "130881")
    >>> new = ("a", "130881", "平泉市", "2023", "2023", "")
    >>> known = {"prefecture": "承德市", "province": "河北省"}
    >>> codes = PlaceCodes(pa.Table.from_pylist([dict(zip(names, row)) | known for row in (old, new)]))
    >>> [state.code for state in codes.at("130881", year_from=2023, year_to=2016)]
    ['130823']
    >>> [state.code for state in codes.find("平泉县", within="河北省")]
    ['130881']
    """

    __slots__ = ("_before", "_next", "_of_code", "_of_name", "_of_place")

    def __init__(self, table: pa.Table) -> None:
        states = _states(table)
        self._of_place = _grouped((state.place, state) for state in states)
        self._of_code = _grouped((state.code, state) for state in states if state.code)
        self._of_name = _grouped((state.name, state) for state in states)
        steps = [(state, after) for state in states for after in self._following(state)]
        self._next = _grouped(steps)
        self._before = _grouped((after, state) for state, after in steps)

    def history(self, place: str) -> tuple[PlaceState, ...]:
        """Give the states of a place, oldest first; none when its id is unknown."""
        return tuple(self._of_place.get(place, ()))

    def __iter__(self) -> Iterator[PlaceState]:
        """Give every state, by place and time."""
        return (state for states in self._of_place.values() for state in states)

    def after(self, state: PlaceState) -> tuple[PlaceState, ...]:
        """Give the states that follow a state directly; none when it is the last."""
        return tuple(self._next.get(state, ()))

    def at(self, code: str, *, year_from: int, year_to: int) -> tuple[PlaceState, ...]:
        """Give what the code of one year was, or became, in another year.

        Several when places were merged; none when nothing is known of one of the two years.
        """
        steps = self._next if year_from <= year_to else self._before
        reached = {state for state in self._of_code.get(code, ()) if state.holds(year_from)}
        found: set[PlaceState] = set()
        while reached:
            found |= {state for state in reached if state.holds(year_to)}
            reached = {step for state in reached for step in steps.get(state, ())}
        return tuple(sorted(found, key=_order))

    def find(self, name: str, *, within: str = "") -> tuple[PlaceState, ...]:
        """Give the newest state of every place that has or had the name; several when it is ambiguous.

        Parameters
        ----------
        within
            Name or code of the prefecture or province that the place lies in, or lay in.
        """
        histories = (
            self._of_place[place] for place in sorted({s.place for s in self._of_name.get(name, ())})
        )
        return tuple(
            history[-1]
            for history in histories
            if not within or any(state.lies_in(within) for state in history)
        )

    def _following(self, state: PlaceState) -> list[PlaceState]:
        """Find the states that follow a state directly."""
        for candidates in (self._of_place[state.place], self._of_code.get(state.successor, ())):
            later = [one for one in candidates if one.first_year > max(state.first_year, state.last_year)]
            if later:
                year = min(one.first_year for one in later)
                return [one for one in later if one.first_year == year]
        return []


def _states(table: pa.Table) -> list[PlaceState]:
    """Read the rows of a table in order of place and time; what is null is empty."""
    names = [field.name for field in fields(PlaceState)]
    columns = [table[name].to_pylist() for name in names]
    rows = zip(*columns, strict=True)
    return sorted((PlaceState(*(cell or "" for cell in row)) for row in rows), key=_order)


def _order(state: PlaceState) -> tuple[str, int, str, str]:
    return state.place, state.first_year, state.code, state.name


def _grouped(pairs: Iterable[tuple[K, V]]) -> Mapping[K, Sequence[V]]:
    groups: defaultdict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return dict(groups)
