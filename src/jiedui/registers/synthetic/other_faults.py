"""Faults of projects and villages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.ids import date_texts
from jiedui.registers.synthetic.planting import Fault, same_cells
from jiedui.registers.tables import PROJECT_STAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from jiedui.registers.synthetic.planting import Planting

    Ints = NDArray[np.int64]
    Days = NDArray[np.datetime64]
    Truths = NDArray[np.bool_]

FEN = 100


def _stage(low: str) -> Callable[[Planting], Truths]:
    """Tell which projects have reached a stage."""

    def eligible(planting: Planting) -> Truths:
        stages = planting.tables["projects"]["stage"].to_pylist()
        return np.array([PROJECT_STAGES.index(one) >= PROJECT_STAGES.index(low) for one in stages])

    return eligible


def _project(rows: Ints, planting: Planting, column: str) -> NDArray[np.int64]:
    return np.asarray(planting.tables["projects"][column].to_numpy()[rows], np.int64)


def _late_notice(planting: Planting, rows: Ints) -> Mapping[str, object]:
    started = planting.tables["projects"]["started_on"].take(rows).to_pylist()
    days: Days = np.array(started, "M8[D]") + 25
    return {"published_on": date_texts(days)}


def _idle(planting: Planting, rows: Ints) -> Mapping[str, object]:
    received = planting.draft.on - np.timedelta64(540, "D")
    days = np.full(len(rows), received)
    return {
        "paid": np.zeros(len(rows), np.int64), "received_on": date_texts(days),
        "published_on": date_texts(days - np.timedelta64(20, "D")),
    }  # fmt: skip


def _stale(planting: Planting, rows: Ints) -> Mapping[str, object]:
    on = planting.draft.on
    days = {"completed_on": 500, "started_on": 640, "received_on": 660, "published_on": 690}
    dates = {
        column: date_texts(np.full(len(rows), on - np.timedelta64(before, "D")))
        for column, before in days.items()
    }
    return {**dates, "paid": _project(rows, planting, "received")}


def _is_stage(stage: str) -> Callable[[Planting], Truths]:
    return lambda planting: np.array(
        [one == stage for one in planting.tables["projects"]["stage"].to_pylist()]
    )


OTHER_RATE = 0.05
OTHER_FAULTS = (
    Fault("project_not_published", "projects", OTHER_RATE, _stage("开工"), same_cells(published_on=None)),
    Fault("project_published_late", "projects", OTHER_RATE, _stage("开工"), _late_notice),
    Fault("money_idle", "projects", OTHER_RATE, _is_stage("招标"), _idle),
    Fault("paid_over_received", "projects", OTHER_RATE, _stage("完工"),
          lambda p, rows: {"paid": _project(rows, p, "received") + 50_000 * FEN}),
    Fault("received_over_planned", "projects", OTHER_RATE, _stage("招标"),
          lambda p, rows: {"received": _project(rows, p, "planned") + 30_000 * FEN}),
    Fault("not_accepted", "projects", OTHER_RATE, _is_stage("完工"), _stale),
    Fault("no_beneficiaries", "projects", OTHER_RATE, _stage("入库"),
          lambda _, rows: {"beneficiaries": np.zeros(len(rows), np.int64)}),
    Fault("village_sums", "villages", 0.04, lambda p: np.ones(p.tables["villages"].num_rows, bool),
          lambda p, rows: {"persons": p.tables["villages"]["persons"].to_numpy()[rows] // 2}),
    Fault("exited_without_road", "villages", 0.04, lambda p: p.tables["villages"]["is_exited"].to_numpy(),
          same_cells(has_road=False)),
)  # fmt: skip
