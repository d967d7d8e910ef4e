"""Proposals as tables: side by side, their pairs, prices and reasons."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from jiedui.language import Lang, Words
from jiedui.pairs.answers import Reason, reasons_of
from jiedui.programmes.kinds import kind_words, kinds_of
from jiedui.programmes.measures import Measures, gini, measure, ratio
from jiedui.programmes.outputs import declared
from jiedui.programmes.sentences import Pair, names_listed, sentence
from jiedui.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.pairs import Proposal
    from jiedui.programmes.setting import Grain, Setting
    from jiedui.schemes import Scheme


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way of pairing under a name: the decision as taken, a rule of thumb or a proposal."""

    id: str
    name: Words
    grain: Grain
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Records:
    """The tables of a stage, their declarations, and per scenario the measures, shares and reasons behind."""

    tables: Mapping[str, pa.Table]
    declarations: Mapping[str, Table]
    measures: Mapping[str, Measures]
    shares: Mapping[str, NDArray[np.float64]]
    reasons: Mapping[str, Sequence[Reason]] = field(default_factory=dict)


def make_records(
    setting: Setting,
    scenarios: Sequence[Scenario],
    *,
    scheme: Scheme,
    quota: Sequence[int],
    scale: float,
    lang: Lang,
    reasons: Mapping[str, Sequence[Reason]] | None = None,
) -> Records:
    """Write scenarios as the tables `comparison`, `pairs`, `prices` and `reasons`.

    Parameters
    ----------
    quota
        Places each helper would take in proportion to strength, or may take at most.
    scale
        Loads are places per strength times this.
    reasons
        The reasons of each scenario's pairs where they are known already; else they are found.
    """
    import pyarrow as pa

    writer = _Writer(setting, scheme, quota, scale, lang)
    taken = {one.id: writer.shares(one) for one in scenarios}
    measures = {key: measure(setting, one, quota=writer.quota) for key, one in taken.items()}
    declarations = declared(scheme, setting)
    known = {one.id: (reasons or {}).get(one.id) or reasons_of(one.proposal) for one in scenarios}
    rows: dict[str, list[dict[str, Any]]] = {"comparison": [], "pairs": [], "prices": [], "reasons": []}
    for one in scenarios:
        rows["comparison"].append(writer.comparison(one, measures[one.id]))
        rows["prices"] += writer.prices(one, measures[one.id])
        for reason in known[one.id]:
            rows["pairs"].append(writer.pair(one, reason))
            rows["reasons"].append(writer.reason(one, reason))
    return Records(
        {name: pa.Table.from_pylist(rows[name], table.schema()) for name, table in declarations.items()},
        declarations,
        measures,
        taken,
        known,
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes rows of one run in one language."""

    setting: Setting
    scheme: Scheme
    quota: Sequence[int]
    scale: float
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
        counted = self.setting.active & ~self.setting.shared
        loads, gross = of.loads[counted] * self.scale, of.gross_loads[counted] * self.scale
        notice = self.scheme.notice(self.lang, counted=any(self.setting.duties))
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
            "idle_helpers": int((of.places == 0)[self.setting.active].sum()),
            "mean_km": of.mean_km,
            "worst_km": of.worst_km,
            "blocks": sum(of.blocks),
            "earlier_kept": of.earlier_kept,
            "unit_moves": one.proposal.moves if one.grain == "units" else None,
            "kept": int((one.proposal.chosen & one.proposal.problem.present).sum()),
            "place_moves": of.place_moves,
            "score_mean": of.score_mean,
            "score_worst": of.score_worst,
            "unserved": one.proposal.unserved,
            "unserved_names": names_listed(self._unserved(one), self.lang),
            "certificate": one.proposal.proof,
            "gap": one.proposal.gap,
            "notice": " / ".join(notice),
        }

    def prices(self, one: Scenario, of: Measures) -> list[dict[str, Any]]:
        """Write a row for each helper."""
        told = one.proposal.place_prices or {}
        prices = {helper: price for helper, price in told.items() if math.isfinite(price)}
        shared = self.setting.shared
        return [
            {
                "proposal": one.id,
                "name": one.name[self.lang],
                "helper": row["id"],
                "helper_name": self.name(row),
                "kind": self._kind(row),
                "places": of.places[helper],
                "other_duties": float(self.setting.duties[helper]),
                "share": None if shared[helper] else self.quota[helper],
                "load": None if shared[helper] else of.loads[helper] * self.scale,
                "gross_load": None if shared[helper] else of.gross_loads[helper] * self.scale,
                "price": prices.get(row["id"]),
                "confirmed": is_confirmed(row),
            }
            for helper, row in enumerate(self.setting.helpers)
            if row["at_most"] != 0 or of.places[helper]
        ]

    def pair(self, one: Scenario, reason: Reason) -> dict[str, Any]:
        """Write one pair."""
        problem = one.proposal.problem
        recipient, helper = int(problem.row[reason.edge]), int(problem.column[reason.edge])
        row, place = self.setting.helpers[helper], self.setting.recipients(one.grain)[recipient]
        kinds = self._kinds(row, place)
        targets = [self.scheme.kinds[kind].target for kind in kinds]
        return self._who(one, recipient, helper) | {
            "unit_name": self.name(self._unit(one, recipient)),
            "kind": kind_words(kinds, self.scheme, self.lang),
            "priority": place.get("priority"),
            "places": float(problem.places[recipient] / problem.need[recipient]),
            "km": self._at(one, self.setting.km, recipient, helper),
            "status": "kept" if problem.present[reason.edge] else "new",
            "exit_year": place.get("exit_year"),
            "needed_from": place.get("needed_from"),
            "available_from": row["available_from"],
            "mutual": self.scheme.mutual,
            "target": " ".join(target[self.lang] for target in targets if target),
        }

    def reason(self, one: Scenario, reason: Reason) -> dict[str, Any]:
        """Write the reason of one pair."""
        problem = one.proposal.problem
        recipient, helper = int(problem.row[reason.edge]), int(problem.column[reason.edge])
        of = {key: self._at(one, part, recipient, helper) for key, part in self.setting.parts.items()}
        runner_up = None if reason.runner_up is None else self.name(self.setting.helpers[reason.runner_up])
        rules = {part.id: part.rule for part in self.scheme.parts}
        kinds = self._kinds(self.setting.helpers[helper], self.setting.recipients(one.grain)[recipient])
        pair = Pair(
            km=self._at(one, self.setting.km, recipient, helper),
            held=frozenset(rules[key] for key, value in of.items() if value),
            kinds=kind_words(kinds, self.scheme, self.lang),
            is_forced=bool(problem.forced[reason.edge]),
            is_optimised=bool(one.proposal.steps),
            is_present=bool(problem.present[reason.edge]),
            runner_up=runner_up,
        )
        return self._who(one, recipient, helper) | {
            "score": self._at(one, self.setting.score, recipient, helper),
            **{key: self.setting.weights[key] * value for key, value in of.items()},
            "own_rank": reason.own_rank,
            "runner_up": runner_up,
            "gap": reason.gap,
            "price": reason.price if reason.price is not None and math.isfinite(reason.price) else None,
            "reason": sentence(reason, pair, lang=self.lang, persons=self.scheme.persons),
        }

    def _kind(self, row: Mapping[str, Any]) -> str:
        """Name the kinds in a row."""
        return kind_words(kinds_of(row.get("kind"), self.scheme), self.scheme, self.lang)

    def _kinds(self, helper: Mapping[str, Any], place: Mapping[str, Any]) -> list[str]:
        """Give the kinds that a helper and a recipient have in common."""
        both = self.setting.fit.get((helper["id"], place.get("recipient", place.get("id", ""))), frozenset())
        return [kind for kind in self.scheme.kinds if kind in both]

    def _unserved(self, one: Scenario) -> list[str]:
        """Name the recipients that have fewer helpers than they must."""
        problem = one.proposal.problem
        served = np.bincount(problem.row[one.proposal.chosen], minlength=len(problem.need))
        rows = self.setting.recipients(one.grain)
        return list(dict.fromkeys(self.name(rows[at]) for at in np.flatnonzero(served < problem.need_min)))

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
            "confirmed": is_confirmed(row) and found,
        }


def is_confirmed(row: Mapping[str, Any]) -> bool | None:
    """Whether a helper's figures were found in a text; None where they are made up for an example."""
    grade = row["source_grade"]
    return None if grade == "synthetic" else grade != "unconfirmed"
