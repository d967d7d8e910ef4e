"""What a person is asked about the headings of a sheet, and what is only noted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from jiedui.errors import Finding
from jiedui.language import LANGUAGES, Words
from jiedui.registers.files import Sheet
from jiedui.registers.headings.labels import key
from jiedui.registers.headings.saved import numbered
from jiedui.registers.headings.similarity import Nearest
from jiedui.registers.tables import REGISTERS
from jiedui.tables.allowed import listed
from jiedui.tables.cells import shown

SERIAL = ("", "序号", "序", "no")
"""Headings of a column that only counts the rows."""


@dataclass(slots=True)
class Asking:
    """Questions and notes about one sheet."""

    sheet: Sheet
    questions: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    def contested(self, position: int, target: tuple[str, str], rival: int, *, is_open: bool) -> None:
        """Ask which of two headings feeds a column, or note that the other does."""
        values = {"allowed": words_of(target), "other": shown(self.sheet.headings[rival])}
        if is_open:
            self._ask("headings.contested", position, **values)
        else:
            self.notes.append(self._finding("headings.second", position, **values))

    def unclear(self, position: int, near: Nearest) -> None:
        """Ask whether a heading means what it is near to."""
        self._ask("headings.unclear", position, allowed=words_of(near.target), score=f"{near.score:.2f}")

    def unit(self, position: int, target: tuple[str, str], unit: str) -> None:
        """Ask for a unit that can be converted."""
        self._ask("headings.unit", position, allowed=words_of(target), unit=unit)

    def similar(self, position: int, near: Nearest) -> None:
        """Note that a heading was taken because it is like a name."""
        values = {"allowed": words_of(near.target), "score": f"{near.score:.2f}"}
        self.notes.append(self._finding("headings.similar", position, **values))

    def whole(self, subjects: Sequence[str], near: Sequence[str], unknown: Iterable[int]) -> None:
        """Say what a sheet is for where that is not clear, and which headings nobody knows."""
        place = self.sheet.place
        if near:
            self.questions.append(place.finding("headings.subject_unclear", allowed=_tables(near)))
        elif not subjects:
            self.notes.append(place.finding("headings.subject_unknown"))
            return
        headings = [
            shown(self.sheet.headings[position])
            for position in unknown
            if key(self.sheet.headings[position]) not in SERIAL
        ]
        if headings and subjects:
            self.notes.append(place.finding("headings.unknown", found=listed(headings)))

    def changed(self, saved: Collection[tuple[str, int]]) -> None:
        """Note which headings are new and which are no longer there, beside the saved map."""
        present = list(numbered(self.sheet.headings))
        for position, identity in enumerate(present):
            if identity not in saved and self.sheet.headings[position]:
                self.notes.append(self._finding("headings.new", position))
        gone = [heading for heading, nth in saved if (heading, nth) not in present]
        if gone:
            self.notes.append(self.sheet.place.finding("headings.gone", found=listed(map(shown, gone))))

    def _ask(self, rule: str, position: int, **values: object) -> None:
        self.questions.append(self._finding(rule, position, **values))

    def _finding(self, rule: str, position: int, **values: object) -> Finding:
        heading = self.sheet.headings[position]
        cell = self.sheet.place.cell(self.sheet.bottom, self.sheet.positions[position], heading)
        return self.sheet.place.finding(rule, cell=cell, found=shown(heading), **values)


def words_of(target: tuple[str, str]) -> Words:
    """Name a column with its table, as the map of headings writes them."""
    for table in REGISTERS:
        if table.name == target[0]:
            column = table.column(target[1])
            return {lang: f"{table.words[lang]} / {column.words[lang]}" for lang in LANGUAGES}
    return dict.fromkeys(LANGUAGES, ".".join(target))


def _tables(names: Iterable[str]) -> Words:
    """List tables in each language."""
    wanted = list(names)
    found = [table.words for table in REGISTERS if table.name in wanted]
    return {lang: listed(words[lang] for words in found)[lang] for lang in LANGUAGES}
