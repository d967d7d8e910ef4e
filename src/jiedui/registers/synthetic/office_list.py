"""Who stands in the list of an office: part of the persons, people of elsewhere, names at times damaged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.damage import damage_ids, damage_names
from jiedui.registers.synthetic.families import YEAR
from jiedui.registers.synthetic.ids import id_numbers
from jiedui.registers.synthetic.names import HAN, compose, draw_families, draw_given, join_names

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.registers.synthetic.draft import Draft

    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]

ELSEWHERE = 5000
"""Added to the county's code: where people come from whom no register of the county has."""
SHARE_ELSEWHERE = 0.15
OTHERS, OTHERS_A_LIST = 5_000_000, 500_000
"""Numbers of persons in a part from here on are people of elsewhere, so many for each list."""


@dataclass(frozen=True, slots=True)
class OfficeList:
    """Who stands in the list of an office.

    Attributes
    ----------
    rows : array of int64
        Rows in the roster; -1 for people of elsewhere.
    person : array of int64
        The number of each person, the same in all lists.
    damage : list of str
        How name and number were damaged; empty where they are as in the register.
    """

    rows: Ints
    person: Ints
    id_number: pa.StringArray
    name: pa.StringArray
    damage: list[str]


def draw_list(
    draft: Draft,
    who: Truths,
    *,
    order: int,
    rate: float,
    ages: tuple[float, float] = (22, 80),
    keep_ids: Truths | None = None,
) -> OfficeList:
    """Put persons and people of elsewhere into a list, a share ``rate`` of them with damage.

    Parameters
    ----------
    who
        Whom of the roster the office has.
    order
        Of the list among the lists: people of elsewhere stand in one list only.
    ages
        Of the people of elsewhere, years.
    keep_ids
        Of the roster: whose number is not to be damaged.
    """
    import pyarrow as pa

    rng = draft.rng
    inside = np.flatnonzero(who)
    count = max(1, int(len(inside) * SHARE_ELSEWHERE))
    names, numbers = people_of_elsewhere(draft, count, order, ages)
    rows = np.r_[inside, np.full(count, -1)]
    name = draft.name.take(pa.array(inside)).to_pylist() + names.to_pylist()
    number = draft.id_number.take(pa.array(inside)).to_pylist() + numbers.to_pylist()
    person = draft.first_person + np.r_[inside, OTHERS + order * OTHERS_A_LIST + np.arange(count)]
    fixed = np.zeros(len(rows), bool) if keep_ids is None else (rows >= 0) & keep_ids[rows]
    damage = _damage(name, number, rate, fixed, rng)
    shuffled = rng.permutation(len(rows))
    return OfficeList(
        rows=rows[shuffled],
        person=person[shuffled],
        id_number=pa.array(number, pa.string()).take(pa.array(shuffled)),
        name=pa.array(name, pa.string()).take(pa.array(shuffled)),
        damage=[damage[place] for place in shuffled],
    )


def people_of_elsewhere(
    draft: Draft, count: int, order: int, ages: tuple[float, float]
) -> tuple[pa.Array, pa.Array]:
    """Give names and ID numbers of people whom no register of the county has."""
    rng = draft.rng
    style, male = np.full(count, HAN), rng.random(count) < 0.55
    family, given = draw_families(style, rng), draw_given(style, male, rng)
    names = join_names(compose(style=style, male=male, family=family, given=given, father=given, rng=rng))
    born = draft.on - (rng.uniform(*ages, count) * YEAR).astype("m8[D]")
    prefix = np.full(count, draft.territory.code + ELSEWHERE + order * 100)
    return names, id_numbers(prefix=prefix, born=born, male=male)


def _damage(
    names: list[str], numbers: list[str], rate: float, fixed: Truths, rng: np.random.Generator
) -> list[str]:
    """Damage a share of names and half as many numbers in place; tell how."""
    told = [""] * len(names)
    bad_names = np.flatnonzero(rng.random(len(names)) < rate)
    bad_numbers = np.flatnonzero((rng.random(len(names)) < rate / 2) & ~fixed)
    for texts, rows, damage in ((names, bad_names, damage_names), (numbers, bad_numbers, damage_ids)):
        changed, ways = damage([texts[row] for row in rows], rng)
        for row, text, way in zip(rows, changed, ways, strict=True):
            texts[row] = text
            told[row] = "+".join(part for part in (told[row], way) if part)
    return told
