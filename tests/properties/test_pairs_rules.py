"""Rules, least needs and priorities against brute force over all choices of pairs."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest

from jiedui.errors import InfeasibleError, InputError
from jiedui.pairs import Proposal, make_problem, propose
from jiedui.pairs.choice import LinearProgram
from jiedui.pairs.nested import nest
from jiedui.pairs.problem import Problem
from jiedui.pairs.rules import Apart, Budget, Quota, Rule, SomeOrNone, limits_of

CASES = 120
"""Random cases for each test: a few seconds in all."""
Pair = tuple[str, str]
"""Recipient, helper."""


@dataclass(frozen=True)
class Case:
    """A small pairing of single places, and its rules."""

    pairs: list[Pair]
    score: list[float]
    need: dict[str, int]
    need_min: dict[str, int]
    priority: dict[str, int]
    quota: dict[str, int]
    forced: list[Pair]
    rules: list[Rule]

    def problem(self) -> Problem:
        recipients = list(self.need)
        return make_problem(
            pa.table({"id": list(self.quota), "capacity": [1.0] * len(self.quota)}),
            pa.table(
                {
                    "id": recipients,
                    "need": list(self.need.values()),
                    "places": list(self.need.values()),
                    "need_min": [self.need_min[one] for one in recipients],
                    "priority": [self.priority[one] for one in recipients],
                }
            ),
            _table(self.pairs).append_column("score", pa.array(self.score)),
            decided=_table(self.forced).append_column(
                "kind", pa.array(["forced"] * len(self.forced), pa.string())
            ),
        )

    def choices(self) -> Iterator[frozenset[Pair]]:
        for flags in itertools.product([False, True], repeat=len(self.pairs)):
            chosen = frozenset(itertools.compress(self.pairs, flags))
            if self.keeps(chosen):
                yield chosen

    def keeps(self, chosen: frozenset[Pair]) -> bool:
        decided = frozenset(self.forced)
        served = {one: sum(recipient == one for recipient, _ in chosen) for one in self.need}
        carried = {one: sum(helper == one for _, helper in chosen) for one in self.quota}
        bound = {one: sum(helper == one for _, helper in decided) for one in self.quota}
        return (
            decided <= chosen
            and all(served[one] <= need for one, need in self.need.items())
            and all(carried[one] <= max(most, bound[one]) for one, most in self.quota.items())
            and all(_keeps(rule, chosen) for rule in self.rules)
        )

    def worth(self, chosen: frozenset[Pair], *, floor: bool = False) -> tuple[float, ...]:
        """Give what is to be least: who lacks help, the urgent first; the worst score; the total."""
        score = dict(zip(self.pairs, self.score, strict=True))
        lacking = [
            sum(
                max(0, least - sum(recipient == one for recipient, _ in chosen))
                for one, least in self.need_min.items()
                if self.priority[one] == rank
            )
            for rank in (1, 2)
        ]
        highest = max(self.score)
        worst = -min((score[pair] for pair in chosen - set(self.forced)), default=highest) if floor else 0.0
        return (*lacking, worst, -round(sum(score[pair] for pair in chosen), 6))


def _keeps(rule: Rule, chosen: frozenset[Pair]) -> bool:
    if isinstance(rule, Quota):
        count = sum(
            (rule.helpers is None or helper in rule.helpers)
            and (rule.recipients is None or recipient in rule.recipients)
            for recipient, helper in chosen
        )
        return rule.at_least <= count and (rule.at_most is None or count <= rule.at_most)
    if isinstance(rule, Apart):
        return sum((recipient, helper) in chosen for helper, recipient in rule.pairs) <= 1
    if isinstance(rule, Budget):
        spent = sum(rule.amounts.get((helper, recipient), 0) for recipient, helper in chosen)
        return spent <= rule.limit + 1e-9
    counts = [sum(helper == one for _, helper in chosen) for one in rule.helpers]
    return all(count == 0 or count >= rule.at_least for count in counts)


def _table(pairs: list[Pair]) -> pa.Table:
    return pa.table(
        {
            "recipient": pa.array([recipient for recipient, _ in pairs], pa.string()),
            "helper": pa.array([helper for _, helper in pairs], pa.string()),
        }
    )


def _chosen(proposal: Proposal) -> frozenset[Pair]:
    rows = proposal.pairs.to_pylist()
    return frozenset((row["recipient"], row["helper"]) for row in rows)


def draw_case(random: np.random.Generator, kinds: tuple[str, ...]) -> Case:
    recipients = [f"r{place}" for place in range(random.integers(1, 5))]
    helpers = [f"h{place}" for place in range(random.integers(1, 4))]
    every = list(itertools.product(recipients, helpers))
    count = int(random.integers(1, min(9, len(every)) + 1))
    pairs = [every[place] for place in np.sort(random.choice(len(every), count, replace=False))]
    need = {one: int(random.integers(1, 3)) for one in recipients}
    least = {one: int(random.integers(0, most + 1)) for one, most in need.items()}
    return Case(
        pairs=pairs,
        score=(random.integers(0, 6, count) / 5).tolist(),
        need=need,
        need_min=least if random.random() < 0.5 else need,
        priority={one: int(random.integers(1, 3)) for one in recipients},
        quota={one: int(random.integers(0, 4)) for one in helpers},
        forced=[pair for pair in pairs[:1] if random.random() < 0.2],
        rules=[_rule(random, kind, pairs, helpers, recipients) for kind in kinds],
    )


def _rule(  # noqa: PLR0911 - one return for each kind
    random: np.random.Generator, kind: str, pairs: list[Pair], helpers: list[str], recipients: list[str]
) -> Rule:
    own = [one for one in helpers if random.random() < 0.6]
    theirs = [one for one in recipients if random.random() < 0.6]
    turned = [(helper, recipient) for recipient, helper in pairs if random.random() < 0.5]
    if kind == "quota":
        return Quota(own, theirs, at_most=int(random.integers(0, 3)))
    if kind == "least":
        return Quota(own, None, at_least=int(random.integers(0, 3)))
    if kind == "inside":
        inside = (own, recipients[:1]) if random.random() < 0.3 else (helpers[:1], theirs)
        return Quota(*inside, at_most=int(random.integers(0, 3)))
    if kind == "around":
        mine = random.random() < 0.5
        return Quota(own if mine else None, None if mine else theirs, at_most=int(random.integers(0, 4)))
    if kind == "apart":
        return Apart(turned)
    if kind == "budget":
        return Budget(
            {pair: float(random.integers(0, 5)) / 2 for pair in turned}, float(random.integers(0, 4))
        )
    return SomeOrNone(own, int(random.integers(1, 4)))


KINDS = [
    (),
    ("quota",),
    ("quota", "quota"),
    ("inside", "inside", "inside"),
    ("inside", "around"),
    ("least",),
    ("apart",),
    ("budget",),
    ("some",),
    ("quota", "some", "budget"),
]


@pytest.mark.parametrize("kinds", KINDS, ids="-".join)
def test_proposals_under_rules_equal_brute_force(kinds: tuple[str, ...]) -> None:
    random = np.random.default_rng(len("".join(kinds)))
    for _ in range(CASES):
        check_rules(random, kinds)


def check_rules(random: np.random.Generator, kinds: tuple[str, ...]) -> None:
    """Compare one random case with the best of all choices, or expect what is unmet to be named."""
    case, floor = draw_case(random, kinds), bool(random.integers(2))
    objective = ("coverage", "floor", "total") if floor else ("coverage", "total")
    best = min((case.worth(chosen, floor=floor) for chosen in case.choices()), default=None)
    if best is None:
        with pytest.raises(InfeasibleError) as error:
            propose(case.problem(), objective=objective, quota=case.quota, rules=case.rules)
        assert error.value.findings
        return
    proposal = propose(case.problem(), objective=objective, quota=case.quota, rules=case.rules)
    assert case.keeps(_chosen(proposal))
    assert case.worth(_chosen(proposal), floor=floor) == best
    assert not proposal.faults()


@pytest.mark.parametrize("crossing", [False, True])
def test_quotas_on_many_recipients_are_proved_by_prices(*, crossing: bool) -> None:
    random = np.random.default_rng(5)
    helpers, recipients = [f"h{one:02}" for one in range(60)], [f"r{one:03}" for one in range(600)]
    pairs = [(r, helpers[h]) for r in recipients for h in np.sort(random.choice(60, 10, replace=False))]
    problem = make_problem(
        pa.table({"id": helpers, "capacity": [1.0] * 60}),
        pa.table({"id": recipients}),
        _table(pairs).append_column("score", pa.array(random.integers(0, 200, len(pairs)) / 200)),
    )
    provinces = [helpers[first : first + 6] for first in range(0, 60, 6)]
    counties = [recipients[first : first + 60] for first in range(0, 600, 60)]
    rules: list[Rule] = [Quota(province, None, at_most=62) for province in provinces]
    rules += [Quota([helper], counties[place % 10], at_most=2) for place, helper in enumerate(helpers)]
    rules += [
        Quota(province, county, at_most=9) for province, county in zip(provinces, counties, strict=True)
    ] * crossing
    limits = limits_of(problem, rules)
    quota = dict.fromkeys(helpers, 11)
    proposal = propose(problem, objective=("coverage", "total"), quota=quota, rules=rules)
    instance = proposal.steps[-1].instance
    assert limits is not None
    assert (limits.sums(proposal.chosen) <= limits.most).all()
    assert proposal.proof == "prices"
    assert not proposal.faults()
    assert (nest(instance) is None) == crossing
    if not crossing:
        program = LinearProgram(instance)
        assert program.solve()
        assert round(program.highs.getInfo().objective_function_value) == proposal.steps[-1].certificate.value


@pytest.mark.parametrize("kind", ["budget", "some", "apart"])
def test_small_cases_under_rules_are_proved_without_the_solvers_word(kind: str) -> None:
    random = np.random.default_rng(17)
    for _ in range(CASES // 2):
        case = draw_case(random, (kind,))
        with contextlib.suppress(InfeasibleError):
            rules = propose(
                case.problem(), objective=("coverage", "total"), quota=case.quota, rules=case.rules
            )
            assert rules.proof in ("prices", "tree")


def test_the_stricter_of_two_rules_holds_and_numbers_that_are_none_are_refused() -> None:
    problem = make_problem(
        pa.table({"id": ["g", "h"], "capacity": [1.0, 1.0]}),
        pa.table({"id": ["r", "s", "t"]}),
        _table([(r, h) for r in "rst" for h in "gh"]).append_column("score", pa.array([0.9, 0.1] * 3)),
    )
    quota = {"g": 2, "h": 3}
    for least in ([3, 2], [2, 3]):
        rules = [SomeOrNone(["g"], one) for one in least]
        chosen = _chosen(propose(problem, objective=("coverage", "total"), quota=quota, rules=rules))
        assert {helper for _, helper in chosen} == {"h"}
    for wrong in (
        Quota(["g"], at_least=1.5),  # type: ignore[arg-type]
        Quota(["g"], at_most=10**19),
        SomeOrNone(["g"], float("nan")),  # type: ignore[arg-type]
        Budget({("g", "r"): 1e300}, 1.0),
        Budget({("g", "r"): "x"}, 1.0),  # type: ignore[dict-item]
        "quota",
    ):
        with pytest.raises(InputError, match=r"pairs\.rule_number"):
            propose(problem, quota=quota, rules=[wrong])  # type: ignore[list-item]
