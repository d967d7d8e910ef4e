"""Proposals side by side: measures with the best value of each marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jiedui_web.language import text, this_language
from jiedui_web.pairs.models import Proposal
from jiedui_web.pairs.queries.figures import shown
from jiedui_web.pairs.queries.prices import Curve, moves_curve, prices

KEY = ("load_max", "over_share", "mean_km", "worst_km", "place_moves", "kept", "score_mean", "unserved")
"""The measures of the short table; the long one has all."""
BAR = 100
Column = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as shown, whether it is the best of its measure, and the length of its bar (0 to 100)."""

    shown: str
    best: bool
    bar: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure with its value in every proposal."""

    name: str
    label: str
    unit: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Proposals compared."""

    measures: list[Measure]
    rows: list[tuple[Proposal, list[Cell]]]
    headings: list[Measure]
    sentences: list[str]
    curve: Curve | None


def compare(proposals: Sequence[Proposal], columns: Sequence[Column]) -> Comparison:
    """Lay proposals side by side."""
    measures = [
        _measure(column, proposals)
        for column in columns
        if any(one.figures.get(column["name"]) is not None for one in proposals)
    ]
    short = [one for name in KEY for one in measures if one.name == name]
    rows = [(one, [measure.cells[place] for measure in short]) for place, one in enumerate(proposals)]
    words = {column["name"]: column for column in columns}
    return Comparison(measures, rows, short, prices(proposals, words), moves_curve(proposals))


def _measure(column: Column, proposals: Sequence[Proposal]) -> Measure:
    """Give a measure; nothing is best where all are equal."""
    lang = this_language()
    name, label = column["name"], column["words"].get(lang, "")
    values = [one.figures.get(name) for one in proposals]
    numbers = [value for value in values if isinstance(value, (int, float))]
    best = None
    if column["best"] and numbers and min(numbers) != max(numbers):
        best = min(numbers) if column["best"] == "least" else max(numbers)
    longest = max(map(abs, numbers), default=0) or 1
    cells = [
        Cell(
            _certificate(value) if name == "certificate" else shown(value),
            best is not None and value == best,
            round(BAR * abs(value) / longest) if isinstance(value, (int, float)) else 0,
            label,
        )
        for value in values
    ]
    return Measure(name, label, (column["unit"] or {}).get(lang, ""), cells)


def _certificate(value: object) -> str:
    """Name a kind of proof."""
    return text(f"certificate.{value or 'none'}")
