"""Villages, projects, authorisations and sources of data as the rows of their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.columns import build, choose, join, text_where
from jiedui.registers.synthetic.families import YEAR
from jiedui.registers.synthetic.ids import date_texts, digit_texts
from jiedui.registers.synthetic.names import HAN, compose, draw_families, draw_given, join_names
from jiedui.registers.synthetic.words import read_words
from jiedui.registers.tables import (
    AUTHORISATIONS,
    DATA_SOURCES,
    PROJECT_STAGES,
    PROJECTS,
    REGISTERS,
    SOURCES_OF_DATA,
    VILLAGES,
)  # fmt: skip

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.registers.synthetic.draft import Draft

    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]

FEN = 100
WAN = 10_000 * FEN
PURPOSE = "防止返贫监测数据比对"
LEGAL = {"deaths": "示例：部门间数据共享协议第三条", "enrolment": "示例：控辍保学数据共享办法第五条"}
"""Sources that may be compared with every household; both texts are made up."""
SOURCE_WORDS = tuple(table.words["zh"] for table in REGISTERS if table.name in SOURCES_OF_DATA)
AUTHORISED, EXPIRED, WITHDRAWN = 0.82, 0.06, 0.04


def village_rows(draft: Draft) -> pa.Table:
    """Give the villages with households and persons counted from the register."""
    territory, rng = draft.territory, draft.rng
    count = len(territory.villages)
    place = np.arange(count)
    households = np.bincount(draft.village, minlength=count)
    persons = np.bincount(draft.village, draft.economy.size, count).astype(np.int64)
    exited = rng.random(count) < 0.4
    style, male = np.full(count, HAN), rng.random(count) < 0.7
    family, given = draw_families(style, rng), draw_given(style, male, rng)
    secretary = join_names(compose(style=style, male=male, family=family, given=given, father=given, rng=rng))
    units = read_words()["places"]["units"]
    return build(
        VILLAGES,
        count,
        county=choose([territory.county], np.zeros(count, np.int64)),
        township=choose(territory.townships, territory.township),
        village=choose(territory.villages, place),
        place_code=digit_texts(territory.codes, 12),
        is_exited=exited,
        groups=np.full(count, 6),
        households=households,
        persons=persons,
        has_road=exited | (rng.random(count) < 0.97),
        has_clinic=exited | (rng.random(count) < 0.95),
        has_school=rng.random(count) < 0.4,
        has_safe_water=exited | (rng.random(count) < 0.96),
        has_internet=rng.random(count) < 0.99,
        collective_income=rng.integers(3, 60, count) * WAN,
        first_secretary=text_where(secretary, exited),
        assisting_unit=choose(units, np.where(exited, rng.integers(0, len(units), count), -1)),
    )


def project_rows(draft: Draft) -> pa.Table:
    """Give about three projects for two villages, money and dates in order."""
    territory, rng = draft.territory, draft.rng
    village = np.sort(rng.integers(0, len(territory.villages), max(8, len(territory.villages) * 3 // 2)))
    count = len(village)
    stage = rng.choice(len(PROJECT_STAGES), count, p=[0.05, 0.05, 0.05, 0.05, 0.25, 0.2, 0.35])
    kinds = ("村组道路硬化", "饮水管网改造", "产业大棚", "养殖小区", "防渗渠道", "就业帮扶车间")
    kind = rng.integers(0, len(kinds), count)
    units = read_words()["places"]["units"]
    return build(
        PROJECTS,
        count,
        project=join("虚", digit_texts(territory.code * 10_000 + np.arange(count) + 1, 10)),
        name=join(
            choose(territory.villages, village),
            choose(kinds, kind),
            "项目",
            choose("一二三四五六七八", np.arange(count) % 8),
            "期",
        ),
        **draft_places(draft, village),
        kind=choose(("基础设施", "基础设施", "产业发展", "产业发展", "基础设施", "就业"), kind),
        stage=choose(PROJECT_STAGES, stage),
        **_project_money(stage, rng),
        **_project_dates(draft, stage),
        beneficiaries=rng.integers(5, 120, count),
        owner=choose(units, rng.integers(0, len(units), count)),
    )


def _project_money(stage: Ints, rng: np.random.Generator) -> dict[str, Ints]:
    """Give what was planned, received from the tender on, and paid from the start on; fen."""
    count = len(stage)
    planned = rng.integers(8, 120, count) * WAN
    funded = stage >= PROJECT_STAGES.index("招标")
    started = stage >= PROJECT_STAGES.index("开工")
    done = stage >= PROJECT_STAGES.index("完工")
    received = np.where(funded, planned * rng.integers(70, 101, count) // 100, 0)
    share = np.where(stage == len(PROJECT_STAGES) - 1, 100, rng.integers(85, 101, count))
    paid = np.where(done, received * share // 100, received * started // 3)
    return {"planned": planned, "received": received, "paid": paid}


def _project_dates(draft: Draft, stage: Ints) -> dict[str, pa.Array]:
    """Give the days of notice, money, start, completion and acceptance, one after the other."""
    rng, count = draft.rng, len(stage)
    on = draft.on
    accepted = on - rng.integers(20, 200, count).astype("m8[D]")
    completed = np.where(
        stage == 6, accepted - np.timedelta64(40, "D"), on - rng.integers(10, 70, count).astype("m8[D]")
    )
    started = np.where(
        stage >= 5,
        completed - rng.integers(60, 150, count).astype("m8[D]"),
        on - rng.integers(10, 100, count).astype("m8[D]"),
    )
    received = started - rng.integers(15, 40, count).astype("m8[D]")
    published = received - rng.integers(12, 40, count).astype("m8[D]")
    held = {
        "published_on": (published, stage >= 1), "received_on": (received, stage >= 3),
        "started_on": (started, stage >= 4), "completed_on": (completed, stage >= 5),
        "accepted_on": (accepted, stage >= 6),
    }  # fmt: skip
    return {name: text_where(date_texts(days), has) for name, (days, has) in held.items()}


def draft_places(draft: Draft, village: Ints) -> dict[str, pa.Array]:
    """Give the columns county, township and village for villages."""
    territory = draft.territory
    return {
        "county": choose([territory.county], np.zeros(len(village), np.int64)),
        "township": choose(territory.townships, territory.township[village]),
        "village": choose(territory.villages, village),
    }


def authorisation_rows(draft: Draft) -> tuple[pa.Table, Truths]:
    """Give the authorisations of most households, and which households have a valid one."""
    import pyarrow as pa

    rng = draft.rng
    draw = rng.random(draft.count)
    given = np.flatnonzero(draw < AUTHORISED + EXPIRED + WITHDRAWN)
    count, state = len(given), draw[given]
    expired = (state >= AUTHORISED) & (state < AUTHORISED + EXPIRED)
    withdrawn = state >= AUTHORISED + EXPIRED
    begun = draft.on - np.where(expired, rng.integers(800, 1100, count), rng.integers(60, 340, count)).astype(
        "m8[D]"
    )
    ended = begun + np.timedelta64(int(2 * YEAR), "D")
    table = build(
        AUTHORISATIONS,
        count,
        household=draft.household.take(pa.array(given)),
        purpose=choose([PURPOSE], np.zeros(count, np.int64)),
        sources=choose(("、".join(SOURCES_OF_DATA), "、".join(SOURCE_WORDS)), rng.integers(0, 2, count)),
        form=choose(("纸质签字", "线上承诺"), rng.integers(0, 2, count)),
        valid_from=date_texts(begun),
        valid_to=date_texts(ended),
        withdrawn_on=text_where(date_texts(begun + np.timedelta64(30, "D")), withdrawn),
    )
    return table, draw < AUTHORISED


def source_rows(on: np.datetime64) -> pa.Table:
    """Give where the lists of other offices come from, and on what ground."""
    offices = ("县公安局", "县自然资源局", "县财政局", "县民政局", "县教育局", "县市场监督管理局")
    count = len(SOURCES_OF_DATA)
    legal = [LEGAL.get(source) for source in SOURCES_OF_DATA]
    return build(
        DATA_SOURCES,
        count,
        source=choose(SOURCES_OF_DATA, np.arange(count)),
        office=choose(offices, np.arange(count)),
        legal_basis=legal,
        received_on=[str(on - np.timedelta64(20, "D"))] * count,
        delete_by=[str(on + np.timedelta64(345, "D"))] * count,
    )
