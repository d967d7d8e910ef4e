"""The pieces of a proposal: shares, certificates, other solvers' answers, checks at the door."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given as random_case
from hypothesis import strategies as st
from tests.solvers import least_cost_by_cp_sat

from jiedui.errors import InfeasibleError, InputError
from jiedui.pairs import least_moves, make_problem, propose, shares
from jiedui.pairs.certificate import Node, prove, verify
from jiedui.pairs.choice import choose
from jiedui.pairs.flow import flow, flow_prices
from jiedui.pairs.instance import Instance
from jiedui.pairs.problem import Problem
from jiedui.pairs.proof import prove_at_least


def random_problem(*, recipients: int, helpers: int, seed: int, whole_units: bool = False) -> Problem:
    """Make a problem with every pair a candidate."""
    draw = np.random.default_rng(seed)
    ids, names = [f"r{row:03}" for row in range(recipients)], [f"h{column:02}" for column in range(helpers)]
    sizes = draw.integers(1, 9, recipients) if whole_units else np.ones(recipients, int)
    return make_problem(
        pa.table({"id": names, "capacity": draw.integers(1, 50, helpers).astype(float)}),
        pa.table({"id": ids, "places": sizes, "need": np.ones(recipients, int)}),
        pa.table(
            {
                "recipient": np.repeat(ids, helpers).tolist(),
                "helper": names * recipients,
                "score": draw.random(recipients * helpers).round(4),
            }
        ),
        present=pa.table({"recipient": ids, "helper": draw.choice(names, recipients).tolist()}),
    )


def last_instance(problem: Problem, **wishes: object) -> Instance:
    return propose(problem, **wishes).steps[-1].instance  # type: ignore[arg-type]


@random_case(
    total=st.integers(0, 60),
    weights=st.lists(st.integers(1, 1000), min_size=1, max_size=8),
    duties=st.lists(st.integers(0, 20), min_size=8, max_size=8),
)
def test_shares_sum_to_the_whole_and_stay_within_one_of_proportion(
    total: int, weights: list[int], duties: list[int]
) -> None:
    whole = shares(total, [Fraction(w) for w in weights], [Fraction(0)] * len(weights))
    assert sum(whole) == total
    assert all(
        abs(part - Fraction(total * w, sum(weights))) < 1 for part, w in zip(whole, weights, strict=True)
    )
    burdened = shares(total, [Fraction(w) for w in weights], [Fraction(d) for d in duties[: len(weights)]])
    assert sum(burdened) == total
    assert min(burdened) >= 0


def test_shares_are_those_of_hamilton() -> None:
    """The textbook case of Balinski and Young (1982): six states, 36 seats."""
    votes = [27744, 25178, 19951, 14610, 9225, 3292]
    assert shares(36, [Fraction(v) for v in votes], [Fraction(0)] * 6) == [10, 9, 7, 5, 4, 1]


@pytest.mark.parametrize("seed", range(3))
def test_two_solvers_agree_on_single_places(seed: int) -> None:
    problem = random_problem(recipients=120, helpers=9, seed=seed)
    quota = dict(zip(problem.helper_ids, shares(120, problem.strength, problem.duties), strict=True))
    instance = last_instance(problem, objective=("coverage", "total"), quota=quota)
    assert instance.value(flow(instance)) == instance.value(choose(instance))


@pytest.mark.parametrize("seed", range(3))
def test_two_solvers_agree_on_whole_units_with_a_limit_of_moves(seed: int) -> None:
    problem = random_problem(recipients=14, helpers=5, seed=seed, whole_units=True)
    instance = last_instance(problem, objective=("coverage", "load", "total"), max_moves=6)
    assert least_cost_by_cp_sat(instance) == instance.value(choose(instance))


def test_prices_are_what_one_more_place_is_worth() -> None:
    problem = random_problem(recipients=40, helpers=5, seed=5)
    quota = dict(zip(problem.helper_ids, shares(40, problem.strength, problem.duties), strict=True))
    instance = last_instance(problem, objective=("coverage", "total"), quota=quota)
    chosen = flow(instance)
    prices = flow_prices(instance, chosen)
    for helper in range(5):
        more = replace(instance, capacity=instance.capacity + (np.arange(5) == helper))
        assert instance.value(chosen) - more.value(flow(more)) == prices[helper]


def test_a_certificate_with_other_prices_or_a_missing_half_is_not_believed() -> None:
    problem = random_problem(recipients=12, helpers=4, seed=1, whole_units=True)
    proposal = propose(problem, objective=("coverage", "load", "total"), max_moves=4)
    step = proposal.steps[-1]
    instance, certificate = step.instance, step.certificate
    assert verify(instance, proposal.chosen[proposal.open_edges], certificate) == []
    free = replace(certificate, nodes=(Node((0,) * len(certificate.nodes[0].prices)),))
    assert "bound" in verify(instance, proposal.chosen[proposal.open_edges], free)
    lower = replace(certificate, value=certificate.value - 1, bound=certificate.value - 1)
    assert "value" in verify(instance, proposal.chosen[proposal.open_edges], lower)
    if certificate.proof == "tree":
        with pytest.raises(ValueError, match="missing"):
            prove(instance, certificate.nodes[:-1], target=certificate.value)


def test_a_price_below_zero_proves_nothing_in_any_step() -> None:
    problem = random_problem(recipients=30, helpers=4, seed=8)
    proposal = propose(problem, objective=("coverage", "load", "total"), max_moves=6)
    assert proposal.faults() == []
    for place, step in enumerate(proposal.steps):
        prices = (*step.certificate.nodes[0].prices[:-1], -(10**9))
        value = step.certificate.value + (5 if step.objective != "total" else 0)
        false = replace(step.certificate, value=value, bound=value, nodes=(Node(prices),))
        steps = [*proposal.steps]
        steps[place] = replace(step, certificate=false)
        assert f"{step.objective}: bound" in replace(proposal, steps=tuple(steps)).faults()


def test_prices_are_told_only_where_they_prove_the_optimum() -> None:
    single = random_problem(recipients=40, helpers=4, seed=9)
    quota = dict(zip(single.helper_ids, shares(40, single.strength, single.duties), strict=True))
    assert propose(single, objective=("coverage", "total"), quota=quota).place_prices is not None
    units = random_problem(recipients=12, helpers=4, seed=1, whole_units=True)
    proposal = propose(units, objective=("coverage", "load", "total"), max_moves=4)
    assert (proposal.proof == "prices") == (proposal.place_prices is not None)


def test_no_bound_is_proved_above_the_optimum() -> None:
    problem = random_problem(recipients=10, helpers=4, seed=3, whole_units=True)
    instance = last_instance(problem, objective=("coverage", "load", "total"))
    best = instance.value(choose(instance))
    certificate = prove_at_least(instance, best + 1)
    assert prove(instance, certificate.nodes, target=best + 1) <= best


def test_a_bonus_for_staying_keeps_more_pairs() -> None:
    problem = random_problem(recipients=60, helpers=6, seed=2)
    quota = dict(zip(problem.helper_ids, shares(60, problem.strength, problem.duties), strict=True))
    moves = [
        propose(problem, objective=("coverage", "total"), quota=quota, stay=stay).moves
        for stay in (0.0, 0.2, 0.9)
    ]
    assert moves == sorted(moves, reverse=True)
    assert moves[0] > moves[-1] >= least_moves(problem, quota=quota)


def test_what_cannot_be_served_is_said_not_hidden() -> None:
    problem = random_problem(recipients=10, helpers=2, seed=4)
    proposal = propose(problem, objective=("coverage", "total"), quota={"h00": 3, "h01": 4})
    assert proposal.unserved == 3
    assert proposal.faults() == []
    fewest = least_moves(problem, quota={"h00": 3, "h01": 4})
    limited = propose(problem, objective=("coverage", "total"), quota={"h00": 3, "h01": 4}, max_moves=fewest)
    assert (limited.unserved, limited.moves) == (3, fewest)


TABLES: dict[str, dict[str, list[Any]]] = {
    "helpers": {"id": ["a", "b"], "capacity": [1.0, 2.0]},
    "recipients": {"id": ["r", "s"]},
    "candidates": {"recipient": ["r", "s"], "helper": ["a", "b"], "score": [0.5, 0.6]},
    "decided": {"recipient": ["r"], "helper": ["a"], "kind": ["forced"]},
}


@pytest.mark.parametrize(
    ("rule", "table", "change"),
    [
        ("pairs.score", "candidates", {"score": [float("nan"), 0.5]}),
        ("pairs.score", "candidates", {"score": [-0.1, 0.5]}),
        ("pairs.capacity", "helpers", {"capacity": [0.0, 1.0]}),
        ("pairs.capacity", "helpers", {"capacity": [float("inf"), 1.0]}),
        ("pairs.duties", "helpers", {"duties": [-1.0, 0.0]}),
        ("pairs.places", "recipients", {"places": [0, 1]}),
        ("pairs.need", "recipients", {"need": [1, 0]}),
        ("pairs.duplicate", "helpers", {"id": ["a", "a"]}),
        ("pairs.unknown_id", "candidates", {"helper": ["a", "z"]}),
        ("pairs.decided_kind", "decided", {"kind": ["wished"]}),
        ("pairs.locked_absent", "decided", {"kind": ["locked"]}),
        ("pairs.forced_no_candidate", "decided", {"helper": ["b"]}),
        ("pairs.no_rows", "recipients", {"id": []}),
    ],
)
def test_tables_that_are_no_problem_are_refused_at_the_door(
    rule: str, table: str, change: dict[str, list[Any]]
) -> None:
    tables = {
        name: pa.table({**columns, **(change if name == table else {})}) for name, columns in TABLES.items()
    }
    with pytest.raises(InputError, match=rule):
        make_problem(tables["helpers"], tables["recipients"], tables["candidates"], decided=tables["decided"])


def test_more_forced_helpers_than_a_recipient_needs_are_refused() -> None:
    tables = {name: pa.table(columns) for name, columns in TABLES.items()}
    candidates = pa.table({"recipient": ["r", "r"], "helper": ["a", "b"], "score": [0.5, 0.6]})
    decided = pa.table({"recipient": ["r", "r"], "helper": ["a", "b"], "kind": ["forced", "forced"]})
    with pytest.raises(InputError, match=r"pairs\.forced_many"):
        make_problem(tables["helpers"], tables["recipients"], candidates, decided=decided)


@pytest.mark.parametrize(
    "objective", [("total",), ("load", "total"), ("coverage",), ("coverage", "speed", "total")]
)
def test_an_objective_that_cannot_be_followed_is_refused(objective: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match=r"pairs\.objective"):
        propose(random_problem(recipients=3, helpers=2, seed=0), objective=objective)


def test_numbers_beyond_exact_arithmetic_are_refused_not_wrapped() -> None:
    tables = {name: pa.table(columns) for name, columns in TABLES.items()}
    vast = pa.table({"id": ["r", "s"], "places": [10**6, 10**6 - 1]})
    problem = make_problem(tables["helpers"], vast, tables["candidates"])
    with pytest.raises(InputError, match=r"pairs\.too_large"):
        propose(problem, objective=("coverage", "total"))


def test_too_few_moves_are_an_answer() -> None:
    problem = random_problem(recipients=20, helpers=3, seed=6)
    quota = dict(zip(problem.helper_ids, shares(20, problem.strength, problem.duties), strict=True))
    least = least_moves(problem, quota=quota)
    assert least
    with pytest.raises(InfeasibleError, match=str(least)):
        propose(problem, objective=("coverage", "total"), quota=quota, max_moves=least - 1)
    assert propose(problem, objective=("coverage", "total"), quota=quota, max_moves=least).moves == least
