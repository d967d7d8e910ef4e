"""The place of each row of a register: its code, else its names under the place an import is for."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.registers.place_names import KNOWN_PLACES, Gazetteer

if TYPE_CHECKING:
    import pyarrow as pa

PATH = ("county", "township", "village", "place_code")
SEPARATOR = "\x1f"
WHOLE = 12
GROUP = "000"
LONGEST = 32
COUNTY = 6
DIGITS = (6, 9, 12, 14, 15)
"""Of codes that the gazetteer knows; places under others are found by their codes alone."""


@dataclass(frozen=True, slots=True)
class AskedPlace:
    """A name or code that leaves the place of its rows open, or that lies outside.

    Attributes
    ----------
    order : int
        The first row that has it.
    """

    found: str
    rows: int
    order: int
    is_outside: bool


@dataclass(frozen=True, slots=True)
class PlacedRows:
    """The code of each row, null where it lies outside, and what is asked."""

    codes: pa.Array
    asked: tuple[AskedPlace, ...]


class Placing:
    """Finds the places of rows within one place.

    Parameters
    ----------
    places
        ``code``, ``name``, ``level`` and, where known, ``valid_from``, ``valid_to``, ``successor``.
    within
        The code of the place that an import is for.
    """

    def __init__(self, places: Iterable[Mapping[str, str | None]], within: str) -> None:
        import pyarrow as pa

        known = [place for place in places if _has_digits(place["code"])]
        codes = {_whole(str(place["code"])) for place in known}
        rows = [{**place, **_codes(place, codes)} for place in known]
        self._within = within
        self._outer = _whole(within)
        schema = KNOWN_PLACES.schema()
        try:
            self._gazetteer = Gazetteer(pa.Table.from_pylist(rows, schema))
        except InputError:
            # A table of places that contradicts itself stops no import: its names are asked about.
            self._gazetteer = Gazetteer(schema.empty_table())
        self._knows_below = any(
            str(row["code"]).startswith(within) and row["code"] not in {within, self._outer} for row in rows
        )

    def place(self, rows: pa.Table) -> PlacedRows:
        """Give the code of each row of a table of a register."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        columns = [
            pc.fill_null(rows[name], "") if name in rows.column_names else pa.scalar("") for name in PATH
        ]
        if all(isinstance(column, pa.Scalar) for column in columns):
            return PlacedRows(pa.array([self._within] * rows.num_rows, pa.string()), ())
        joined = pc.binary_join_element_wise(*columns, SEPARATOR).combine_chunks().dictionary_encode()
        found = [self._look_up(*text.split(SEPARATOR)) for text in joined.dictionary.to_pylist()]
        _, first, counts = np.unique(joined.indices.to_numpy(), return_index=True, return_counts=True)
        asked = [
            AskedPlace(words, int(count), int(order), code is None)
            for (code, words), count, order in zip(found, counts, first, strict=True)
            if words
        ]
        codes = pa.array([code for code, _ in found], pa.string()).take(joined.indices)
        return PlacedRows(codes, tuple(sorted(asked, key=lambda one: one.order)))

    def _look_up(self, county: str, township: str, village: str, code: str) -> tuple[str | None, str]:
        """Give the code, null outside, and the words to ask about; empty where nothing is open."""
        if code:
            own = self._of_code(code)
            is_inside = own.startswith(self._within) and len(own) <= LONGEST
            return (own, "") if is_inside else (None, code)
        path = [name for name in (county, township, village) if name]
        if not path:
            return self._within, ""
        found = self._gazetteer.find_along((self._outer, *path))
        inside = [place for place in found.matches if place.code.startswith(self._within)]
        if found.status == "one" and inside:
            return inside[0].code, ""
        if found.matches and not inside:
            return None, "".join(path)
        return self._named(county, township), "".join(path) if self._knows_below else ""

    def _named(self, county: str, township: str) -> str:
        """Give the township where the village is not known, else the place of the import."""
        for path in ((county, township), (county,)):
            names = [name for name in path if name]
            found = self._gazetteer.find_along((self._outer, *names)) if names else None
            if found and found.status == "one" and found.matches[0].code.startswith(self._within):
                return found.matches[0].code
        return self._within

    def _of_code(self, code: str) -> str:
        """Give a written code as our places write it."""
        found = self._gazetteer.find_code(code)
        if found.status == "one":
            return found.matches[0].code
        while len(code) >= WHOLE - len(GROUP) and code.endswith(GROUP):
            code = code.removesuffix(GROUP)
        return code


def _whole(code: str) -> str:
    """Write the code of a province or prefecture with the zeros that a table of places wants."""
    return code.ljust(COUNTY, "0") if code.isdecimal() else code


def _has_digits(code: str | None) -> bool:
    return bool(code) and str(code).isdecimal() and len(_whole(str(code))) in DIGITS


def _codes(place: Mapping[str, str | None], codes: Container[str]) -> dict[str, str | None]:
    """Give code and parent as a table of places wants them; a parent not in it follows from the code."""
    parent = _whole(place.get("parent") or "")
    return {"code": _whole(str(place["code"])), "parent": parent if parent in codes else None}
