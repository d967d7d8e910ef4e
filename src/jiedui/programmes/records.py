"""Proposals as tables: side by side, their pairs, prices and reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from jiedui.language import Lang, Words, decimal, integer, text, words
from jiedui.pairs import Reason, reasons_of
from jiedui.programmes import tables
from jiedui.programmes.measures import Measures, gini, measure, ratio
from jiedui.tables import Column, Table

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.pairs import Proposal
    from jiedui.programmes.setting import Grain, Setting
    from jiedui.schemes import Scheme


SMALLEST_GAP = 0.0005
"""Gaps are shown with three decimals; a smaller one is shown as none."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way of pairing under a name: the decision as taken, a rule of thumb or a proposal."""

    id: str
    name: Words
    grain: Grain
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Records:
    """The tables of a stage, their declarations, and per scenario the measures and shares behind them."""

    tables: Mapping[str, pa.Table]
    declarations: Mapping[str, Table]
    measures: Mapping[str, Measures]
    shares: Mapping[str, NDArray[np.float64]]


def make_records(
    setting: Setting,
    scenarios: Sequence[Scenario],
    *,
    scheme: Scheme,
    quota: Sequence[int],
    scale: float,
    lang: Lang,
) -> Records:
    """Write scenarios as the tables `comparison`, `pairs`, `prices` and `reasons`.

    Parameters
    ----------
    quota
        Places each helper would take in proportion to strength.
    scale
        Loads are places per strength times this.
    """
    import pyarrow as pa

    notice = " / ".join(scheme.notice(counted=any(setting.duties)).values())
    rules = {part.id: part.rule for part in scheme.parts}
    writer = _Writer(setting, quota, scale, notice, rules, lang)
    taken = {one.id: writer.shares(one) for one in scenarios}
    measures = {key: measure(setting, one, quota=quota) for key, one in taken.items()}
    rows: dict[str, list[dict[str, Any]]] = {"comparison": [], "pairs": [], "prices": [], "reasons": []}
    for one in scenarios:
        rows["comparison"].append(writer.comparison(one, measures[one.id]))
        rows["prices"] += writer.prices(one, measures[one.id])
        for reason in reasons_of(one.proposal):
            rows["pairs"].append(writer.pair(one, reason))
            rows["reasons"].append(writer.reason(one, reason))
    declarations = {name: in_words_of(scheme, getattr(tables, name.upper())) for name in rows}
    return Records(
        {name: pa.Table.from_pylist(rows[name], declarations[name].schema()) for name in rows},
        declarations,
        measures,
        taken,
    )


def in_words_of(scheme: Scheme, table: Table) -> Table:
    """Give a declaration with the scheme's own units of places and load, and the parts of its score."""
    units = {id(tables.PLACES): scheme.words["places"], id(tables.LOAD): scheme.words["load_unit"]}

    def own(column: Column) -> Column:
        return replace(column, unit=units.get(id(column.unit), column.unit))

    columns = [own(column) for column in table.columns]
    if table is tables.REASONS:
        place = columns.index(tables.SCORE) + 1
        columns[place:place] = [
            Column(part.id, "number", words("reason.part", part=part.words)) for part in scheme.parts
        ]
    return replace(table, columns=tuple(columns))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes rows of one run in one language."""

    setting: Setting
    quota: Sequence[int]
    scale: float
    notice: str
    rules: Mapping[str, str]
    lang: Lang

    def shares(self, one: Scenario) -> NDArray[np.float64]:
        """Give the share of each place that each helper takes, [P, H]."""
        problem = one.proposal.problem
        chosen = np.zeros((len(problem.recipient_ids), len(problem.helper_ids)))
        chosen[problem.row[one.proposal.chosen], problem.column[one.proposal.chosen]] = 1
        return self.setting.shares(one.grain, chosen)

    def name(self, row: Mapping[str, Any]) -> str:
        """Give a name in the language, as far as the table has one."""
        return str((row.get("name_en") if self.lang == "en" else None) or row["name"])

    def comparison(self, one: Scenario, of: Measures) -> dict[str, Any]:
        """Write the row of a scenario."""
        loads, gross = of.loads * self.scale, of.gross_loads * self.scale
        return {
            "proposal": one.id,
            "name": one.name[self.lang],
            "load_max": loads.max(),
            "load_min": loads.min(),
            "load_ratio": ratio(loads),
            "load_gini": gini(loads),
            "gross_max": gross.max(),
            "gross_min": gross.min(),
            "gross_ratio": ratio(gross),
            "gross_gini": gini(gross),
            "over_share": of.over_share,
            "idle_helpers": int((of.places == 0).sum()),
            "mean_km": of.mean_km,
            "worst_km": of.worst_km,
            "blocks": sum(of.blocks),
            "earlier_kept": of.earlier_kept,
            "unit_moves": one.proposal.moves if one.grain == "units" else None,
            "place_moves": of.place_moves,
            "score_mean": of.score_mean,
            "score_worst": of.score_worst,
            "unserved": one.proposal.unserved,
            "certificate": one.proposal.proof,
            "gap": one.proposal.gap,
            "notice": self.notice,
        }

    def prices(self, one: Scenario, of: Measures) -> list[dict[str, Any]]:
        """Write a row for each helper."""
        prices = one.proposal.place_prices or {}
        return [
            {
                "proposal": one.id,
                "name": one.name[self.lang],
                "helper": row["id"],
                "helper_name": self.name(row),
                "places": of.places[helper],
                "other_duties": float(self.setting.duties[helper]),
                "share": self.quota[helper],
                "load": of.loads[helper] * self.scale,
                "gross_load": of.gross_loads[helper] * self.scale,
                "price": prices.get(row["id"]),
                "confirmed": row["source_grade"] != "unconfirmed",
            }
            for helper, row in enumerate(self.setting.helpers)
        ]

    def pair(self, one: Scenario, reason: Reason) -> dict[str, Any]:
        """Write one pair."""
        problem = one.proposal.problem
        recipient, helper = int(problem.row[reason.edge]), int(problem.column[reason.edge])
        return self._who(one, recipient, helper) | {
            "unit_name": self.name(self._unit(one, recipient)),
            "places": float(problem.places[recipient] / problem.need[recipient]),
            "km": self._at(one, self.setting.km, recipient, helper),
            "status": "kept" if problem.present[reason.edge] else "new",
            "exit_year": self.setting.recipients(one.grain)[recipient].get("exit_year"),
        }

    def reason(self, one: Scenario, reason: Reason) -> dict[str, Any]:
        """Write the reason of one pair."""
        problem = one.proposal.problem
        recipient, helper = int(problem.row[reason.edge]), int(problem.column[reason.edge])
        of = {key: self._at(one, part, recipient, helper) for key, part in self.setting.parts.items()}
        row = self._who(one, recipient, helper) | {
            "score": self._at(one, self.setting.score, recipient, helper),
            **{key: self.setting.weights[key] * value for key, value in of.items()},
            "own_rank": reason.own_rank,
            "runner_up": None
            if reason.runner_up is None
            else self.name(self.setting.helpers[reason.runner_up]),
            "gap": reason.gap,
            "price": reason.price,
        }
        km = self._at(one, self.setting.km, recipient, helper)
        held = {self.rules[key] for key, value in of.items() if value}
        forced = bool(problem.forced[reason.edge])
        return row | {
            "reason": self._sentence(reason, row, held, km, forced=forced, optimised=bool(one.proposal.steps))
        }

    def _at(self, one: Scenario, values: NDArray[np.float64], recipient: int, helper: int) -> float:
        """Give a value of places at one pair: the mean over the unit where units are whole."""
        return float(self.setting.by(one.grain, values)[recipient, helper])

    def _unit(self, one: Scenario, recipient: int) -> dict[str, Any]:
        """Give the unit that a recipient is, or belongs to."""
        return self.setting.units[recipient if one.grain == "units" else self.setting.unit_of[recipient]]

    def _who(self, one: Scenario, recipient: int, helper: int) -> dict[str, Any]:
        """Name both sides, and say whether the helper's figures and the pair were found in a text."""
        row, place = self.setting.helpers[helper], self.setting.recipients(one.grain)[recipient]
        found = (row["id"], self._unit(one, recipient)["code"]) not in self.setting.unconfirmed
        return {
            "proposal": one.id,
            "name": one.name[self.lang],
            "helper": row["id"],
            "helper_name": self.name(row),
            "recipient": self.setting.ids(one.grain)[recipient],
            "recipient_name": self.name(place),
            "confirmed": found and row["source_grade"] != "unconfirmed",
        }

    def _sentence(
        self,
        reason: Reason,
        row: Mapping[str, Any],
        held: set[str],
        km: float,
        *,
        forced: bool,
        optimised: bool,
    ) -> str:
        """Say the reason in words."""
        say = partial(text, lang=self.lang)
        parts = [say("reason.decided")] if forced else []
        parts.append(say("reason.distance", km=integer(km)))
        parts += [say("reason.earlier")] if "earlier_pair" in held else []
        parts.append(say("reason.kept") if "present_pair" in held else say("reason.new"))
        parts.append(say("reason.rank", rank=reason.own_rank, count=reason.candidates))
        if reason.price:
            parts.append(say("reason.price", price=decimal(reason.price, 3)))
        parts += self._alternative(reason, row["runner_up"], optimised=optimised and not forced)
        return say("reason.join").join(parts) + say("reason.end")

    def _alternative(self, reason: Reason, name: str | None, *, optimised: bool) -> list[str]:
        """Say who would come next, and what that would cost."""
        if name is None:
            return [text("reason.no_other", self.lang)] if optimised else []
        if reason.gap is None:
            return [text("reason.best_other", self.lang, name=name)]
        key = "reason.equal" if reason.gap < SMALLEST_GAP else "reason.runner_up"
        return [text(key, self.lang, name=name, gap=decimal(reason.gap, 3))]
