"""The people responsible for households that are helped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.columns import build, choose, phone_texts, ranks
from jiedui.registers.synthetic.draft import PHONE
from jiedui.registers.synthetic.economy import ORDINARY
from jiedui.registers.synthetic.names import HAN, compose, draw_families, draw_given, join_names
from jiedui.registers.synthetic.words import read_words
from jiedui.registers.tables import CADRES

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.registers.synthetic.draft import Draft

HELPED = 5
"""At most so many households for one responsible helper, all in one village."""
CADRE_PHONES = PHONE + 99_000_000


def cadre_rows(draft: Draft) -> tuple[pa.Table, pa.Array, pa.Array]:
    """Give the cadres, and the helper and the unit of each household that has one."""
    import pyarrow as pa

    territory, rng = draft.territory, draft.rng
    helped = np.flatnonzero(draft.economy.kind != ORDINARY)
    turn = ranks(draft.village[helped]) // HELPED
    seats, cadre = np.unique(draft.village[helped] * draft.count + turn, return_inverse=True)
    village, count = seats // draft.count, len(seats)
    style, male = np.full(count, HAN), rng.random(count) < 0.6
    family, given = draw_families(style, rng), draw_given(style, male, rng)
    name = join_names(compose(style=style, male=male, family=family, given=given, father=given, rng=rng))
    units = [*read_words()["places"]["units"], *(f"{place}人民政府" for place in territory.townships)]
    namesake = name.dictionary_encode().indices.to_numpy().astype(np.int64)
    unit = choose(units, (namesake * 7 + ranks(namesake)) % len(units))
    duties = ("科员", "主任", "副主任", "专技人员", "四级主任科员")
    table = build(
        CADRES,
        count,
        name=name,
        unit=unit,
        township=choose(territory.townships, territory.township[village]),
        village=choose(territory.villages, village),
        duty=choose(duties, rng.integers(0, len(duties), count)),
        phone=phone_texts(CADRE_PHONES + draft.part * 10_000 + np.arange(count)),
    )
    whose = np.full(draft.count, -1)
    whose[helped] = cadre
    index = pa.array(whose, mask=whose < 0)
    return table, name.take(index), unit.take(index)
