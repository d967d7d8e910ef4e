"""What a repair did and what it asks; and the text while it is worked on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from jiedui.language import finding, words
from jiedui.tables.cells import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiedui.errors import Finding
    from jiedui.language import Words


ID_NUMBER = re.compile("[0-9０-９]{11,17}[0-9０-９XxＸｘ]")
SHOWN = 4
"""The last digits of a long number that an office sees."""


@dataclass(frozen=True, slots=True)
class Change:
    """One place that was repaired.

    Attributes
    ----------
    where : str
        The cell or what else the caller named the text by.
    position : int
        In the text as it was given, counted from 0.
    kind : str
        ``pinyin``, ``traditional``, ``width``, ``invisible``, ``space``, ``gbk_as_latin``,
        ``utf8_as_latin`` or ``utf8_as_gbk``.
    """

    where: str
    position: int
    was: str
    now: str
    kind: str

    @property
    def why(self) -> Words:
        """Why the change is certain."""
        return words(f"damaged_report.why_{self.kind}")


@dataclass(frozen=True, slots=True)
class Question:
    """One place that only a person can decide; it was left as it is.

    Attributes
    ----------
    kind : str
        ``lost``, ``broken``, ``misread``, ``reading``, ``one_to_many``, ``quoted``, ``passage``,
        ``mixed_text`` or ``traditional_text``.
    offers : tuple of str
        What it may have been, as far as known.
    """

    where: str
    position: int
    found: str
    kind: str
    offers: tuple[str, ...] = ()

    def finding(self, *, file: str = "", sheet: str = "") -> Finding:
        """Give the question as a finding."""
        rule = f"damaged.{self.kind}"
        values = {
            "found": shown(masked(self.found)),
            "offers": shown(masked(" / ".join(self.offers) or "–")),
            "position": self.position + 1,
        }
        return finding(rule, file=file, sheet=sheet, cell=self.where, **values)


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text with what was certain repaired."""

    text: str
    changes: tuple[Change, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Damaged:
    """A text damaged on purpose, and each damage by its place in the clean text."""

    text: str
    changes: tuple[Change, ...]


class Edit(NamedTuple):
    """Put `now` in the place of the signs from `start` to before `end`."""

    start: int
    end: int
    now: str
    kind: str


class Draft:
    """A text under repair that knows where each sign stood at first."""

    def __init__(self, text: str, where: str = "") -> None:
        self.text = text
        self.where = where
        self.changes: list[Change] = []
        self.questions: list[Question] = []
        self._origin: Sequence[int] = range(len(text))
        self._closed: set[int] = set()

    def edit(self, edits: Sequence[Edit]) -> None:
        """Make edits that stand in order and do not overlap, but for those in what is closed."""
        edits = [one for one in edits if not self.is_closed(one.start)]
        if not edits:
            return
        pieces: list[str] = []
        origin: list[int] = []
        done = 0
        for start, end, now, kind in edits:
            was, at = self.text[start:end], self._at(start)
            pieces += self.text[done:start], now
            origin += self._origin[done:start]
            origin += (self._at(start + step) if len(was) == len(now) else at for step in range(len(now)))
            self.changes.append(Change(self.where, at, was, now, kind))
            done = end
        pieces.append(self.text[done:])
        origin += self._origin[done:]
        self.text, self._origin = "".join(pieces), origin

    def ask(self, start: int, found: str, kind: str, *offers: str) -> None:
        """Ask about the signs at a place."""
        self.questions.append(Question(self.where, self._at(start), found, kind, offers))

    def close(self, start: int, end: int) -> None:
        """Keep later repairs away from the signs from `start` to before `end`."""
        self._closed.update(range(self._at(start), self._at(end - 1) + 1))

    def is_closed(self, place: int) -> bool:
        """Tell whether a sign is kept away from repairs."""
        return self._at(place) in self._closed

    def _at(self, place: int) -> int:
        """Give the place in the text as it was given."""
        if place < len(self._origin):
            return self._origin[place]
        return self._origin[-1] + 1 if self._origin else 0

    def repaired(self) -> Repaired:
        """Give what came of it, in the order of the text; at one place in the order it was done."""
        changes = sorted(self.changes, key=lambda change: change.position)
        questions = sorted(self.questions, key=lambda question: question.position)
        return Repaired(self.text, tuple(changes), tuple(questions))


def masked(value: str) -> str:
    """Give a text with all but the last four digits of long numbers starred.

    Examples
    --------
    >>> masked("证件号码000000000000000012")
    '证件号码**************0012'
    """
    return ID_NUMBER.sub(lambda number: "*" * (len(number[0]) - SHOWN) + number[0][-SHOWN:], value)
