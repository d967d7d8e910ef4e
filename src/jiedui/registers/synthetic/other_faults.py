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
FUTURE = "2031-05-01"


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


def _villages(planting: Planting) -> Truths:
    return np.ones(planting.tables["villages"].num_rows, bool)


def _exited(planting: Planting) -> Truths:
    return np.asarray(planting.tables["villages"]["is_exited"].to_numpy())


def _days_before(planting: Planting, rows: Ints, column: str) -> object:
    """Give the day ten days before the one in a column."""
    days: Days = np.array(planting.tables["projects"][column].take(rows).to_pylist(), "M8[D]") - 10
    return date_texts(days)


def _completed_early(planting: Planting, rows: Ints) -> Mapping[str, object]:
    return {"completed_on": _days_before(planting, rows, "started_on")}


def _accepted_early(planting: Planting, rows: Ints) -> Mapping[str, object]:
    return {"accepted_on": _days_before(planting, rows, "completed_on")}


def _prepaid(planting: Planting, rows: Ints) -> Mapping[str, object]:
    amount = np.full(len(rows), 20_000 * FEN)
    month = np.full(len(rows), planting.draft.on - np.timedelta64(40, "D"))
    return {"paid": amount, "received": amount, "received_on": date_texts(month)}


OTHER_RATE = 0.03
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
    Fault("completed_before_start", "projects", OTHER_RATE, _stage("完工"), _completed_early),
    Fault("accepted_before_completion", "projects", OTHER_RATE, _stage("验收"), _accepted_early),
    Fault("start_missing", "projects", OTHER_RATE, _is_stage("开工"), same_cells(started_on=None)),
    Fault("stage_behind", "projects", OTHER_RATE, _is_stage("验收"), same_cells(stage="开工")),
    Fault("project_in_future", "projects", OTHER_RATE, _is_stage("开工"), same_cells(started_on=FUTURE)),
    Fault("paid_before_start", "projects", OTHER_RATE, _is_stage("立项"), _prepaid),
    Fault("owner_missing", "projects", OTHER_RATE, _stage("入库"), same_cells(owner=None)),
    Fault("village_households", "villages", 0.02, _villages,
          lambda p, rows: {"households": p.tables["villages"]["households"].to_numpy()[rows] // 2}),
    Fault("exited_without_water", "villages", 0.02, _exited, same_cells(has_safe_water=False)),
    Fault("exited_without_clinic", "villages", 0.02, _exited, same_cells(has_clinic=False)),
    Fault("village_sums", "villages", 0.04, _villages,
          lambda p, rows: {"persons": p.tables["villages"]["persons"].to_numpy()[rows] // 2}),
    Fault("exited_without_road", "villages", 0.04, _exited,
          same_cells(has_road=False)),
)  # fmt: skip
