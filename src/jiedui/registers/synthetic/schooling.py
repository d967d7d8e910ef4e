"""Schools of a county and who is enrolled in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.columns import build, choose
from jiedui.registers.synthetic.economy import ORDINARY
from jiedui.registers.synthetic.ids import digit_texts
from jiedui.registers.synthetic.office_list import draw_list
from jiedui.registers.tables import COMPULSORY, ENROLMENT, SCHOOLS, STUDENT

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.registers.synthetic.draft import Draft
    from jiedui.registers.synthetic.office_list import OfficeList

    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]

KINDS = ("中心幼儿园", "中心小学", "初级中学")
STAGES = ("幼儿园", "小学", "初中", "普通高中", "中等职业学校")
COUNTY_KINDS = ("第一中学", "职业技术学校")
KIND_OF_STAGE = np.array([-1, 0, 1, 2, 2, 2, 3, 4, -1, -1])
"""By `STUDENT`: which kind of school; colleges and universities lie outside the county."""
PUPILS_A_TEACHER = 13


def compulsory(student: Ints) -> Truths:
    """Tell who is in compulsory education."""
    return np.isin(student, [STUDENT.index(stage) for stage in COMPULSORY])


def enrolment_rows(draft: Draft, rate: float, absent: Truths) -> tuple[pa.Table, OfficeList, Ints]:
    """Give the pupils of the county's schools and the school of each row, -1 for one elsewhere.

    Parameters
    ----------
    absent
        Of the roster: who is not enrolled though a pupil.
    """
    student = draft.people.student
    enrolled = (KIND_OF_STAGE[student] >= 0) & ~absent
    listed = draw_list(draft, enrolled, order=4, rate=rate, ages=(6.2, 14.8), keep_ids=compulsory(student))
    here = listed.rows >= 0
    kind = np.where(
        here, KIND_OF_STAGE[student[listed.rows]], np.where(draft.rng.random(len(here)) < 0.6, 1, 2)
    )
    township = np.where(here, draft.territory.township[draft.village[draft.roster.household[listed.rows]]], 0)
    school = school_number(draft, kind, township)
    helped = here & (draft.economy.kind[draft.roster.household[listed.rows]] != ORDINARY)
    table = build(
        ENROLMENT,
        len(here),
        id_number=listed.id_number,
        name=listed.name,
        school=choose(_names(draft), school),
        stage=choose(STAGES, kind),
        is_enrolled=np.ones(len(here), bool),
        has_aid=helped | (draft.rng.random(len(here)) < 0.08),
    )
    return table, listed, school


def school_number(draft: Draft, kind: Ints, township: Ints) -> Ints:
    """Give each school its place in the table: three a township, then those of the county."""
    townships = len(draft.territory.townships)
    return np.where(
        kind < len(KINDS), township * len(KINDS) + kind, townships * len(KINDS) + kind - len(KINDS)
    )


def _names(draft: Draft) -> list[str]:
    territory = draft.territory
    local = [township + kind for township in territory.townships for kind in KINDS]
    return [*local, *(territory.county + kind for kind in COUNTY_KINDS)]


def school_rows(draft: Draft, school: Ints) -> pa.Table:
    """Give the schools with the pupils counted from the enrolment."""
    names = _names(draft)
    count, townships = len(names), len(draft.territory.townships)
    township = np.repeat(np.arange(townships), len(KINDS))
    pupils = np.bincount(school, minlength=count)
    first = np.searchsorted(draft.territory.township, township)
    return build(
        SCHOOLS,
        count,
        school=digit_texts(draft.territory.code * 10_000 + np.arange(count) + 1, 10),
        name=choose(names, np.arange(count)),
        township=choose(draft.territory.townships, np.r_[township, [-1] * len(COUNTY_KINDS)]),
        village=choose(draft.territory.villages, np.r_[first, [-1] * len(COUNTY_KINDS)]),
        stage=choose(STAGES, np.r_[np.tile(np.arange(len(KINDS)), townships), [3, 4]]),
        pupils=pupils,
        teachers=np.maximum(1, -(-pupils // PUPILS_A_TEACHER)),
    )
