"""What answers consist of: explanations, outcomes, and changes in the order of cause and effect."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiedui.pairs.kernel.desk import Desk


@dataclass(frozen=True, slots=True)
class Change:
    """A recipient whose helper changes; None: it has none."""

    recipient: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Rival:
    """A candidate of a recipient: its score, whether it is full, and what taking it would cost at least.

    The loss is in score; None where taking it would leave somebody without help.
    """

    helper: str
    score: float
    full: bool
    loss_at_least: float | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a recipient has its helper.

    Attributes
    ----------
    helper : str or None
        None: nobody is left for it. Beside decided helpers the one that was chosen.
    decided : bool
        Whether people decided the pair, so that nothing was compared.
    rank : int or None
        1 + how many candidates score higher.
    price : float or None
        What one more pair of the helper would be worth, in score; infinite where it would serve somebody
        more.
    rivals : tuple of Rival
        The other candidates, the closest first.
    """

    recipient: str
    helper: str | None
    decided: bool
    score: float | None
    rank: int | None
    price: float | None
    rivals: tuple[Rival, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would become of a proposal after a change, with the proof that nothing better is possible.

    Attributes
    ----------
    possible : bool
        False where a demanded pair finds no place at all; the rest is then empty.
    loss : float
        Sum of scores by which it is worse; negative where it is better.
    unserved : int
        How many more stay without a helper; negative where fewer.
    changes : tuple of Change
        Everybody whose helper changes; for `Answers.why_not` as a chain, the demanded pair first.
    desk : Desk or None
        The changed assignment with its prices.
    """

    possible: bool
    loss: float = 0.0
    unserved: int = 0
    changes: tuple[Change, ...] = ()
    desk: Desk | None = field(default=None, repr=False)

    def faults(self) -> list[str]:
        """Check the outcome anew, trusting no solver; empty when it is proved best."""
        return [] if self.desk is None else self.desk.assignment().faults()


def as_chain(pairs: list[tuple[int, int, int]], first: list[int]) -> list[int]:
    """Order changes (row, before, after) into lines of names.

    Those in `first` begin; after each come, one by one, who gives way, then who takes the place it left.

    Examples
    --------
    >>> as_chain([(3, 1, 2), (5, 0, 1), (7, 2, -1)], [5])
    [5, 3, 7]
    """
    ends = {row: (before, after) for row, before, after in sorted(pairs, reverse=True)}
    waiting: tuple[dict[int, list[int]], ...] = ({}, {})
    for row, own in ends.items():
        for side in (0, 1):
            waiting[side].setdefault(own[side], []).append(row)
    unmoved = [row for row in sorted(ends) if ends[row][0] not in waiting[1]]
    order: dict[int, None] = {}
    for head in (*first, *unmoved, *sorted(ends)):
        if head in ends and head not in order:
            order[head] = None
            for side in (0, 1):
                order |= dict.fromkeys(_line(head, ends, waiting[side], order, side=side))
    return list(order)


def _line(
    row: int,
    ends: Mapping[int, tuple[int, int]],
    waiting: Mapping[int, list[int]],
    order: Collection[int],
    *,
    side: int,
) -> Iterator[int]:
    """Follow a change: who left where it goes and so on (side 0), or who went where it left (side 1)."""
    seen = set(order)
    while (helper := ends[row][1 - side]) >= 0:
        rows = waiting.get(helper, [])
        while rows and rows[-1] in seen:
            rows.pop()
        if not rows:
            return
        row = rows.pop()
        seen.add(row)
        yield row
