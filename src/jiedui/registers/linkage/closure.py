"""Records that belong together: links followed to their end, unless that would join what is apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Closure:
    """Identities of records, and the links that were cut.

    Attributes
    ----------
    first : list of int
        For each record the first record of its identity.
    cut : list of int
        Positions of the links that would have joined what is apart.
    """

    first: list[int]
    cut: list[int]


def close_links(
    marks: Sequence[str | None],
    links: Iterable[tuple[int, int]],
    *,
    apart: Iterable[tuple[int, int]] = (),
    free: int = 0,
) -> Closure:
    """Follow links, strongest first; cut each that would join two marks or two records held apart.

    Parameters
    ----------
    marks
        For each record a mark of which an identity holds at most one, such as a right ID number.
    links
        Pairs of records, strongest first.
    apart
        Pairs of records that are never in one identity.
    free
        So many of the first links are decisions, which marks do not cut.

    Examples
    --------
    >>> close_links(["x", None, "y"], [(0, 1), (1, 2)])
    Closure(first=[0, 0, 2], cut=[1])
    """
    first = list(range(len(marks)))
    held: list[set[str]] = [{mark} if mark else set() for mark in marks]
    foes: dict[int, set[int]] = {}
    for left, right in apart:
        foes.setdefault(left, set()).add(right)
        foes.setdefault(right, set()).add(left)
    cut = []
    for position, (left, right) in enumerate(links):
        low, high = sorted((_find(first, left), _find(first, right)))
        if low == high:
            continue
        is_marked = position >= free and _clash(held[low], held[high])
        if is_marked or any(_find(first, foe) == high for foe in foes.get(low, ())):
            cut.append(position)
            continue
        first[high] = low
        held[low] |= held[high]
        foes.setdefault(low, set()).update(foes.pop(high, ()))
    return Closure([_find(first, record) for record in range(len(first))], cut)


def _find(first: list[int], record: int) -> int:
    while first[record] != record:
        first[record] = first[first[record]]
        record = first[record]
    return record


def _clash(one: set[str], other: set[str]) -> bool:
    """Tell whether two identities hold marks that the other does not."""
    return bool(one - other and other - one)
