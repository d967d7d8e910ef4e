"""The ways of pairing that a programme asks for, solved one after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs import given, least_moves, propose
from jiedui.programmes.records import Scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiedui.programmes.programme import Ask, Programme
    from jiedui.programmes.setting import Setting


def solve_asks(
    programme: Programme, setting: Setting, *, quota: Sequence[int], on_step: Callable[[str], None]
) -> tuple[Scenario, ...]:
    """Solve every way of pairing in the programme's order; `on_step` hears the id of each beforehand."""
    problems = {grain: setting.problem(grain) for grain in {ask.grain for ask in programme.asks}}
    shares = dict(zip((row["id"] for row in setting.helpers), quota, strict=True))
    scenarios = []
    for ask in programme.asks:
        on_step(ask.id)
        rule = programme.scheme.capacity.get(ask.capacity)
        if ask.method == "optimum" and rule:
            problem = problems[ask.grain]
            moves = least_moves(problem, quota=shares) if ask.max_moves == "least" else ask.max_moves
            limit = shares if rule.hard else None
            proposal = propose(problem, objective=rule.objective, quota=limit, max_moves=moves)
        else:
            pairs = _present(setting, ask) if ask.method == "present" else _nearest(setting, ask)
            proposal = given(setting.problem(ask.grain, bound=False), pairs)
        name = {lang: word.replace("{moves}", str(proposal.moves)) for lang, word in ask.name.items()}
        scenarios.append(Scenario(ask.id, name, ask.grain, proposal))
    return tuple(scenarios)


def _present(setting: Setting, ask: Ask) -> list[tuple[str, str]]:
    """List the present pairs (recipient, helper)."""
    present = setting.by(ask.grain, setting.present.astype(float)) > 0
    return _named(setting, ask, [(int(row), int(column)) for row, column in np.argwhere(present)])


def _nearest(setting: Setting, ask: Ask) -> list[tuple[str, str]]:
    """Give each recipient the helpers nearest to it, as many as it has now, whatever they can carry."""
    km = setting.by(ask.grain, setting.km)
    need = setting.need if ask.grain == "units" else np.ones(len(km), int)
    order = np.argsort(km, axis=1, kind="stable")
    nearest = [(row, int(column)) for row, count in enumerate(need) for column in order[row, :count]]
    return _named(setting, ask, nearest)


def _named(setting: Setting, ask: Ask, pairs: Sequence[tuple[int, int]]) -> list[tuple[str, str]]:
    """Turn positions into ids."""
    ids = setting.ids(ask.grain)
    return [(ids[row], setting.helpers[column]["id"]) for row, column in pairs]
