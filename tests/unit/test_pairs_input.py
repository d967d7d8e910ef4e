"""What offices may get wrong in the tables and demands of a pairing: always told, never a wrong proposal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from jiedui.errors import InputError
from jiedui.pairs import given, make_problem, propose, repair
from jiedui.pairs.answers import shortages
from jiedui.pairs.demands import check_demands
from jiedui.pairs.problem import Problem

NAN, INFINITE = float("nan"), float("inf")
TABLES: dict[str, dict[str, Any]] = {
    "helpers": {"id": ["a", "b"], "capacity": [1.0, 2.0]},
    "recipients": {"id": ["r", "s"]},
    "candidates": {"recipient": ["r", "s"], "helper": ["a", "b"], "score": [0.5, 0.6]},
    "present": {"recipient": ["r"], "helper": ["a"]},
    "decided": {"recipient": ["r"], "helper": ["a"], "kind": ["forced"]},
}


def pose(changes: dict[str, dict[str, Any]]) -> Problem:
    """Bring the tables through the door, some columns changed; None takes a column out."""
    tables = {}
    for name, columns in TABLES.items():
        whole = columns | changes.get(name, {})
        tables[name] = pa.table({column: values for column, values in whole.items() if values is not None})
    return make_problem(
        tables["helpers"],
        tables["recipients"],
        tables["candidates"],
        present=tables["present"],
        decided=tables["decided"],
    )


def refused(changes: dict[str, dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Give the rules that refused the tables, with both texts."""
    with pytest.raises(InputError) as error:
        pose(changes)
    found = [(one.rule, one.zh, one.en) for one in error.value.findings]
    assert all(zh and en and zh != en and "{" not in zh + en for _, zh, en in found)
    return found


def test_the_tables_as_they_stand_are_a_problem() -> None:
    assert pose({}).forced.tolist() == [True, False]


@pytest.mark.parametrize(
    ("table", "column"),
    [(name, column) for name, columns in TABLES.items() for column in columns],
)
def test_a_missing_column_is_named_with_what_was_found(table: str, column: str) -> None:
    ((rule, zh, en),) = refused({table: {column: None}})
    assert rule == "pairs.no_column"
    for told in (zh, en):
        assert table in told
        assert column in told
        assert all(other in told for other in TABLES[table] if other != column)


@pytest.mark.parametrize(
    ("rule", "table", "column", "values"),
    [
        ("pairs.not_text", "helpers", "id", [1, 2]),
        ("pairs.not_text", "recipients", "id", [1.5, 2.5]),
        ("pairs.not_text", "candidates", "helper", [520301, 520302]),
        ("pairs.not_text", "decided", "kind", [True]),
        ("pairs.not_text", "helpers", "id", pa.array([1, 2]).dictionary_encode()),
        ("pairs.not_number", "helpers", "capacity", ["one", "two"]),
        ("pairs.not_number", "helpers", "capacity", ["1", "2"]),
        ("pairs.not_number", "candidates", "score", [True, False]),
        ("pairs.not_number", "candidates", "score", ["high", "low"]),
        ("pairs.not_number", "candidates", "score_back", ["0.5", "0.5"]),
        ("pairs.not_number", "recipients", "places", ["3", "4"]),
        ("pairs.not_number", "recipients", "need", [["a"], ["b"]]),
        ("pairs.not_number", "helpers", "shared", ["yes", "no"]),
        ("pairs.empty_id", "helpers", "id", ["a", None]),
        ("pairs.empty_id", "recipients", "id", [None, None]),
        ("pairs.empty_id", "candidates", "recipient", ["r", None]),
        ("pairs.empty_id", "present", "helper", pa.array([None], pa.string())),
        ("pairs.empty_id", "decided", "kind", pa.array([None], pa.string())),
    ],
)
def test_a_column_of_a_wrong_type_or_with_empty_ids_is_named(
    rule: str, table: str, column: str, values: object
) -> None:
    ((found, zh, en),) = refused({table: {column: values}})
    assert found == rule
    assert column in zh
    assert column in en


@pytest.mark.parametrize("score", [-0.1, -1e-12, 1.0000001, 2.0, NAN, INFINITE, -INFINITE, None])
def test_a_score_that_is_no_share_is_refused_with_its_pair(score: float | None) -> None:
    ((rule, zh, en),) = refused({"candidates": {"score": [0.5, score]}})
    assert rule == "pairs.score"
    assert "s–b" in zh
    assert "s–b" in en


@pytest.mark.parametrize(
    ("rule", "table", "column", "values"),
    [
        ("pairs.capacity", "helpers", "capacity", [0.0, 1.0]),
        ("pairs.capacity", "helpers", "capacity", [-1.0, 1.0]),
        ("pairs.capacity", "helpers", "capacity", [NAN, 1.0]),
        ("pairs.capacity", "helpers", "capacity", [INFINITE, 1.0]),
        ("pairs.capacity", "helpers", "capacity", [None, 1.0]),
        ("pairs.duties", "helpers", "duties", [-1.0, 1.0]),
        ("pairs.duties", "helpers", "duties", [NAN, 1.0]),
        ("pairs.shared", "helpers", "shared", [2, 0]),
        ("pairs.places", "recipients", "places", [0, 1]),
        ("pairs.places", "recipients", "places", [1.5, 1]),
        ("pairs.places", "recipients", "places", [1e30, 1]),
        ("pairs.places", "recipients", "places", [INFINITE, 1]),
        ("pairs.need", "recipients", "need", [0, 1]),
        ("pairs.need", "recipients", "need", [-1, 1]),
        ("pairs.need", "recipients", "need", [NAN, 1]),
        ("pairs.need", "recipients", "need", [INFINITE, 1]),
        ("pairs.need", "recipients", "need", [1e30, 1]),
        ("pairs.need_min", "recipients", "need_min", [2, 1]),
        ("pairs.need_min", "recipients", "need_min", [-1, 1]),
        ("pairs.need_min", "recipients", "need_min", [INFINITE, 1]),
        ("pairs.priority", "recipients", "priority", [0, 1]),
        ("pairs.priority", "recipients", "priority", [1.5, 1]),
        ("pairs.score_back", "candidates", "score_back", [1.1, 0.5]),
        ("pairs.score_back", "candidates", "score_back", [None, 0.5]),
        ("pairs.unknown_id", "candidates", "helper", ["a", "z"]),
        ("pairs.unknown_id", "candidates", "recipient", ["r", "z"]),
        ("pairs.unknown_id", "present", "helper", ["z"]),
        ("pairs.unknown_id", "candidates", "helper", ["a", ""]),
        ("pairs.duplicate", "helpers", "id", ["a", "a"]),
        ("pairs.duplicate", "recipients", "id", ["r", "r"]),
        ("pairs.decided_kind", "decided", "kind", ["wished"]),
    ],
)
def test_numbers_and_ids_that_cannot_be_are_refused(
    rule: str, table: str, column: str, values: list[Any]
) -> None:
    assert rule in {found for found, _, _ in refused({table: {column: values}})}


def test_rows_that_stand_twice_are_refused_even_when_they_agree() -> None:
    twice = {"recipient": ["r", "s", "r"], "helper": ["a", "b", "a"], "score": [0.5, 0.6, 0.5]}
    assert [rule for rule, _, _ in refused({"candidates": twice})] == ["pairs.duplicate"]
    doubled = {"recipient": ["r", "r"], "helper": ["a", "a"], "kind": ["forced", "forced"]}
    assert "pairs.duplicate" in {rule for rule, _, _ in refused({"decided": doubled})}


@pytest.mark.parametrize(
    ("rule", "kinds"),
    [
        ("pairs.decided_both", ["forced", "forbidden"]),
        ("pairs.decided_both", ["locked", "forbidden"]),
    ],
)
def test_a_pair_both_demanded_and_forbidden_is_refused(rule: str, kinds: list[str]) -> None:
    decided = {"recipient": ["r", "r"], "helper": ["a", "a"], "kind": kinds}
    assert [found for found, _, _ in refused({"decided": decided})] == [rule]


def test_two_decided_helpers_are_refused_where_one_is_needed_and_taken_where_two_are() -> None:
    both: dict[str, dict[str, Any]] = {
        "candidates": {"recipient": ["r", "r"], "helper": ["a", "b"], "score": [0.5, 0.6]},
        "decided": {"recipient": ["r", "r"], "helper": ["a", "b"], "kind": ["forced", "forced"]},
    }
    assert [rule for rule, _, _ in refused(both)] == ["pairs.forced_many"]
    assert pose(both | {"recipients": {"need": [2, 1]}}).forced.all()


def test_every_fault_is_told_at_once() -> None:
    rules = {
        rule
        for rule, _, _ in refused(
            {
                "helpers": {"capacity": [0.0, 1.0]},
                "recipients": {"need": [0, 1]},
                "candidates": {"helper": ["a", "z"], "score": [2.0, 0.5]},
            }
        )
    }
    assert {"pairs.capacity", "pairs.need", "pairs.score", "pairs.unknown_id"} <= rules


def test_a_column_that_stands_twice_is_refused() -> None:
    tables = {name: pa.table(columns) for name, columns in TABLES.items()}
    twice = tables["helpers"].append_column("capacity", pa.array([1.0, 1.0]))
    with pytest.raises(InputError, match=r"pairs\.duplicate"):
        make_problem(twice, tables["recipients"], tables["candidates"])


@pytest.mark.parametrize("empty", ["helpers", "recipients", "candidates"])
def test_an_empty_table_is_told(empty: str) -> None:
    nothing: dict[str, Any] = {column: [] for column in TABLES[empty]}
    assert ("pairs.no_rows", empty) in {
        (rule, name) for rule, zh, _ in refused({empty: nothing}) for name in TABLES if name in zh
    }


def test_no_present_pairs_and_no_decisions_are_no_fault() -> None:
    problem = pose(
        {"present": {"recipient": [], "helper": []}, "decided": {"recipient": [], "helper": [], "kind": []}}
    )
    assert not problem.present.any()
    assert not problem.forced.any()


def test_other_types_of_text_and_number_mean_the_same() -> None:
    plain = propose(pose({}), quota={"a": 1, "b": 1})
    other = propose(
        pose(
            {
                "helpers": {
                    "id": pa.array(["a", "b"], pa.large_string()),
                    "capacity": pa.array([Decimal("1.0"), Decimal("2.0")]),
                },
                "present": {"recipient": pa.array(["r"], pa.large_string()), "helper": ["a"]},
                "decided": {"recipient": pa.array(["r"], pa.large_string()), "helper": ["a"]},
                "candidates": {
                    "recipient": pa.array(["r", "s"]).dictionary_encode(),
                    "helper": pa.array(["a", "b"]).dictionary_encode(),
                    "score": pa.array([0.5, 0.6], pa.float64()),
                },
                "recipients": {"need": [None, None], "places": [1.0, None]},
            }
        ),
        quota={"a": 1, "b": 1},
    )
    assert plain.pairs.equals(other.pairs)


def test_a_recipient_without_candidates_is_reported_unserved() -> None:
    problem = pose({"recipients": {"id": ["r", "s", "t"]}})
    for objective in (
        ("coverage", "total"),
        ("coverage", "load", "floor", "total"),
        ("coverage", "leximin(0.1)", "total"),
    ):
        proposal = propose(problem, objective=objective, quota={"a": 1, "b": 1})
        assert proposal.unserved == 1
        assert proposal.faults() == []
        (one,) = shortages(proposal)
        assert (one.unserved, one.helpers, one.missing) == (("t",), (), 1)


@pytest.mark.parametrize(
    ("rule", "demand"),
    [
        ("pairs.unknown_id", {"quota": {"a": 1, "b": 1, "z": 1}}),
        ("pairs.quota_absent", {"quota": {"a": 1}}),
        ("pairs.helper_places", {"quota": {"a": -1, "b": 1}}),
        ("pairs.helper_places", {"quota": {"a": 1.5, "b": 1}}),
        ("pairs.helper_places", {"quota": {"a": None, "b": 1}}),
        ("pairs.unknown_id", {"least": {"z": 1}}),
        ("pairs.helper_places", {"least": {"a": -1}}),
        ("pairs.max_moves", {"max_moves": -1}),
        ("pairs.max_moves", {"max_moves": 1.5}),
        ("pairs.stay", {"stay": NAN}),
        ("pairs.stay", {"stay": INFINITE}),
        ("pairs.stay", {"stay": -0.1}),
        ("pairs.stay", {"stay": "much"}),
    ],
)
def test_demands_that_cannot_be_are_told(rule: str, demand: dict[str, Any]) -> None:
    (found,) = check_demands(pose({}), **demand)
    assert found.rule == rule
    assert found.zh
    assert found.en


def test_demands_that_can_be_pass() -> None:
    asked: dict[str, Any] = {
        "quota": {"a": np.int64(1), "b": 0},
        "least": {"a": 1},
        "max_moves": 0,
        "stay": 1,
    }
    assert check_demands(pose({}), **asked) == []


@pytest.mark.parametrize(
    ("rule", "demand"),
    [
        ("pairs.quota_absent", {"quota": {"a": 1}}),
        ("pairs.unknown_id", {"quota": {"a": 1, "b": 1, "z": 1}}),
        ("pairs.max_moves", {"max_changes": -1}),
    ],
)
def test_a_repair_under_impossible_demands_is_refused(rule: str, demand: dict[str, Any]) -> None:
    problem = pose({})
    with pytest.raises(InputError) as error:
        repair(given(problem, [("r", "a")]), problem, **demand)
    assert [one.rule for one in error.value.findings] == [rule]
