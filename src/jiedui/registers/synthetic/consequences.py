"""Rows that belong to a fault though they stand elsewhere: households of persons, members of households."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.damage import damage_names
from jiedui.registers.synthetic.planting import Told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from jiedui.registers.synthetic.planting import Planting

    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]

VARIED = 0.33
"""Share of those in two households whose name is written another way in the second."""


def tell_split_families(planting: Planting) -> None:
    """Write down both households of each family that was split; keep them from other faults."""
    draft = planting.draft
    split = np.flatnonzero(draft.origin != np.arange(draft.count))
    both = np.r_[split, draft.origin[split]]
    planting.take(both)
    cases = planting.open_cases(len(split))
    told = Told("split_family", "households", both, np.r_[cases, cases], "household")
    planting.tell(told, draft.household.take(draft.origin[both]), draft.household.take(both))


def tell_copies(planting: Planting) -> None:
    """Write down who stands in two rows, and write some of the second rows another way."""
    draft = planting.draft
    copies = np.flatnonzero(draft.is_copy)
    home = draft.roster.household[draft.person[copies]]
    here = draft.row_household[copies]
    planting.take(np.r_[home, here])
    cases = planting.open_cases(len(copies))
    first = np.flatnonzero(~draft.is_copy)[draft.person[copies]]
    elsewhere = home != here
    for family, chosen in (("person_in_two_households", elsewhere), ("person_twice", ~elsewhere)):
        rows = np.r_[copies[chosen], first[chosen]]
        told = Told(family, "persons", rows, np.r_[cases[chosen], cases[chosen]], "household")
        homes = draft.household.take(np.r_[home[chosen], home[chosen]])
        planting.tell(told, homes, draft.household.take(draft.row_household[rows]))
    _vary_copies(planting, copies, cases, elsewhere)


def _vary_copies(planting: Planting, copies: Ints, cases: Ints, elsewhere: Truths) -> None:
    """Write the names of all who stand twice in one household, and of some others, another way."""
    varied = ~elsewhere | (planting.rng.random(len(copies)) < VARIED)
    old = planting.tables["persons"]["name"].take(copies[varied]).to_pylist()
    names, _ = damage_names(list(old), planting.rng)
    twice = ~elsewhere[varied]
    marked = [
        was + was[-1] if same and name == was else name
        for name, was, same in zip(names, old, twice, strict=True)
    ]
    family = "name_of_copy"
    planting.change(Told(family, "persons", copies[varied], cases[varied], "name"), marked)
    moved = Told("relation_of_copy", "persons", copies[elsewhere], cases[elsewhere], "relation")
    planting.change(moved, ["其他"] * int(elsewhere.sum()))


def move_members(planting: Planting, rows: Ints, cases: Ints) -> None:
    """Let the members of a household whose village is unknown stand in the same unknown village."""
    case_of = np.full(planting.draft.count, -1)
    case_of[rows] = cases
    of_row = planting.of_households(case_of)
    members = np.flatnonzero(of_row >= 0)
    village = planting.tables["households"]["village"].take(planting.draft.row_household[members])
    planting.change(Told("village_unknown", "persons", members, of_row[members], "village"), village)


def count_moved(planting: Planting, rows: Ints, cases: Ints) -> None:
    """Count who stands in another village there, so that the village's own number is no second fault."""
    del cases
    villages = planting.tables["villages"]
    counted = len(planting.draft.territory.villages)
    moved = (planting.draft.village[planting.draft.row_household[rows]] + 1) % counted
    more = villages["persons"].to_numpy() + np.bincount(moved, minlength=counted)
    place = villages.schema.get_field_index("persons")
    planting.tables["villages"] = villages.set_column(place, villages.schema.field(place), [more])


def tell_household(family: str) -> Callable[[Planting, Ints, Ints], None]:
    """Write down the household of persons whose fault shows in the household, unchanged."""

    def tell(planting: Planting, rows: Ints, cases: Ints) -> None:
        households = planting.draft.row_household[rows]
        order = np.argsort(households, kind="stable")
        number = planting.draft.household.take(households[order])
        told = Told(family, "households", households[order], cases[order], "household")
        planting.tell(told, number, number)

    return tell


CONSEQUENCES: Mapping[str, Callable[[Planting, Ints, Ints], None]] = {
    "village_unknown": move_members,
    "other_village": count_moved,
    "two_heads": tell_household("two_heads"),
    "no_head": tell_household("no_head"),
}
