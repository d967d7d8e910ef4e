"""Records that belong together: links followed to their end, unless that would join what is apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NOTHING: frozenset[str] = frozenset()


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
    count: int,
    links: Iterable[tuple[int, int]],
    *,
    marks: Mapping[int, str] | None = None,
    apart: Iterable[tuple[int, int]] = (),
    free: int = 0,
) -> Closure:
    """Follow links, strongest first; cut each that would join two marks or two records held apart.

    Parameters
    ----------
    count
        Of records.
    links
        Pairs of records, strongest first.
    marks
        Of records that carry one, such as a right ID number: an identity holds at most one.
    apart
        Pairs of records that are never in one identity.
    free
        So many of the first links are decisions, which marks do not cut.

    Examples
    --------
    >>> close_links(3, [(0, 1), (1, 2)], marks={0: "x", 2: "y"})
    Closure(first=[0, 0, 2], cut=[1])
    """
    first = list(range(count))
    held = {record: frozenset({mark}) for record, mark in (marks or {}).items()}
    foes: dict[int, set[int]] = {}
    for left, right in apart:
        foes.setdefault(left, set()).add(right)
        foes.setdefault(right, set()).add(left)
    cut = []
    for position, (left, right) in enumerate(links):
        low, high = sorted((_find(first, left), _find(first, right)))
        if low == high:
            continue
        ours, theirs = held.get(low, NOTHING), held.get(high, NOTHING)
        is_clash = position >= free and bool(ours - theirs) and bool(theirs - ours)
        if is_clash or any(_find(first, foe) == high for foe in foes.get(low, ())):
            cut.append(position)
            continue
        first[high] = low
        held[low] = ours | theirs
        foes.setdefault(low, set()).update(foes.pop(high, ()))
    return Closure([_find(first, record) for record in range(count)], cut)


def _find(first: list[int], record: int) -> int:
    while first[record] != record:
        first[record] = first[first[record]]
        record = first[record]
    return record
