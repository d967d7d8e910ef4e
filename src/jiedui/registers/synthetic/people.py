"""What each person does: school, health, work; codes are indexes in the choices of the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.families import HEAD
from jiedui.registers.tables import HEALTH, SCHOOLING, STUDENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from jiedui.registers.synthetic.families import Roster

    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]
    Numbers = NDArray[np.float64]

NOT_A_PUPIL = STUDENT.index("非在校生")
HEALTHY, CHRONIC, SEVERE = (HEALTH.index(word) for word in ("健康", "长期慢性病", "患有大病"))
ABLE, SKILLED, WEAK, UNABLE, NONE = range(5)
"""As `LABOUR` lists them."""
WORKING_AGE = (16, 60)
FEN = 100
WAGE_YUAN, WAGE_SPREAD = 3400, 0.32
"""Median and log spread of a month's wage."""


@dataclass(frozen=True, slots=True)
class People:
    """Codes for each person of a roster, all of shape (n,).

    Attributes
    ----------
    months : array of int64
        Months of work this year; 0 for who does not work away.
    wage : array of int64
        Fen a month; 0 for who does not work away.
    """

    schooling: Ints
    student: Ints
    health: Ints
    labour: Ints
    disabled: Truths
    months: Ints
    wage: Ints

    @property
    def able(self) -> Truths:
        """Who can work."""
        return np.asarray((self.labour == ABLE) | (self.labour == SKILLED))

    @property
    def ill(self) -> Truths:
        """Who has a long or severe illness."""
        return np.asarray(np.isin(self.health, [place for place, word in enumerate(HEALTH) if "病" in word]))


def draw_people(roster: Roster, *, since_autumn: float, rng: np.random.Generator) -> People:
    """Give each person a life that fits the age.

    Parameters
    ----------
    since_autumn
        Years since the school year began on 1 September.
    """
    student = _student(roster.age - since_autumn, rng) * (roster.seat != HEAD)
    disabled, health = _health(roster.age, rng)
    labour = _labour(roster.age, student, health, rng)
    working = (labour <= SKILLED) & (roster.age < WORKING_AGE[1]) & (rng.random(len(student)) < 0.62)
    wage = np.exp(rng.normal(np.log(WAGE_YUAN), WAGE_SPREAD, len(student)))
    skilled = np.where(labour == SKILLED, 1.25, 1.0)
    return People(
        schooling=_schooling(roster.age, student, rng),
        student=student,
        health=health,
        labour=labour,
        disabled=disabled,
        months=np.where(working, rng.integers(3, 11, len(student)), 0),
        wage=np.where(working, (wage * skilled / 100).round().astype(np.int64) * 100 * FEN, 0),
    )


def _codes(choices: Sequence[str], *words: str) -> Ints:
    return np.array([choices.index(word) for word in words])


def _student(age: Numbers, rng: np.random.Generator) -> Ints:
    """Give the stage of school by the age when the school year began."""
    years = np.floor(age).astype(np.int64)
    draw = rng.random(len(age))
    young, primary, seven, eight, nine, high, craft, college, university = _codes(
        STUDENT,
        "学前教育",
        "小学",
        "七年级",
        "八年级",
        "九年级",
        "普通高中",
        "中职",
        "高职高专",
        "本科及以上",
    )
    later = np.where(draw < 0.6, high, craft)
    return np.select(
        [
            (years == 5) | ((years >= 3) & (years < 5) & (draw < 0.85)),
            (years >= 6) & (years < 12),
            years == 12,
            years == 13,
            years == 14,
            (years == 15) | ((years > 15) & (years < 18) & (draw < 0.93)),
            (years >= 18) & (years < 21) & (draw < 0.25),
            (years >= 18) & (years < 22) & (draw >= 0.25) & (draw < 0.45),
        ],
        [young, primary, seven, eight, nine, later, college, university],
        NOT_A_PUPIL,
    )


def _schooling(age: Numbers, student: Ints, rng: np.random.Generator) -> Ints:
    """Give the schooling begun or ended: that of the school for pupils, by generation for the others."""
    ended = ("文盲或半文盲", "小学", "初中", "高中", "中专", "大专", "本科及以上")
    bounds = np.cumsum(
        [[0.01, 0.09, 0.45, 0.16, 0.11, 0.11, 0.07], [0.05, 0.35, 0.42, 0.12, 0.03, 0.02, 0.01],
         [0.38, 0.44, 0.14, 0.04, 0.0, 0.0, 0.0]], axis=1
    )  # fmt: skip
    generation = np.digitize(age, [42, 65])
    draw = rng.random(len(age)) * 0.999
    adult = _codes(SCHOOLING, *ended)[(draw[:, None] >= bounds[generation]).sum(axis=1)]
    by_stage = _codes(
        SCHOOLING,
        "学龄前儿童",
        "学龄前儿童",
        "小学",
        "初中",
        "初中",
        "初中",
        "高中",
        "中专",
        "大专",
        "本科及以上",
    )
    small = np.where(age < 8, SCHOOLING.index("学龄前儿童"), adult)
    return np.where(student == NOT_A_PUPIL, small, by_stage[student])


def _health(age: Numbers, rng: np.random.Generator) -> tuple[Truths, Ints]:
    draw = rng.random(len(age))
    disabled = rng.random(len(age)) < np.interp(age, [0, 40, 90], [0.008, 0.03, 0.12])
    chronic = draw < np.interp(age, [0, 30, 60, 90], [0.003, 0.02, 0.14, 0.36])
    severe = draw > 1 - np.interp(age, [0, 40, 90], [0.002, 0.008, 0.03])
    alone = np.select([severe, chronic], [SEVERE, CHRONIC], HEALTHY)
    both = _codes(HEALTH, "残疾", "长期慢性病，残疾", "患有大病，残疾")
    return disabled, np.where(disabled, both[alone], alone)


def _labour(age: Numbers, student: Ints, health: Ints, rng: np.random.Generator) -> Ints:
    """Give the kind of labour: none for children and pupils, weak with age and illness."""
    draw = rng.random(len(age))
    skilled = np.where(draw < 0.13, SKILLED, ABLE)
    illness = np.isin(health, _codes(HEALTH, "患有大病", "患有大病，残疾"))
    frail = health != HEALTHY
    return np.select(
        [
            (age < WORKING_AGE[0]) | (student != NOT_A_PUPIL) | (age >= 76),
            illness,
            frail | ((age >= 60) & (age < 70) & (draw < 0.7)),
            age >= 66,
        ],
        [NONE, np.where(draw < 0.6, UNABLE, WEAK), np.where(draw < 0.12, UNABLE, WEAK), WEAK],
        skilled,
    )
