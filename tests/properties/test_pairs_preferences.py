"""Two-sided lists: stable matchings against every matching there is, and against published examples."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest

from jiedui.errors import InputError
from jiedui.pairs import given, make_problem
from jiedui.pairs.preferences import Matching, Preferences, blocking_pairs, make_preferences, match_stably

CASES = 300
GALE_SHAPLEY_1 = ((1, 3), (2, 2), (3, 1)), ((3, 1), (1, 3), (2, 2)), ((2, 2), (3, 1), (1, 3))
"""Gale, Shapley (1962), example 1: how each man ranks each woman, and she him."""
GALE_SHAPLEY_3 = (
    ((1, 3), (2, 3), (3, 2), (4, 3)),
    ((1, 4), (4, 1), (3, 3), (2, 2)),
    ((2, 2), (1, 4), (3, 4), (4, 1)),
    ((4, 1), (2, 2), (3, 1), (1, 4)),
)
"""The same, example 3: a single stable matching, in which nobody has a first choice."""


def published(matrix: tuple[tuple[tuple[int, int], ...], ...]) -> Preferences:
    rows = [(f"r{i}", f"h{j}", *ranks) for i, row in enumerate(matrix) for j, ranks in enumerate(row)]
    recipient, helper, own, other = (list(column) for column in zip(*rows, strict=True))
    return make_preferences(
        pa.table({"id": sorted(set(helper)), "places": [1] * len(matrix)}),
        pa.table({"id": sorted(set(recipient))}),
        recipient_lists=pa.table({"recipient": recipient, "helper": helper, "rank": own}),
        helper_lists=pa.table({"recipient": recipient, "helper": helper, "rank": other}),
    )


def draw(random: np.random.Generator, *, ties: bool) -> Preferences:
    """Draw lists, often incomplete or one-sided, with helpers without places."""
    rows, columns = int(random.integers(1, 5)), int(random.integers(1, 4))
    lists = []
    for width, depth in ((columns, rows), (rows, columns)):
        ranks = np.array([random.permutation(width) + 1 for _ in range(depth)])
        lists.append(-(-ranks // 2) if ties else ranks)
    ranks = np.stack([lists[0], lists[1].T])
    listed = random.random((2, rows, columns)) < 0.8
    tables = []
    for side in range(2):
        row, column = np.nonzero(listed[side])
        order = random.permutation(len(row))
        row, column = row[order], column[order]
        tables.append(
            pa.table(
                {
                    "recipient": pa.array([f"r{one}" for one in row], "string"),
                    "helper": pa.array([f"h{one}" for one in column], "string"),
                    "rank": ranks[side, row, column],
                }
            )
        )
    return make_preferences(
        pa.table({"id": [f"h{one}" for one in range(columns)], "places": random.integers(0, 3, columns)}),
        pa.table({"id": [f"r{one}" for one in range(rows)]}),
        recipient_lists=tables[0],
        helper_lists=tables[1],
    )


def matchings(given: Preferences) -> Iterator[tuple[int, ...]]:
    """Give every matching: the pair of each recipient, or -1."""
    options = [[-1, *np.flatnonzero(given.row == row)] for row in range(len(given.recipient_ids))]
    for pairs in itertools.product(*options):
        taken = given.column[[pair for pair in pairs if pair >= 0]]
        if (np.bincount(taken.astype(int), minlength=len(given.places)) <= given.places).all():
            yield pairs


def blocks(given: Preferences, pairs: tuple[int, ...]) -> set[tuple[int, int]]:
    """Say it as the definition does: both would strictly rather have each other."""
    found = set()
    for edge, (row, column) in enumerate(zip(given.row, given.column, strict=True)):
        own = pairs[row]
        guests = [given.helper_rank[pair] for pair in pairs if pair >= 0 and given.column[pair] == column]
        wanted = own < 0 or given.recipient_rank[edge] < given.recipient_rank[own]
        welcome = len(guests) < given.places[column] or any(given.helper_rank[edge] < one for one in guests)
        if wanted and welcome and given.places[column]:
            found.add((int(row), int(column)))
    return found


def told(given: Preferences, table: pa.Table) -> set[tuple[int, int]]:
    return {
        (given.recipient_ids.index(recipient), given.helper_ids.index(helper))
        for recipient, helper in zip(table["recipient"].to_pylist(), table["helper"].to_pylist(), strict=True)
    }


def pair_of(made: Matching) -> dict[str, str]:
    pairs = made.pairs.select(["recipient", "helper"]).to_pylist()
    return {pair["recipient"]: pair["helper"] for pair in pairs}


@pytest.mark.parametrize("ties", [False, True])
def test_blocking_pairs_of_any_matching_are_as_defined(*, ties: bool) -> None:
    random = np.random.default_rng(1 + ties)
    for _ in range(CASES):
        lists = draw(random, ties=ties)
        for pairs in itertools.islice(matchings(lists), 0, None, 7):
            table = lists.named(np.array([pair for pair in pairs if pair >= 0], np.int64))
            assert told(lists, blocking_pairs(lists, table)) == blocks(lists, pairs)


def test_without_ties_every_recipient_has_the_best_helper_of_any_stable_matching() -> None:
    random = np.random.default_rng(3)
    for _ in range(CASES):
        lists = draw(random, ties=False)
        stable = [pairs for pairs in matchings(lists) if not blocks(lists, pairs)]
        ranks = [[int(lists.recipient_rank[pair]) if pair >= 0 else 99 for pair in pairs] for pairs in stable]
        made = match_stably(lists)
        best = dict(
            zip(made.pairs["recipient"].to_pylist(), made.pairs["recipient_rank"].to_pylist(), strict=True)
        )
        assert [best.get(name, 99) for name in lists.recipient_ids] == np.min(ranks, axis=0).tolist()
        assert made.unserved == tuple(name for name in lists.recipient_ids if name not in best)


def test_with_ties_no_pair_blocks() -> None:
    random = np.random.default_rng(5)
    for _ in range(CASES):
        lists = draw(random, ties=True)
        assert match_stably(lists).faults() == []


def test_where_both_sides_rank_by_one_score_the_matching_is_greedy() -> None:
    random = np.random.default_rng(7)
    score = random.permutation(60).reshape(12, 5)
    places = random.integers(1, 4, 5)
    rank = (
        np.argsort(np.argsort(-score, axis=1), axis=1) + 1,
        np.argsort(np.argsort(-score, axis=0), axis=0) + 1,
    )
    row, column = np.divmod(np.arange(60), 5)
    names = {"recipient": [f"r{one:02}" for one in row], "helper": [f"h{one}" for one in column]}
    made = match_stably(
        make_preferences(
            pa.table({"id": [f"h{one}" for one in range(5)], "places": places}),
            pa.table({"id": [f"r{one:02}" for one in range(12)]}),
            recipient_lists=pa.table(names | {"rank": rank[0].ravel()}),
            helper_lists=pa.table(names | {"rank": rank[1].ravel()}),
        )
    )
    greedy: dict[str, str] = {}
    for pair in np.argsort(-score.ravel()):
        if names["recipient"][pair] not in greedy and places[column[pair]]:
            greedy[names["recipient"][pair]] = names["helper"][pair]
            places[column[pair]] -= 1
    assert pair_of(made) == greedy


def test_the_first_example_of_gale_and_shapley() -> None:
    lists = published(GALE_SHAPLEY_1)
    assert pair_of(match_stably(lists)) == {"r0": "h0", "r1": "h1", "r2": "h2"}
    assert sum(not blocks(lists, pairs) for pairs in matchings(lists)) == 3
    second = pa.table({"recipient": ["r0", "r1", "r2"], "helper": ["h0", "h2", "h1"]})
    assert blocking_pairs(lists, second).num_rows > 0


def test_the_third_example_of_gale_and_shapley() -> None:
    lists = published(GALE_SHAPLEY_3)
    assert pair_of(match_stably(lists)) == {"r0": "h2", "r1": "h3", "r2": "h0", "r3": "h1"}
    assert sum(not blocks(lists, pairs) for pairs in matchings(lists)) == 1


def test_ties_go_to_the_higher_score_and_then_to_the_lower_id() -> None:
    pairs = {"recipient": ["r", "r", "s", "s"], "helper": ["g", "h", "g", "h"]}
    sides = pa.table({"id": ["h", "g"], "places": [1, 1]}), pa.table({"id": ["s", "r"]})
    level = pa.table(pairs | {"rank": [1, 1, 1, 1]})
    plain = make_preferences(*sides, recipient_lists=level, helper_lists=level)
    assert pair_of(match_stably(plain)) == {"r": "g", "s": "h"}
    scores = pa.table(pairs | {"score": [0.1, 0.2, 0.3, 0.4]})
    scored = make_preferences(*sides, recipient_lists=level, helper_lists=level, scores=scores)
    assert pair_of(match_stably(scored)) == {"r": "g", "s": "h"}
    scores = pa.table(pairs | {"score": [0.1, 0.4, 0.3, 0.2]})
    scored = make_preferences(*sides, recipient_lists=level, helper_lists=level, scores=scores)
    assert pair_of(match_stably(scored)) == {"r": "h", "s": "g"}


def test_a_proposal_is_asked_for_its_blocking_pairs() -> None:
    lists = published(GALE_SHAPLEY_1)
    names = {"recipient": [f"r{one // 3}" for one in range(9)], "helper": [f"h{one % 3}" for one in range(9)]}
    problem = make_problem(
        pa.table({"id": ["h0", "h1", "h2"], "capacity": [1.0] * 3}),
        pa.table({"id": ["r0", "r1", "r2"]}),
        pa.table(names | {"score": [0.5] * 9}),
    )
    proposal = given(problem, [("r0", "h0"), ("r1", "h2")])
    assert told(lists, blocking_pairs(lists, proposal)) == blocks(lists, (0, 5, -1))


def test_a_partner_on_nobodys_list_is_worse_than_all_on_it() -> None:
    lists = make_preferences(
        pa.table({"id": ["g", "h"], "places": [1, 1]}),
        pa.table({"id": ["r", "s"]}),
        recipient_lists=pa.table({"recipient": ["r", "s"], "helper": ["g", "h"], "rank": [9, 1]}),
        helper_lists=pa.table({"recipient": ["r", "r"], "helper": ["g", "h"], "rank": [9, 1]}),
    )
    assert lists.one_sided.to_pylist() == [
        {"recipient": "r", "helper": "h", "ranked_by": "helper"},
        {"recipient": "s", "helper": "h", "ranked_by": "recipient"},
    ]
    strange = pa.table({"recipient": ["r", "s"], "helper": ["h", "g"]})
    assert told(lists, blocking_pairs(lists, strange)) == {(0, 0)}


def test_an_unstable_matching_is_found_out() -> None:
    lists = published(GALE_SHAPLEY_3)
    crowded = pa.table({"recipient": ["r0", "r1"], "helper": ["h0", "h0"]})
    assert Matching(lists, crowded, ()).faults() == ["capacity", "blocking"]


def test_lists_that_cannot_be_used_are_refused_with_every_finding() -> None:
    bad = pa.table(
        {
            "recipient": ["r", "r", "x", "r"],
            "helper": ["g", "g", "g", "y"],
            "rank": pa.array([0, 1.5, None, 2]),
        }
    )
    good = pa.table({"recipient": ["r"], "helper": ["g"], "rank": [1]})
    with pytest.raises(InputError) as refused:
        make_preferences(
            pa.table({"id": ["g", "g"], "places": [-1, 1]}),
            pa.table({"id": ["r"]}),
            recipient_lists=bad,
            helper_lists=good,
            scores=pa.table({"recipient": ["r"], "helper": ["g"], "score": [1.2]}),
        )
    rules = [found.rule for found in refused.value.findings]
    assert rules == [
        "pairs.helper_places", "pairs.rank", "pairs.rank", "pairs.rank", "pairs.score",
        "pairs.duplicate", "pairs.duplicate", "pairs.unknown_id", "pairs.unknown_id",
    ]  # fmt: skip


def test_a_pair_without_a_score_is_refused_where_scores_are_given() -> None:
    good = pa.table({"recipient": ["r"], "helper": ["g"], "rank": [1]})
    with pytest.raises(InputError, match="r–g"):
        make_preferences(
            pa.table({"id": ["g"], "places": [1]}),
            pa.table({"id": ["r"]}),
            recipient_lists=good,
            helper_lists=good,
            scores=pa.table(
                {
                    "recipient": pa.array([], "string"),
                    "helper": pa.array([], "string"),
                    "score": pa.array([], "float64"),
                }
            ),
        )


def test_pairs_that_are_not_pairs_of_the_lists_are_refused() -> None:
    lists = published(GALE_SHAPLEY_1)
    twice = pa.table({"recipient": ["r0", "r0", "x"], "helper": ["h0", "h1", "h1"]})
    with pytest.raises(InputError) as refused:
        blocking_pairs(lists, twice)
    assert [found.rule for found in refused.value.findings] == ["pairs.unknown_id", "pairs.duplicate"]


def test_columns_that_are_missing_or_of_a_wrong_type_are_refused() -> None:
    with pytest.raises(InputError) as refused:
        make_preferences(
            pa.table({"id": ["g"]}),
            pa.table({"id": [1]}),
            recipient_lists=pa.table({"recipient": ["r"], "helper": ["g"], "rank": ["first"]}),
            helper_lists=pa.table({"recipient": ["r"], "rank": [1]}),
        )
    rules = [found.rule for found in refused.value.findings]
    assert rules == ["pairs.no_column", "pairs.not_text", "pairs.not_number", "pairs.no_column"]
    with pytest.raises(InputError, match="no_column"):
        blocking_pairs(published(GALE_SHAPLEY_1), pa.table({"recipient": ["r0"]}))
