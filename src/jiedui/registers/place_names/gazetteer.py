"""A gazetteer: the place that a name or a code means; what is not certain is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from jiedui.registers.place_names.found import Found, NamedPlace
from jiedui.registers.place_names.levels import is_code, level_of, shorten
from jiedui.registers.place_names.lineage import trace
from jiedui.registers.place_names.plain import plain_parts
from jiedui.registers.place_names.reading import SLIPS, index_of
from jiedui.registers.place_names.states import earlier_states, read_states
from jiedui.registers.place_names.tables import GROUP, VILLAGE

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.geo import PlaceCodes

GROUP_AT_END = re.compile(r"(?:第?(?:\d{1,2}|[一二三四五六七八九十]{1,3}))(?:村民小组|村民组|小组|组|社|队)$")
REMEMBERED = 1 << 16
"""Texts whose reading is kept: a register repeats its villages."""


class Gazetteer:
    """Names and codes of places at every level, with their validity and successors.

    Parameters
    ----------
    places : pyarrow.Table
        As declared in `jiedui.registers.place_names.KNOWN_PLACES`.
    codes : PlaceCodes, optional
        Earlier codes and names of counties, added to the table.

    Raises
    ------
    InputError
        If the table contradicts itself.

    Examples
    --------
    >>> from jiedui.registers.place_names import KNOWN_PLACES
    >>> import pyarrow as pa
    >>> rows = {"610200": "铜川市", "610204": "耀州区", "610204101": "石柱镇", "610204101201": "麻子村"}
    >>> places = [{"code": code, "name": name} for code, name in rows.items()]
    >>> gazetteer = Gazetteer(pa.Table.from_pylist(places, KNOWN_PLACES.schema()))
    >>> found = gazetteer.find("耀州麻子村委会")
    >>> found.status, found.matches[0].label
    ('one', '铜川市耀州区石柱镇麻子村（610204101201）')
    >>> found = gazetteer.find("耀州区麻字村")
    >>> found.status, found.reason, found.matches[0].name
    ('none', 'sound', '麻子村')
    """

    __slots__ = ("_above", "_index", "_lineage", "_named", "_places", "_read", "_read_with_slip")

    def __init__(self, places: pa.Table, codes: PlaceCodes | None = None) -> None:
        states = read_states(places)
        self._lineage = trace([*states, *earlier_states(codes, states)])
        self._index = index_of(self._lineage)
        self._above = self._lineage.above()
        self._read = lru_cache(REMEMBERED)(self._index.read)
        self._read_with_slip = lru_cache(REMEMBERED)(self._index.read_with_slip)
        self._named: dict[int, NamedPlace] = {}
        self._places = sum(ends == (place,) for place, ends in enumerate(self._lineage.becomes))

    def __len__(self) -> int:
        """Count the places of today."""
        return self._places

    def find(self, text: str, within: str = "", *, level: str = "") -> Found:
        """Give the place that a name means.

        Parameters
        ----------
        text
            A name, or a path of names from the whole down, with or without marks between them; levels may
            be left out, names may be short or old, signs traditional or full-width.
        within : str
            Name, path or code of what the place lies in; what several places may be narrows to all of them.
        level
            Only places of this level.
        """
        return self.find_along((within, text), level=level)

    def find_along(self, path: Sequence[str], *, level: str = "") -> Found:
        """Give the place that the last of several texts means, each of the others a part of its path."""
        parts = [part for text in path for part in plain_parts(text)]
        if not parts or not plain_parts(path[-1]):
            return Found("none", (), "blank")
        if found := self._found(parts, level):
            return found
        match = GROUP_AT_END.search(parts[-1])
        if match and level in ("", VILLAGE, GROUP) and match.start():
            shorter = [*parts[:-1], parts[-1][: match.start()]]
            if found := self._found(shorter, VILLAGE):
                return Found(found.status, found.matches, found.reason, match[0])
            parts = shorter
        return self._like(parts, level)

    def find_code(self, code: str, *, level: str = "", year: int | None = None) -> Found:
        """Give the place of today that a code means.

        Parameters
        ----------
        level
            The level that the code must be of: a county's code is not taken for a village.
        year
            The year in which the code must hold; when not given, any time.
        """
        if not is_code(code):
            return Found("none", (), "form")
        code = shorten(code)
        states = self._lineage.by_code.get(code, ())
        ends = [end for state in states for end in self._lineage.becomes[state]]
        if level and level_of(code) != level:
            return Found("none", self._label(ends), "level")
        if year is not None:
            states = [state for state in states if self._lineage.states[state].holds(year)]
            if not states:
                return Found("none", self._label(ends), self._why(code, year))
        ends = [end for state in states for end in self._lineage.becomes[state]]
        if not ends:
            return Found("none", (), "unknown")
        found = self._answer(ends)
        moved = year is None and found.status == "one" and found.matches[0].code != code
        return Found(found.status, found.matches, found.reason or ("follows" if moved else ""))

    def _found(self, parts: Sequence[str], level: str) -> Found | None:
        """Give what the parts name, or None."""
        last, *others = [self._readings(part) for part in reversed(parts)]
        fits = {place: exact for place, exact in last.items() if self._fits(place, others, level)}
        if not fits:
            return None
        exact = [place for place, is_exact in fits.items() if is_exact]
        return self._answer(exact or fits)

    def _like(self, parts: Sequence[str], level: str) -> Found:
        """Give the places that the parts are like, with as few slips as may be, or else elsewhere."""
        likely = [{**self._read_with_slip(part), **dict.fromkeys(self._readings(part), "")} for part in parts]
        *others, last = likely
        slips = {
            place: [slip for slip in (last[place], *(self._slip(place, other) for other in others)) if slip]
            for place in last
            if self._fits(place, others, level)
        }
        if not slips:
            return self._elsewhere(parts, level)
        fewest = min(map(len, slips.values()))
        best = [place for place in slips if len(slips[place]) == fewest]
        return Found("none", self._label(best), min((slips[place][0] for place in best), key=SLIPS.index))

    def _slip(self, place: int, other: Mapping[int, str]) -> str:
        """Give the slip by which a part names the place or what it lies in; empty when it does so without."""
        found = [other[outer] for outer in self._above[place] | {place} if outer in other]
        return "" if "" in found else min(found, key=SLIPS.index)

    def _elsewhere(self, parts: Sequence[str], level: str) -> Found:
        """Give the places that the last part names, those that agree with most of the other parts."""
        last, *others = [self._readings(part) for part in reversed(parts)]
        known = {
            place: sum(self._fits(place, (other,), level) for other in others)
            for place in last
            if self._fits(place, (), level)
        }
        best = [place for place, agreed in known.items() if agreed == max(known.values())]
        return Found("none", self._label(best), "elsewhere" if best else "unknown")

    def _readings(self, part: str) -> dict[int, bool]:
        if is_code(part):
            states = self._lineage.by_code.get(shorten(part), ())
            return {end: True for state in states for end in self._lineage.becomes[state]}
        return self._read(part)

    def _fits(self, place: int, others: Iterable[Iterable[int]], level: str) -> bool:
        """Tell whether a place is of the level and lies in, or is, one place of each other part."""
        if level and self._lineage.states[place].level != level:
            return False
        around = self._above[place] | {place}
        return all(not around.isdisjoint(other) for other in others)

    def _answer(self, places: Iterable[int]) -> Found:
        matches = self._label(places)
        if len(matches) > 1:
            return Found("several", matches)
        return Found("one", matches, "ended" if matches[0].valid_to else "")

    def _why(self, code: str, year: int) -> str:
        """Say why a code does not hold in a year."""
        states = [self._lineage.states[state] for state in self._lineage.by_code.get(code, ())]
        if not states:
            return "unknown"
        return "early" if all(int(state.valid_from or 0) > year for state in states) else "ended"

    def _label(self, places: Iterable[int]) -> tuple[NamedPlace, ...]:
        """Give places by index, in the order of their codes, each once."""
        named = [self._place(place) for place in set(places)]
        return tuple(sorted(named, key=lambda place: (place.code, place.name)))

    def _place(self, place: int) -> NamedPlace:
        if place not in self._named:
            state = self._lineage.states[place]
            path = [self._lineage.states[outer].name for outer in self._lineage.inside[place]]
            self._named[place] = NamedPlace(
                state.code, state.name, state.level, (*reversed(path), state.name), state.valid_to
            )
        return self._named[place]
