"""Part by part equals the whole: against one central proposal, brute force, processes and Spark."""

from __future__ import annotations

import itertools
import pickle

import numpy as np
import pyarrow as pa
import pytest

from jiedui.errors import InputError
from jiedui.pairs import make_problem, propose
from jiedui.pairs.parts import pair_by_part, pair_part, part_groups

CASES = 150
TENTHS = 1e-9
"""Sums of scores in float differ from exact ones by less."""


def draw(
    random: np.random.Generator, *, parts: int, rows: int, columns: int, levels: int, crossing: float
) -> pa.Table:
    """Draw candidates of parts, some with a helper of another part, some recipients with none."""
    table: dict[str, list[object]] = {name: [] for name in ("part", "recipient", "helper", "score", "places")}
    places = random.integers(0, 3, (parts, columns))
    for part, row in itertools.product(range(parts), range(rows)):
        near = {(part, int(one)) for one in np.flatnonzero(random.random(columns) < 0.6)}
        far = {(int(random.integers(parts)), int(random.integers(columns)))}
        for home, column in sorted(near | (far if random.random() < crossing else set())) or [(-1, -1)]:
            table["part"].append(f"p{part}")
            table["recipient"].append(f"r{part}-{row}")
            table["helper"].append(f"h{home}-{column}" if home >= 0 else None)
            table["score"].append(random.integers(levels + 1) / levels if home >= 0 else None)
            table["places"].append(int(places[home, column]) if home >= 0 else None)
    made = pa.table({name: pa.array(column) for name, column in table.items()})
    return made.take(random.permutation(made.num_rows))


def result(table: pa.Table) -> tuple[int, int]:
    """Count whom a table serves, and sum their scores in millionths."""
    score = table["score"].drop_null().to_numpy()
    return len(score), round(float(score.sum()) * 1e6)


def best_by_trying(table: pa.Table) -> tuple[int, int]:
    """Try every choice: the most served, then the highest sum of scores."""
    rows = [row for row in table.to_pylist() if row["helper"] is not None]
    places = {row["helper"]: row["places"] for row in rows}
    options = [
        [None, *(row for row in rows if row["recipient"] == name)]
        for name in sorted({row["recipient"] for row in rows})
    ]
    best = (0, 0)
    for choice in itertools.product(*options):
        taken = [row for row in choice if row]
        names = [row["helper"] for row in taken]
        if all(names.count(name) <= places[name] for name in names):
            best = max(best, (len(taken), round(sum(row["score"] for row in taken) * 1e6)))
    return best


def test_the_union_of_parts_is_the_optimum_of_all_choices() -> None:
    random = np.random.default_rng(1)
    for _ in range(CASES):
        table = draw(random, parts=3, rows=2, columns=2, levels=5, crossing=0.3)
        assert result(pair_by_part(table)) == best_by_trying(table)


def test_part_by_part_equals_all_in_one_go_to_the_last_tie_and_price() -> None:
    random = np.random.default_rng(2)
    joined = 0
    for case in range(CASES):
        table = draw(random, parts=6, rows=5, columns=3, levels=3, crossing=(0.02, 0.2)[case % 2])
        assert pair_by_part(table).equals(pair_part(table))
        groups = part_groups(table)
        joined += groups["group"].to_pylist() != groups["part"].to_pylist()
    assert 0 < joined < CASES


def test_part_by_part_equals_one_central_proposal() -> None:
    random = np.random.default_rng(3)
    for _ in range(CASES // 3):
        table = draw(random, parts=4, rows=6, columns=3, levels=10**6, crossing=0.1)
        named = table.filter(table["helper"].is_valid())
        helpers = named.group_by("helper").aggregate([("places", "max")])
        problem = make_problem(
            pa.table({"id": helpers["helper"], "capacity": np.ones(helpers.num_rows)}),
            pa.table({"id": table["recipient"].unique()}),
            named.select(["recipient", "helper", "score"]),
        )
        quota = dict(zip(helpers["helper"].to_pylist(), helpers["places_max"].to_pylist(), strict=True))
        central = propose(problem, objective=("coverage", "total"), quota=quota)
        paired = pair_by_part(table)
        served = paired.filter(paired["helper"].is_valid()).sort_by("recipient")
        assert served.select(["recipient", "helper"]).equals(central.pairs.select(["recipient", "helper"]))


def test_a_price_is_what_one_more_place_adds() -> None:
    random = np.random.default_rng(4)
    priced = 0
    for _ in range(CASES // 3):
        table = draw(random, parts=1, rows=6, columns=3, levels=10, crossing=0)
        told = pair_part(table)
        before = result(told)
        for row in told.filter(told["helper"].is_valid()).to_pylist():
            more = [
                places + (name == row["helper"]) if name else None
                for name, places in zip(table["helper"].to_pylist(), table["places"].to_pylist(), strict=True)
            ]
            wider = table.set_column(4, "places", pa.array(more, pa.int64()))
            after = result(pair_part(wider))
            if row["price"] is None:
                assert after[0] == before[0] + 1
            else:
                priced += row["price"] > 0
                assert after[0] == before[0]
                assert abs((after[1] - before[1]) / 1e6 - row["price"]) < TENTHS
    assert priced


@pytest.mark.parametrize("length", [2, 8, 40])
def test_one_more_is_served_whatever_scores_that_costs(length: int) -> None:
    """Everybody has to move from a helper that fits fully to one that does not fit at all."""
    rows = [(f"r{one:02}", f"h{one + step:02}", 1.0 - step) for one in range(length) for step in (0, 1)]
    recipient, helper, score = (list(column) for column in zip(("s", "h00", 0.0), *rows, strict=True))
    table = {"recipient": recipient, "helper": helper, "score": score}
    told = pair_part(pa.table(table | {"part": ["p"] * len(score), "places": [1] * len(score)}))
    assert set(told["status"].to_pylist()) == {"paired"}
    assert sum(told["score"].to_pylist()) == 0


def test_parts_that_share_a_helper_are_grouped_through_others_too() -> None:
    pairs = {"part": ["c", "b", "b", "a", "d", "e"], "helper": ["x", "x", "y", "y", "z", None]}
    assert part_groups(pa.table(pairs)).to_pydict() == {
        "part": ["a", "b", "c", "d", "e"],
        "group": ["a", "a", "a", "d", "e"],
    }


def test_recipients_without_candidates_or_without_places_stay_unserved() -> None:
    table = pa.table(
        {
            "part": ["p", "p", "q"],
            "recipient": ["r", "s", "t"],
            "helper": ["g", None, None],
            "score": [0.5, None, None],
            "places": [0, None, None],
        }
    )
    for told in (pair_part(table), pair_by_part(table)):
        assert told["status"].to_pylist() == ["unserved"] * 3
        assert told["helper"].null_count == told["score"].null_count == told["price"].null_count == 3
    assert pair_by_part(table.slice(1)).num_rows == 2


def test_ids_may_be_stored_as_categories() -> None:
    table = draw(np.random.default_rng(5), parts=3, rows=4, columns=3, levels=4, crossing=0.2)
    coded = pa.table(
        {
            name: table[name].dictionary_encode() if name in {"part", "recipient", "helper"} else table[name]
            for name in table.column_names
        }
    )
    assert pair_by_part(coded).equals(pair_by_part(table))


def test_two_processes_give_what_one_gives() -> None:
    table = draw(np.random.default_rng(6), parts=12, rows=6, columns=3, levels=4, crossing=0.05)
    assert pair_by_part(table, processes=2).equals(pair_by_part(table))


SPOILT = {
    "part": ["p", "p", "p", "p", "q", "q"],
    "recipient": ["r", "r", "s", "t", "u", "t"],
    "helper": ["g", "g", "g", "h", "k", "k"],
    "score": [0.5, 0.5, 2.0, 0.5, 0.5, 0.5],
    "places": [1.0, 1.0, 2.0, 1.5, 1.0, 1.0],
}


def test_candidates_that_cannot_be_used_are_refused_with_every_finding() -> None:
    with pytest.raises(InputError) as refused:
        pair_part(pa.table(SPOILT))
    assert [found.rule for found in refused.value.findings] == [
        "pairs.score", "pairs.helper_places", "pairs.duplicate", "pairs.places_differ",
        "pairs.two_parts",
    ]  # fmt: skip
    bare = pa.table({"part": ["p", None], "recipient": ["r", "s"], "helper": [1, 2], "score": ["1", "1"]})
    for pair in (pair_part, pair_by_part):
        with pytest.raises(InputError) as refused:
            pair(bare)
        rules = [found.rule for found in refused.value.findings]
        assert rules == ["pairs.empty_id", "pairs.not_text", "pairs.not_number", "pairs.no_column"]
    with pytest.raises(InputError, match="no rows"):
        pair_by_part(pa.table(SPOILT).slice(0, 0))
    with pytest.raises(InputError, match="processes"):
        pair_by_part(pa.table(SPOILT), processes=0)


@pytest.mark.parametrize("processes", [1, 2])
def test_the_findings_of_all_parts_come_back_from_every_process(processes: int) -> None:
    table = pa.table(SPOILT | {"part": ["p", "p", "p", "p2", "q", "q"]})
    with pytest.raises(InputError) as refused:
        pair_by_part(table, processes=processes)
    rules = [found.rule for found in refused.value.findings]
    assert rules == ["pairs.score", "pairs.duplicate", "pairs.places_differ", "pairs.helper_places"]


def test_a_recipient_in_two_parts_that_share_no_helper_is_refused() -> None:
    table = {
        "part": ["p", "q"],
        "recipient": ["r", "r"],
        "helper": ["g", "h"],
        "score": [1, 1],
        "places": [1, 1],
    }
    with pytest.raises(InputError) as refused:
        pair_by_part(pa.table(table))
    assert [found.rule for found in refused.value.findings] == ["pairs.two_parts"]


def test_an_error_keeps_its_findings_on_its_way_between_processes() -> None:
    with pytest.raises(InputError) as refused:
        pair_part(pa.table(SPOILT))
    again = pickle.loads(pickle.dumps(refused.value))  # noqa: S301 - our own bytes
    assert type(again) is InputError
    assert again.findings == refused.value.findings
