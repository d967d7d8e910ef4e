"""The loads that helpers could have, searched for the lightest that serves without listing them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiedui.pairs.problem import Problem


@dataclass(frozen=True, slots=True)
class Loads:
    """Every load that could be the worst, in whole multiples of a unit.

    A helper's loads are ``start + ticks * step`` for 0 to `most` ticks; no worst load is below the largest
    start, what helpers carry without any pair.
    """

    unit: Fraction
    start: tuple[int, ...]
    step: tuple[int, ...]
    most: int

    @classmethod
    def of(cls, problem: Problem) -> Loads:
        """Gather the loads of a problem; shared offers carry their duties only."""
        base = [problem.load(helper, 0) for helper in range(len(problem.helper_ids))]
        step = [1 / (problem.tick * strength) for strength in problem.strength]
        unit = Fraction(1, lcm(*(part.denominator for part in (*base, *step))))
        own = [int(part / unit) * (not shared) for part, shared in zip(step, problem.shared, strict=True)]
        return cls(unit, tuple(int(part / unit) for part in base), tuple(own), problem.total_ticks)

    def lightest(self, serves: Callable[[Fraction], bool]) -> tuple[Fraction, Fraction | None]:
        """Give the lightest load that serves, and the next lighter one that does not, if there is one.

        Halves what is left by the middle of all helpers' middles: about log2 of all loads questions.

        Examples
        --------
        >>> Loads(Fraction(1, 2), (0, 1), (2, 3), 10).lightest(lambda load: load >= 3)
        (Fraction(3, 1), Fraction(2, 1))
        """
        floor = max(self.start)
        low, high = (
            floor - 1,
            max(first + self.most * by for first, by in zip(self.start, self.step, strict=True)),
        )
        while (middle := self._middle(low, high)) is not None:
            low, high = (low, middle) if serves(middle * self.unit) else (middle, high)
        return high * self.unit, low * self.unit if low >= floor else None

    def _middle(self, low: int, high: int) -> int | None:
        """Give a load between two, with at least a quarter of those between on each side; None if none is."""
        found = []
        for start, step in zip(self.start, self.step, strict=True):
            first = 0 if low < start else (low - start) // step + 1 if step else 1
            last = min(self.most, (high - start - 1) // step) if step else 0 if start < high else -1
            if first <= last:
                found.append((start + (first + last) // 2 * step, last - first + 1))
        half, passed = sum(count for _, count in found) / 2, 0
        for value, count in sorted(found):
            passed += count
            if passed >= half:
                return value
        return None
