"""The ways of pairing that a programme asks for, solved one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs import given, least_moves, propose, shares
from jiedui.pairs.contiguous import propose_contiguous
from jiedui.pairs.rules import Quota
from jiedui.programmes.composition import held_on
from jiedui.programmes.decisions import decisions
from jiedui.programmes.records import Scenario
from jiedui.programmes.ruling import rules_of

if TYPE_CHECKING:
    from jiedui.pairs import Problem, Proposal
    from jiedui.programmes.programme import Ask, Programme
    from jiedui.programmes.setting import Flags, Setting
    from jiedui.schemes import CapacityRule, Scheme


def solve_asks(
    programme: Programme, setting: Setting, *, on_step: Callable[[str], None]
) -> tuple[Scenario, ...]:
    """Solve every way of pairing in the programme's order; `on_step` hears the id of each beforehand."""
    scenarios = []
    for ask in programme.asks:
        on_step(ask.id)
        rule = programme.scheme.capacity.get(ask.capacity)
        if ask.method == "optimum" and rule:
            problem = setting.problem(ask.grain, decided=decisions(setting, ask.grain))
            proposal = _best(problem, setting, ask=ask, rule=rule)
        else:
            proposal = _taken(setting, ask, on=programme.round)
        name = {lang: word.replace("{moves}", str(proposal.moves)) for lang, word in ask.name.items()}
        scenarios.append(Scenario(ask.id, name, ask.grain, proposal))
    return tuple(scenarios)


def places_of(setting: Setting, scheme: Scheme) -> tuple[int, ...]:
    """Give the places each helper would take by strength, or else may take at most.

    A shared offer, and a helper that takes no part in this round, has no share; an offer without a limit may
    take every place.
    """
    least = [rule.least for rule in scheme.capacity.values() if rule.limit == "share"]
    return _shares(setting, least[0]) if least else _own(setting)


def _shares(setting: Setting, least: int) -> tuple[int, ...]:
    """Divide the places in proportion to strength; whoever takes part may take the least in any case."""
    takes_part = setting.active & ~setting.shared
    strength = [
        weight if takes else Fraction(0) for weight, takes in zip(setting.strength, takes_part, strict=True)
    ]
    parts = shares(int(setting.wanted.sum()), strength, setting.duties)
    return tuple(max(part, least if takes else 0) for part, takes in zip(parts, takes_part, strict=True))


def _own(setting: Setting) -> tuple[int, ...]:
    """Give the most places each helper offers to take."""
    every = len(setting.places)
    return tuple(every if row["at_most"] is None else row["at_most"] for row in setting.helpers)


def _best(problem: Problem, setting: Setting, *, ask: Ask, rule: CapacityRule) -> Proposal:
    """Find the best pairs under a capacity rule."""
    quota, least = _quota(setting, rule), _least(setting, rule)
    rules = list(rules_of(setting, ask.grain))
    if rule.contiguous:
        return propose_contiguous(
            problem,
            setting.neighbours(),
            quota=quota or dict.fromkeys(problem.helper_ids, len(setting.places)),
            blocks=rule.contiguous,
            least=least,
        )
    is_plain = ask.max_moves is None and not rules and len(np.unique(problem.weight)) == 1
    if not is_plain:
        rules += [Quota(helpers=[one], at_least=count) for one, count in least.items()]
    moves = ask.max_moves
    if moves == "least":
        moves = least_moves(problem, quota=quota or {}, rules=rules)
    return propose(
        problem,
        objective=rule.objective,
        quota=quota,
        max_moves=moves,
        stay=ask.stay,
        least=least if is_plain else None,
        rules=rules,
    )


def _quota(setting: Setting, rule: CapacityRule) -> Mapping[str, int] | None:
    """Give the most places each helper may take under a rule; None where only loads hold helpers back."""
    if not rule.is_hard:
        return None
    every = len(setting.places)
    if rule.limit == "share":
        found = tuple(part + rule.beyond for part in _shares(setting, rule.least))
    else:
        found = _own(setting) if rule.limit == "own" else (every,) * len(setting.helpers)
    most = every if rule.most is None else rule.most
    return {row["id"]: min(count, most) for row, count in zip(setting.helpers, found, strict=True)}


def _least(setting: Setting, rule: CapacityRule) -> dict[str, int]:
    """Give the places helpers shall take at least."""
    found = {
        row["id"]: max(rule.least if takes else 0, (row["at_least"] or 0) if rule.limit == "own" else 0)
        for row, takes in zip(setting.helpers, setting.active & ~setting.shared, strict=True)
    }
    return {helper: count for helper, count in found.items() if count}


def _taken(setting: Setting, ask: Ask, *, on: str) -> Proposal:
    """Take pairs as they are: the present, another list, or the nearest."""
    if ask.method == "nearest":
        problem = setting.problem(ask.grain)
        return given(problem, _nearest(setting, ask, problem))
    held = setting.present
    if ask.method == "listed":
        held = held_on(
            ask.on or on,
            pairings=setting.pairings,
            helpers=setting.helpers,
            units=setting.units,
            unit_of=setting.unit_of,
        )
    chosen = setting.by(ask.grain, held.astype(float)) > 0
    return given(setting.problem(ask.grain, also=held), _named(setting, ask, chosen))


def _nearest(setting: Setting, ask: Ask, problem: Problem) -> list[tuple[str, str]]:
    """Give each recipient the nearest of its candidates, as many as it wants, whatever they can carry."""
    km = np.full((len(problem.need), len(setting.helpers)), np.inf)
    km[problem.row, problem.column] = setting.by(ask.grain, setting.km)[problem.row, problem.column]
    rank = km.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    return _named(setting, ask, (rank < problem.need[:, None]) & np.isfinite(km))


def _named(setting: Setting, ask: Ask, chosen: Flags) -> list[tuple[str, str]]:
    """Turn marked pairs into ids."""
    ids = setting.ids(ask.grain)
    return [(ids[row], setting.helpers[column]["id"]) for row, column in np.argwhere(chosen)]
