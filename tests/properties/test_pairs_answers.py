"""Answers about a proposal against the list of all choices."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests.cases import NONE, UNIT, Case, bound_of, draw_case

from jiedui.errors import InputError
from jiedui.pairs import given, make_problem, propose
from jiedui.pairs.answers import Answers
from jiedui.pairs.answers.replies import Change, Outcome

CASES = 150
PLAIN = ("coverage", "total")


def asked(random: np.random.Generator, *, stay: int = 0) -> tuple[Case, Answers, np.ndarray]:
    """Draw a case and give it with its answers and all its choices."""
    case = draw_case(random, optional=True)
    proposal = propose(case.problem(), objective=PLAIN, quota=case.places, stay=stay / UNIT)
    assert proposal.faults() == []
    assert len(set(bound_of(proposal))) == 1
    return case, Answers(proposal), case.choices()


def open_pairs(case: Case) -> list[tuple[str, str]]:
    return sorted(pair for pair in set(case.score) - case.forbidden if pair[0] not in case.forced)


def after(case: Case, answers: Answers, outcome: Outcome) -> tuple[int, ...]:
    """Carry out the changes of an outcome on the proposal."""
    goes = {change.recipient: change.after for change in outcome.changes}
    taken = dict(zip(case.recipients, case.taken(answers.proposal), strict=True))
    assert all(
        change.before == (case.helpers[taken[change.recipient]] if taken[change.recipient] != NONE else None)
        for change in outcome.changes
    )
    for name, helper in goes.items():
        taken[name] = NONE if helper is None else case.helpers.index(helper)
    return tuple(taken.values())


def check(case: Case, answers: Answers, *, outcome: Outcome, best: np.ndarray, stay: int = 0) -> None:
    """Hold an outcome against the best choices of the changed case."""
    assert outcome.possible
    assert outcome.faults() == []
    before = np.array([case.taken(answers.proposal)])
    now = after(case, answers, outcome)
    assert now in {tuple(choice) for choice in best.tolist()}
    assert outcome.unserved == (case.lacking(best[:1]) - case.lacking(before))[0]
    loss = (case.total(before) - case.total(np.array([now])))[0]
    assert outcome.loss == pytest.approx(loss / UNIT, abs=1e-9)
    if not stay:
        assert loss == (case.total(before) - case.total(best[:1]))[0]


@pytest.mark.parametrize("stay", [0, 300_000])
def test_why_not_costs_what_the_best_choice_with_the_pair_costs(stay: int) -> None:
    random = np.random.default_rng(21 + stay)
    for _ in range(CASES):
        case, answers, choices = asked(random, stay=stay)
        for recipient, helper in open_pairs(case):
            with_pair = choices[:, case.recipients.index(recipient)] == case.helpers.index(helper)
            outcome = answers.why_not(helper, recipient)
            if not with_pair.any():
                assert not outcome.possible
                continue
            best = case.best(choices[with_pair], stay=stay)
            check(case, answers, outcome=outcome, best=best, stay=stay)
            check_chain(outcome.changes, recipient, helper)


def check_chain(changes: tuple[Change, ...], recipient: str, helper: str) -> None:
    """Expect the demanded pair first, then who gives way to the one before, or takes a place left."""
    if not changes:
        return
    assert (changes[0].recipient, changes[0].after) == (recipient, helper)
    left = {changes[0].before}
    for before, change in pairwise(changes):
        gives_way = change.before == before.after is not None
        assert gives_way or change.after in left
        left.add(change.before)


def test_what_if_equals_the_best_choice_of_the_changed_pairing() -> None:
    random = np.random.default_rng(22)
    for _ in range(CASES):
        case, answers, _ = asked(random)
        decided = set(case.forced.values())
        more = {name: int(random.integers(1, 3)) for name in case.helpers if random.random() < 1 / 3}
        gone = [name for name in case.helpers if random.random() < 1 / 4 and name not in decided]
        pairs = open_pairs(case)
        wanted = {}
        for place in random.permutation(len(pairs))[: int(random.integers(0, 3))]:
            wanted[pairs[place][0]] = pairs[place][1]
        outcome = answers.what_if(
            add_places=more, drop=gone, force=[(helper, recipient) for recipient, helper in wanted.items()]
        )
        kept = {name: list(case.forced.values()).count(name) for name in case.helpers}
        room = {
            name: kept[name] if name in gone else max(count, kept[name]) + more.get(name, 0)
            for name, count in case.places.items()
        }
        choices = case.choices(room)
        keeps = [
            choices[:, case.recipients.index(recipient)] == case.helpers.index(helper)
            for recipient, helper in wanted.items()
        ]
        choices = choices[np.all(keeps, axis=0)] if keeps else choices
        assert outcome.possible == bool(len(choices))
        if outcome.possible:
            check(case, answers, outcome=outcome, best=case.best(choices))


def test_worth_of_a_place_more_and_a_place_less_equals_solving_again() -> None:
    random = np.random.default_rng(23)
    for _ in range(CASES):
        case, answers, choices = asked(random)
        now = case.best(choices)[:1]
        decided = list(case.forced.values())
        for row in answers.worth().to_pylist():
            name = row["helper"]
            free = max(case.places[name], decided.count(name))
            room = {one: max(case.places[one], decided.count(one)) for one in case.helpers}
            more = case.best(case.choices({**room, name: free + 1}))[:1]
            gain = (case.total(more) - case.total(now))[0] / UNIT
            if (case.served(more) == case.served(now)).all():
                assert row["one_more"] == pytest.approx(gain, abs=1e-9)
            else:
                assert row["one_more"] == float("inf")
            if free == decided.count(name):
                assert row["one_less"] is None
                continue
            less = case.best(case.choices({**room, name: free - 1}))[:1]
            loss = (case.total(now) - case.total(less))[0] / UNIT
            if (case.served(less) == case.served(now)).all():
                assert row["one_less"] == pytest.approx(loss, abs=1e-9)
            else:
                assert row["one_less"] == float("inf")


@pytest.mark.parametrize("stay", [0, 300_000])
def test_firmness_is_how_far_a_score_may_fall_before_the_pair_changes(stay: int) -> None:
    random = np.random.default_rng(24 + stay)
    for _ in range(CASES):
        case, answers, choices = asked(random, stay=stay)
        best = case.best(choices, stay=stay)[:1]
        most = choices[case.served(choices) == case.served(best)]
        for row, (name, column) in enumerate(zip(case.recipients, case.taken(answers.proposal), strict=True)):
            others = most[most[:, row] != column]
            margin = answers.firmness(name)
            if column == NONE or name in case.forced or not len(others):
                assert margin == float("inf")
                continue
            assert margin == pytest.approx(
                (case.total(best, stay=stay)[0] - case.total(others, stay=stay).max()) / UNIT, abs=1e-9
            )


def test_a_pair_changes_when_its_score_falls_beyond_its_margin_and_not_before() -> None:
    random = np.random.default_rng(25)
    tried = 0
    for _ in range(CASES):
        case, answers, _ = asked(random)
        for pair in sorted(case.pairs(case.taken(answers.proposal))):
            margin = answers.firmness(pair[0]) * UNIT
            for fall, stays in ((margin - 1, True), (margin + 1, False)):
                if not 0 <= fall <= case.score[pair]:
                    continue
                lower = replace(case, score={**case.score, pair: case.score[pair] - round(fall)})
                made = propose(lower.problem(), objective=PLAIN, quota=case.places)
                assert (pair in lower.pairs(lower.taken(made))) == stays
                tried += 1
    assert tried > CASES


def test_an_explanation_ranks_prices_and_compares_truly() -> None:
    random = np.random.default_rng(26)
    for _ in range(CASES):
        case, answers, choices = asked(random)
        worth = {row["helper"]: row["one_more"] for row in answers.worth().to_pylist()}
        taken = case.taken(answers.proposal)
        most = choices[case.served(choices) == case.served(np.array([taken]))]
        for row, (name, column) in enumerate(zip(case.recipients, taken, strict=True)):
            told = answers.explain(name)
            own = {helper: case.score[name, helper] for r, helper in case.score if r == name}
            own = {helper: value for helper, value in own.items() if (name, helper) not in case.forbidden}
            assert told.helper == (None if column == NONE else case.helpers[column])
            assert told.decided == (name in case.forced)
            if told.helper:
                assert told.score == own[told.helper] / UNIT
                assert told.rank == 1 + sum(value > own[told.helper] for value in own.values())
                assert told.price == worth[told.helper]
            rivals = {} if told.decided else {helper: own[helper] for helper in own if helper != told.helper}
            assert {rival.helper: round(rival.score * UNIT) for rival in told.rivals} == rivals
            for rival in told.rivals:
                rival_column = case.helpers.index(rival.helper)
                assert rival.full == (taken.count(rival_column) >= case.places[rival.helper])
                with_rival = most[most[:, row] == rival_column]
                if rival.loss_at_least is not None and len(with_rival):
                    loss = case.total(np.array([taken]))[0] - case.total(with_rival).max()
                    assert rival.loss_at_least <= loss / UNIT + 1e-9
                if rival.loss_at_least is None:
                    assert not len(with_rival)
            losses = [rival.loss_at_least for rival in told.rivals if rival.loss_at_least is not None]
            assert losses == sorted(losses)


FIXED = Case(
    places={"g": 1, "h": 1},
    recipients=("r", "s", "t"),
    score={("r", "g"): 900_000, ("r", "h"): 400_000, ("s", "g"): 700_000, ("t", "h"): 100_000},
    decided=frozenset({("t", "h", "forced")}),
)


@pytest.mark.parametrize(
    ("rule", "question"),
    [
        ("pairs.unknown_id", {"drop": ["x"]}),
        ("pairs.unknown_id", {"add_places": {"x": 1}}),
        ("pairs.unknown_id", {"force": [("g", "x")]}),
        ("pairs.unknown_id", {"force": [("x", "r")]}),
        ("pairs.not_open", {"force": [("h", "s")]}),
        ("pairs.not_open", {"force": [("h", "t")]}),
        ("pairs.duplicate", {"force": [("g", "r"), ("h", "r")]}),
        ("pairs.drop_decided", {"drop": ["h"]}),
        ("pairs.add_places", {"add_places": {"g": 0}}),
        ("pairs.add_places", {"add_places": {"g": -1}}),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_both_languages(
    rule: str, question: dict[str, Any]
) -> None:
    answers = Answers(propose(FIXED.problem(), objective=PLAIN, quota=FIXED.places))
    with pytest.raises(InputError) as refused:
        answers.what_if(**question)
    assert [one.rule for one in refused.value.findings] == [rule]
    assert all(one.zh and one.en and one.zh != one.en for one in refused.value.findings)


def test_only_an_optimum_proved_by_prices_can_be_questioned() -> None:
    problem = FIXED.problem()
    for proposal in (
        given(problem, [("r", "g")]),
        propose(problem, objective=("coverage", "leximin(0.1)", "total"), quota=FIXED.places),
    ):
        with pytest.raises(InputError, match=r"pairs\.no_answers"):
            Answers(proposal)


def test_a_recipient_of_several_places_counts_as_one_pair() -> None:
    problem = make_problem(
        pa.table({"id": ["g", "h"], "capacity": [1.0, 1.0]}),
        pa.table({"id": ["r", "s"], "places": [3, 3]}),
        pa.table({"recipient": ["r", "r", "s"], "helper": ["g", "h", "g"], "score": [0.9, 0.2, 0.6]}),
    )
    answers = Answers(propose(problem, objective=PLAIN, quota={"g": 3, "h": 3}))
    assert answers.what_if(add_places={"g": 3}).loss == pytest.approx(0.2 - 0.9)
    with pytest.raises(InputError, match=r"pairs\.add_places"):
        answers.what_if(add_places={"g": 1})


def test_beside_a_decided_helper_the_chosen_one_is_explained() -> None:
    problem = make_problem(
        pa.table({"id": ["f", "g", "h"], "capacity": [1.0, 1.0, 1.0]}),
        pa.table({"id": ["r"], "need": [2]}),
        pa.table({"recipient": ["r"] * 3, "helper": ["f", "g", "h"], "score": [0.1, 0.9, 0.6]}),
        decided=pa.table({"recipient": ["r"], "helper": ["f"], "kind": ["forced"]}),
    )
    answers = Answers(propose(problem, objective=PLAIN))
    told = answers.explain("r")
    assert (told.helper, told.decided, told.rank) == ("g", False, 1)
    assert [rival.helper for rival in told.rivals] == ["h"]
    assert told.rivals[0].loss_at_least == pytest.approx(0.3)
    assert answers.firmness("r") == pytest.approx(0.3)
