"""Who stands in the wrong household: families split in two on paper, persons written down twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.families import FATHER, HEAD, LARGEST, MOTHER, SPOUSE, Roster
from jiedui.registers.tables import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Truths = NDArray[np.bool_]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Copies:
    """The rows of the table of persons, by household: who stands there, and whether for a second time."""

    person: Ints
    row_household: Ints
    is_copy: Truths


def copy_persons(
    roster: Roster, origin: Ints, rates: Mapping[str, float], rng: np.random.Generator
) -> Copies:
    """Write some persons down twice: half the cases are in another household, half in the same one."""
    households, count = len(origin), len(roster.household)
    split = origin != np.arange(households)
    split[origin[split]] = True
    members = np.bincount(roster.household, minlength=households)
    source = np.flatnonzero((roster.seat != HEAD) & ~split[roster.household])
    source = rng.permutation(source)
    source = source[np.unique(roster.household[source], return_index=True)[1]]
    source = rng.permutation(source)
    free = rng.permutation(np.flatnonzero(~split & (members < LARGEST)))
    elsewhere = int(np.ceil(len(source) * rates["person_in_two_households"]))
    again = int(np.ceil(len(source) * rates["person_twice"]))
    target = np.setdiff1d(free, roster.household[source[: elsewhere + again]], assume_unique=True)
    target = rng.permutation(target)[:elsewhere]
    chosen = np.r_[source[: len(target)], source[elsewhere : elsewhere + again]]
    households_of_copies = np.r_[target, roster.household[source[elsewhere : elsewhere + again]]]
    row_household = np.r_[roster.household, households_of_copies]
    order = np.argsort(row_household, kind="stable")
    return Copies(
        person=np.r_[np.arange(count), chosen][order],
        row_household=row_household[order],
        is_copy=(order >= count),
    )


def split_families(roster: Roster, share: float, rng: np.random.Generator) -> tuple[Roster, Ints]:
    """Move both parents of a share of the heads into households of their own.

    Returns
    -------
    tuple of Roster and array of int64
        The new households stand last; for each household the one it was split from, itself otherwise.
    """
    households = int(roster.household[-1]) + 1
    both = np.bincount(roster.household, np.isin(roster.seat, (FATHER, MOTHER)), households) == 2
    able = np.flatnonzero(both)
    chosen = np.sort(rng.permutation(able)[: int(np.ceil(len(able) * share))])
    new = np.full(households, -1)
    new[chosen] = households + np.arange(len(chosen))
    moved = np.isin(roster.seat, (FATHER, MOTHER)) & (new[roster.household] >= 0)
    household = np.where(moved, new[roster.household], roster.household)
    seat = np.where(moved, np.where(roster.seat == FATHER, HEAD, SPOUSE), roster.seat)
    relations = np.where(seat == HEAD, RELATIONS.index("户主"), RELATIONS.index("配偶"))
    order = np.argsort(household, kind="stable")
    changed = replace(
        roster, household=household, seat=seat, relation=np.where(moved, relations, roster.relation)
    )
    return _ordered(changed, order), np.r_[np.arange(households), chosen]


def _ordered(roster: Roster, order: Ints) -> Roster:
    return Roster(
        household=roster.household[order],
        seat=roster.seat[order],
        relation=roster.relation[order],
        male=roster.male[order],
        age=roster.age[order],
        style=roster.style[order],
        names=roster.names[order],
    )
