"""Shortages: true Hall sets, and additions that cure them with no place too many."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from tests.cases import Case, draw_case

from jiedui.errors import InputError
from jiedui.pairs import given, make_problem, propose
from jiedui.pairs.answers import shortages
from jiedui.pairs.answers.shortage import Shortage

CASES = 400
PLAIN = ("coverage", "total")


def most_served(case: Case) -> int:
    return len(case.recipients) - int(case.lacking(case.choices()).min())


def test_groups_are_hall_sets_that_explain_everybody_unserved() -> None:
    random = np.random.default_rng(71)
    for _ in range(CASES):
        case = draw_case(random, recipients=6, optional=True)
        proposal = propose(case.problem(), objective=PLAIN, quota=case.places)
        found = shortages(proposal)
        assert sum(one.missing for one in found) == proposal.unserved
        unserved = [name for one in found for name in one.unserved]
        served = {name for name, _ in case.pairs(case.taken(proposal))}
        assert sorted(unserved) == sorted(set(case.recipients) - served - case.optional)
        for one in found:
            check_hall(case, one)


def check_hall(case: Case, one: Shortage) -> None:
    """Whoever competes has no candidate outside, and these have fewer places free than there are people."""
    open_pairs = set(case.score) - case.forbidden
    assert {helper for name, helper in open_pairs if name in one.recipients} == set(one.helpers)
    assert not set(one.recipients) & set(case.forced)
    decided = Counter(case.forced.values())
    assert one.places == sum(max(0, case.places[helper] - decided[helper]) for helper in one.helpers)
    assert len(one.recipients) - one.places == one.missing > 0


def test_the_additions_named_cure_a_shortage_and_no_fewer_places_do() -> None:
    random = np.random.default_rng(72)
    cured = 0
    for _ in range(CASES):
        case = draw_case(random, recipients=6)
        proposal = propose(case.problem(), objective=PLAIN, quota=case.places)
        for one in shortages(proposal):
            assert sum(more.pairs for more in one.additions) == one.missing * bool(one.helpers)
            decided = Counter(case.forced.values())
            grown = {name: max(count, decided[name]) for name, count in case.places.items()}
            for more in one.additions:
                grown[more.helper] += more.pairs
            after = propose(case.problem(), objective=PLAIN, quota=grown)
            assert after.unserved == proposal.unserved - one.missing * bool(one.helpers)
            if one.helpers:
                cured += 1
                fewer = replace(
                    case, places={**grown, one.additions[0].helper: grown[one.additions[0].helper] - 1}
                )
                assert most_served(fewer) < len(case.recipients) - after.unserved
    assert cured > CASES // 8


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sentences_name_who_lacks_help_who_is_full_and_what_cures_it(lang: str) -> None:
    random = np.random.default_rng(73)
    for _ in range(60):
        case = draw_case(random, recipients=6)
        for one in shortages(propose(case.problem(), objective=PLAIN, quota=case.places)):
            told = one.sentence(lang)  # type: ignore[arg-type]
            assert set(re.findall(r"r\d", told)) == set(one.unserved)
            assert set(re.findall(r"h\d", told)) == set(one.helpers)
            assert str(one.missing) in told
            assert all(f"{more.helper} +{more.pairs}" in told for more in one.additions)
            assert "{" not in told


def test_long_lists_are_counted_not_written_out() -> None:
    names = [f"r{row:03}" for row in range(40)]
    problem = make_problem(
        pa.table({"id": ["h"], "capacity": [1.0]}),
        pa.table({"id": names}),
        pa.table({"recipient": names, "helper": ["h"] * 40, "score": [0.5] * 40}),
    )
    (one,) = shortages(propose(problem, objective=PLAIN, quota={"h": 1}))
    assert one.missing == 39
    for lang, told in (("zh", "39 个"), ("en", "39 in all")):
        assert told in one.sentence(lang)  # type: ignore[arg-type]
        assert one.sentence(lang).count("r0") == 12  # type: ignore[arg-type]


def several(need: list[int], *, candidates: list[str], places: int) -> tuple[Shortage, ...]:
    """Let recipients with these needs want the same candidates."""
    names = [f"r{row}" for row in range(len(need))]
    problem = make_problem(
        pa.table({"id": candidates, "capacity": [1.0] * len(candidates)}),
        pa.table({"id": names, "need": need}),
        pa.table(
            {
                "recipient": [name for name in names for _ in candidates],
                "helper": candidates * len(names),
                "score": [0.5] * len(names) * len(candidates),
            }
        ),
    )
    return shortages(propose(problem, objective=PLAIN, quota=dict.fromkeys(candidates, places)))


def test_who_needs_more_helpers_than_it_has_candidates_lacks_candidates_not_places() -> None:
    (one,) = several([3], candidates=["g", "h"], places=9)
    assert (one.helpers, one.places, one.missing, one.additions) == ((), 0, 1, ())


def test_several_needs_compete_for_the_places_that_are_full() -> None:
    (one,) = several([1, 1, 1], candidates=["g", "h"], places=1)
    assert (len(one.recipients), one.places, one.missing) == (3, 2, 1)


def test_shortages_are_named_only_where_places_alone_decide() -> None:
    case = draw_case(np.random.default_rng(1))
    with pytest.raises(InputError, match=r"pairs\.no_shortages"):
        shortages(given(case.problem(), []))
