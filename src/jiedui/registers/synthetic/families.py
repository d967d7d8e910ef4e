"""Who lives in each household: generations whose ages fit together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.names import compose, draw_families, draw_given
from jiedui.registers.tables import RELATIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Days = NDArray[np.datetime64]
    Truths = NDArray[np.bool_]
    Numbers = NDArray[np.float64]

HEAD, SPOUSE, FATHER, MOTHER, FIRST, SECOND, THIRD, IN_LAW, ELDER, YOUNGER = range(10)
"""The seats of a household: first to third child, the first child's spouse and two children."""
SEATS = 10
LARGEST = 8
YEAR = 365.2425
OLDEST = 96
STAGES = ((24, 36), (36, 55), (55, 76), (62, 90))
"""Age of the head in a young, a middle, an old household and one of old people alone."""
STAGE_SHARES = (0.16, 0.46, 0.28, 0.10)
PRESENT = {
    SPOUSE: (0.85, 0.90, 0.78, 0.45),
    FATHER: (0.40, 0.26, 0.05, 0.0),
    MOTHER: (0.45, 0.36, 0.12, 0.0),
    FIRST: (0.80, 0.95, 0.62, 0.0),
    SECOND: (0.40, 0.62, 0.18, 0.0),
    THIRD: (0.06, 0.18, 0.04, 0.0),
    IN_LAW: (0.0, 0.45, 0.72, 0.0),
    ELDER: (0.0, 0.70, 0.85, 0.0),
    YOUNGER: (0.0, 0.25, 0.45, 0.0),
}
"""The share of households of each stage in which a seat is taken, where ages allow."""
WOMEN_AS_HEADS = 0.14
TWINS = 0.02
MARRIED_FROM = 22.5
GRANDCHILDREN_FROM = 21.5


@dataclass(frozen=True, slots=True)
class Roster:
    """The persons of one county, household by household, the head first.

    Attributes
    ----------
    household, seat, relation : array of int64
        Relation is an index in `RELATIONS`.
    male : array of bool
    age : array of float64
        In years on the day of the register.
    style, names : array of int64
        How the name is formed; its pieces, shape (n, 5).
    """

    household: Ints
    seat: Ints
    relation: Ints
    male: Truths
    age: Numbers
    style: Ints
    names: Ints


def make_roster(style: Ints, rng: np.random.Generator) -> Roster:
    """Give the members of each household.

    Parameters
    ----------
    style
        How each household forms names, shape (households,).
    """
    stage = rng.choice(len(STAGES), len(style), p=STAGE_SHARES)
    ages, male = _ages(stage, rng)
    here = _present(stage, ages, male, rng)
    household, seat = np.nonzero(here)
    names = _names(style, male, rng)[household, seat]
    return Roster(
        household=household,
        seat=seat,
        relation=_relations(male)[household, seat],
        male=male[household, seat],
        age=ages[household, seat],
        style=style[household],
        names=names,
    )


def _ages(stage: Ints, rng: np.random.Generator) -> tuple[Numbers, Truths]:
    """Give ages and sexes for every seat, taken or not; a child yet to be born has an age below 0."""
    count = len(stage)
    low, high = np.array(STAGES, float)[stage].T
    age = np.zeros((count, SEATS))
    male = rng.random((count, SEATS)) < np.full(SEATS, 0.515)
    male[:, HEAD] = rng.random(count) >= WOMEN_AS_HEADS
    male[:, SPOUSE] = ~male[:, HEAD]
    male[:, FATHER], male[:, MOTHER] = True, False
    male[:, IN_LAW] = ~male[:, FIRST]
    age[:, HEAD] = rng.uniform(low, high)
    age[:, SPOUSE] = np.maximum(age[:, HEAD] + rng.normal(0, 2.5, count).clip(-6, 6), MARRIED_FROM)
    age[:, MOTHER] = age[:, HEAD] + rng.uniform(20, 33, count)
    age[:, FATHER] = age[:, MOTHER] + rng.uniform(-1, 5, count)
    age[:, FIRST] = age[:, :2].min(axis=1) - rng.triangular(20.5, 24, 33, count)
    twins = rng.random(count) < TWINS
    age[:, SECOND] = age[:, FIRST] - np.where(twins, 0, rng.uniform(1.5, 6, count))
    age[:, THIRD] = age[:, SECOND] - rng.uniform(1.5, 5, count)
    age[:, IN_LAW] = np.maximum(age[:, FIRST] + rng.normal(0, 2, count).clip(-4, 4), MARRIED_FROM)
    younger = np.minimum(age[:, FIRST], age[:, IN_LAW])
    age[:, ELDER] = younger - rng.triangular(GRANDCHILDREN_FROM, 24, 31, count)
    age[:, YOUNGER] = age[:, ELDER] - rng.uniform(1.5, 6, count)
    return age, male


def _present(stage: Ints, age: Numbers, male: Truths, rng: np.random.Generator) -> Truths:
    """Tell which seats are taken."""
    here = np.ones(age.shape, bool)
    for seat, shares in PRESENT.items():
        here[:, seat] = rng.random(len(stage)) < np.array(shares)[stage]
    here &= (age > 0) & (age < OLDEST)
    mother = np.where(male[:, HEAD], age[:, SPOUSE], age[:, HEAD])
    for child in (FIRST, SECOND, THIRD):
        here[:, child] &= mother - age[:, child] <= 45
    away = (age[:, [SECOND, THIRD]] > 24) & (rng.random((len(stage), 2)) < 0.7)
    here[:, [SECOND, THIRD]] &= ~away
    here[:, FIRST] &= male[:, FIRST] | (age[:, FIRST] < 25) | (rng.random(len(stage)) < 0.35)
    here[:, IN_LAW] &= here[:, FIRST] & (age[:, FIRST] >= MARRIED_FROM)
    here[:, ELDER] &= here[:, IN_LAW]
    here[:, YOUNGER] &= here[:, ELDER]
    here[:, YOUNGER] &= here.sum(axis=1) <= LARGEST
    here[:, THIRD] &= here.sum(axis=1) <= LARGEST
    return here


def _relations(male: Truths) -> Ints:
    """Name each seat's relation to the head."""
    son = male[:, FIRST]
    grandson, granddaughter = ("之孙子", "之孙女"), ("之外孙子", "之外孙女")
    words = np.empty(male.shape, np.int64)
    for seat, word in ((HEAD, "户主"), (SPOUSE, "配偶"), (FATHER, "之父"), (MOTHER, "之母")):
        words[:, seat] = RELATIONS.index(word)
    for seat in (FIRST, SECOND, THIRD):
        words[:, seat] = np.where(male[:, seat], RELATIONS.index("之子"), RELATIONS.index("之女"))
    words[:, IN_LAW] = np.where(son, RELATIONS.index("之儿媳"), RELATIONS.index("之女婿"))
    for seat in (ELDER, YOUNGER):
        of_son, of_daughter = (
            np.where(male[:, seat], *(RELATIONS.index(word) for word in pair))
            for pair in (grandson, granddaughter)
        )
        words[:, seat] = np.where(son, of_son, of_daughter)
    return words


def _names(style: Ints, male: Truths, rng: np.random.Generator) -> Ints:
    """Give the pieces of the name at each seat: children carry their father's surname."""
    styles = np.repeat(style[:, None], SEATS, axis=1)
    family, given = draw_families(styles, rng), draw_given(styles, male, rng)
    father_of = np.zeros(styles.shape, np.int64)
    family[:, FATHER] = family[:, HEAD]
    head_is_father = male[:, HEAD]
    for seat in (FIRST, SECOND, THIRD):
        family[:, seat] = np.where(head_is_father, family[:, HEAD], family[:, SPOUSE])
        father_of[:, seat] = np.where(head_is_father, given[:, HEAD], given[:, SPOUSE])
    father_of[:, HEAD] = given[:, FATHER]
    son = male[:, FIRST]
    for seat in (ELDER, YOUNGER):
        family[:, seat] = np.where(son, family[:, FIRST], family[:, IN_LAW])
        father_of[:, seat] = np.where(son, given[:, FIRST], given[:, IN_LAW])
    unknown = draw_given(styles, np.ones_like(male), rng)
    father = np.where(father_of > 0, father_of, unknown)
    flat = compose(
        style=styles.ravel(),
        male=male.ravel(),
        family=family.ravel(),
        given=given.ravel(),
        father=father.ravel(),
        rng=rng,
    )
    return flat.reshape(*styles.shape, 5)
