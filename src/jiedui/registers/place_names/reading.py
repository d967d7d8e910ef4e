"""A path of names read against all names of all places, whole or with one slip."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.registers.place_names.endings import SHORTEST, Form, all_endings
from jiedui.registers.place_names.likeness import Likeness

if TYPE_CHECKING:
    from jiedui.registers.place_names.lineage import Lineage

Chains = dict[int, bool]
"""Places that a text ends in, and whether it names them by a whole name."""


SLIPS = ("kind", "sound", "sign")
"""Why a name is not quite spelt, the most telling first."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a text that spells a name of a place, up to `stop`; `slip` is why it does not quite."""

    place: int
    stop: int
    exact: bool = True
    slip: str = ""


class Index:
    """Names of places by stem, and the places above each.

    Parameters
    ----------
    forms : mapping of int to sequence of Form
        The ways to write each place, all its names together.
    levels : mapping of int to str
    above : sequence of frozenset of int
        What each place lies in or lay in.
    """

    __slots__ = ("_above", "_levels", "_likeness", "_longest", "_stems")

    def __init__(
        self, forms: Mapping[int, Sequence[Form]], levels: Mapping[int, str], above: Sequence[frozenset[int]]
    ) -> None:
        stems: defaultdict[str, list[tuple[int, Form]]] = defaultdict(list)
        for place in sorted(forms):
            for form in forms[place]:
                stems[form.stem].append((place, form))
        self._stems = dict(stems)
        self._above = above
        self._levels = levels
        self._longest = max(map(len, stems), default=0)
        self._likeness: Likeness | None = None

    def read(self, text: str) -> Chains:
        """Give the places that a plain text names: names of places above in order, then its own."""
        reached: list[Chains] = [{} for _ in range(len(text) + 1)]
        for start in range(len(text)):
            for one in self._spelt(text, start) if not start or reached[start] else ():
                if not start or not self._above[one.place].isdisjoint(reached[start]):
                    before = reached[one.stop].get(one.place, False)
                    reached[one.stop][one.place] = before or one.exact
        return reached[-1]

    def read_with_slip(self, text: str) -> dict[int, str]:
        """Give the places that a plain text would name if one name were written otherwise, and why."""
        size = len(text)
        reached: list[Chains] = [{} for _ in range(size + 1)]
        slipped: list[dict[int, str]] = [{} for _ in range(size + 1)]
        for start in range(size):
            if start and not (reached[start] or slipped[start]):
                continue
            for one in self._spelt(text, start):
                around = self._above[one.place]
                if not start or not around.isdisjoint(reached[start]):
                    reached[one.stop].setdefault(one.place, one.exact)
                for why in (slipped[start][outer] for outer in sorted(around) if outer in slipped[start]):
                    _keep(slipped[one.stop], one.place, why)
            for one in self._nearly_spelt(text, start):
                if not start or not self._above[one.place].isdisjoint(reached[start]):
                    _keep(slipped[one.stop], one.place, one.slip)
        return slipped[-1]

    def _spelt(self, text: str, start: int) -> Iterator[Segment]:
        for stop in range(start + 1, min(len(text), start + self._longest) + 1):
            for place, form in self._stems.get(text[start:stop], ()):
                for endings, exact in ((form.loose, False), (form.exact, True)):
                    for end in endings:
                        if text.startswith(end, stop):
                            yield Segment(place, stop + len(end), exact)

    def _nearly_spelt(self, text: str, start: int) -> Iterator[Segment]:
        """Give the names that differ by one sign, sound the same, or are of another kind (村, 社区)."""
        if self._likeness is None:
            self._likeness = Likeness(self._stems)
        for stop in range(start + SHORTEST, min(len(text), start + self._longest + 1) + 1):
            written = text[start:stop]
            yield from self._of_another_kind(text, written, stop)
            for stem, slip in self._likeness.like(written):
                for place, form in self._stems[stem]:
                    for end in (*form.exact, *form.loose):
                        if text.startswith(end, stop):
                            yield Segment(place, stop + len(end), slip=slip)

    def _of_another_kind(self, text: str, written: str, stop: int) -> Iterator[Segment]:
        for place, form in self._stems.get(written, ()):
            own = (*form.exact, *form.loose)
            for end in all_endings(self._levels[place]):
                if end not in own and text.startswith(end, stop):
                    yield Segment(place, stop + len(end), slip="kind")


def _keep(slips: dict[int, str], place: int, slip: str) -> None:
    """Keep the most telling reason of a place."""
    slips[place] = min(slip, slips.get(place, slip), key=SLIPS.index)


def index_of(lineage: Lineage) -> Index:
    """Give the index of the names of all states, each name under the places that its state became."""
    from jiedui.registers.place_names.endings import forms_of
    from jiedui.registers.place_names.plain import plain

    forms: defaultdict[int, dict[Form, None]] = defaultdict(dict)
    for state, places in zip(lineage.states, lineage.becomes, strict=True):
        for name in (state.name, *state.aliases):
            for form in forms_of(plain(name), state.level):
                for place in places:
                    forms[place][form] = None
    levels = {place: lineage.states[place].level for place in forms}
    return Index({place: tuple(found) for place, found in forms.items()}, levels, lineage.above())
