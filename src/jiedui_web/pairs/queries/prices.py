"""What fairness costs and what change costs, in sentences and as a curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jiedui_web.language import text, this_language
from jiedui_web.pairs.models import Proposal
from jiedui_web.pairs.queries.figures import shown

FAIRNESS = ("load_max", "over_share")
"""What stands for fairness, the first in which proposals differ: the worst load, or beyond the shares."""
SOME = 3
"""A curve of fewer points tells nothing."""
WIDE, HIGH, EDGE = 320, 120, 14


@dataclass(frozen=True, slots=True)
class Curve:
    """The worst load that so many moves reach: points of the drawing, what they stand for, the most moves."""

    line: str
    points: list[tuple[float, float, str]]
    most: str


@dataclass(frozen=True, slots=True)
class _Gauge:
    """What stands for fairness, in the reader's words."""

    name: str
    label: str
    unit: str

    def of(self, one: Proposal) -> float:
        """Give the value of a proposal."""
        return float(one.figures[self.name])


def prices(proposals: Sequence[Proposal], words: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Say what fairness costs in distance, and what changes bring."""
    name = next((name for name in FAIRNESS if name in words and _differ(proposals, name)), None)
    if name is None or "mean_km" not in words:
        return []
    lang = this_language()
    gauge = _Gauge(name, words[name]["words"][lang], (words[name]["unit"] or {}).get(lang, ""))
    found = [one for one in proposals if isinstance(one.figures.get(name), (int, float))]
    return [*_of_fairness(found, gauge), *_of_change(found, gauge)]


def _differ(proposals: Sequence[Proposal], name: str) -> bool:
    """Whether proposals differ in a measure."""
    return len({one.figures.get(name) for one in proposals} - {None}) > 1


def moves_curve(proposals: Sequence[Proposal]) -> Curve | None:
    """Draw the worst load that so many moves reach; None where there is little to draw."""
    told = [
        (one.figures["place_moves"], one.figures["load_max"], one.position, one)
        for one in proposals
        if {"place_moves", "load_max"} <= one.figures.keys() and one.figures["load_max"] is not None
    ]
    rows = sorted(told, key=lambda row: row[:3])
    front = [row for place, row in enumerate(rows) if all(row[1] < before[1] for before in rows[:place])]
    if len(front) < SOME:
        return None
    far, high = front[-1][0] or 1, front[0][1] or 1
    points = [
        (
            round(EDGE + (WIDE - 2 * EDGE) * moves / far, 1),
            round(HIGH - EDGE - (HIGH - 2 * EDGE) * load / high, 1),
            text("pairs.curve_point", name=one.name, moves=shown(moves), load=shown(load)),
        )
        for moves, load, _, one in front
    ]
    return Curve(" ".join(f"{x},{y}" for x, y, _ in points), points, shown(far))


def _of_fairness(found: Sequence[Proposal], gauge: _Gauge) -> list[str]:
    """Compare the fairest proposal with the one of the shortest ways."""
    if not found:
        return []
    fairest = min(found, key=lambda one: (gauge.of(one), one.figures["mean_km"], one.position))
    near = min(found, key=lambda one: (one.figures["mean_km"], gauge.of(one), one.position))
    worth = gauge.of(fairest) < gauge.of(near)
    return [_difference("pairs.price_of_fairness", fairest, near, gauge)] if worth else []


def _of_change(found: Sequence[Proposal], gauge: _Gauge) -> list[str]:
    """Compare every proposal that moves something with the one that moves nothing."""
    present = next((one for one in found if one.figures.get("place_moves") == 0), None)
    if present is None:
        return []
    moving = sorted(
        (one for one in found if one.figures.get("place_moves")),
        key=lambda one: (one.figures["place_moves"], one.position),
    )
    return [
        _difference("pairs.price_of_change", one, present, gauge)
        for one in moving
        if gauge.of(one) < gauge.of(present)
    ]


def _difference(key: str, better: Proposal, base: Proposal, gauge: _Gauge) -> str:
    """Say how one proposal differs from another."""
    more = round(better.figures["mean_km"] - base.figures["mean_km"])
    return text(
        key,
        better=better.name,
        base=base.name,
        measure=gauge.label,
        unit=gauge.unit,
        before=shown(gauge.of(base)),
        after=shown(gauge.of(better)),
        way=text("pairs.km_more" if more >= 0 else "pairs.km_less", km=shown(abs(more))),
        moves=shown(better.figures.get("place_moves")),
    )
