"""The East–West example, run whole: check figures, proofs, decisions, the same bytes again."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from tests.solvers import least_cost_by_cp_sat

from jiedui.pairs.choice import choose
from jiedui.pairs.instance import Instance
from jiedui.programmes import Run, publish_run, read_folder, run_folder
from jiedui.tables import read_table
from jiedui.tables.shared import HELPERS

EXAMPLE = Path(__file__).parents[2] / "examples" / "east_west_2016"
ROUNDING = 0.005
"""Figures are published with two decimals."""


@pytest.fixture(scope="session")
def run() -> Run:
    return run_folder(EXAMPLE, lang="zh")


@pytest.fixture(scope="session")
def out(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("example") / "out"
    publish_run(run, target)
    return target


def comparison(run: Run) -> dict[str, dict[str, float]]:
    return {row["proposal"]: row for row in run.records.tables["comparison"].to_pylist()}


def test_the_decision_has_the_published_check_figures(run: Run) -> None:
    assert len(run.setting.helpers) == 21
    assert len(run.setting.units) == 31
    assert len(run.setting.places) == 473
    decision = comparison(run)["decision"]
    assert decision["gross_min"] == pytest.approx(0.22, abs=ROUNDING)
    assert decision["gross_max"] == pytest.approx(3.26, abs=ROUNDING)
    assert decision["load_min"] == pytest.approx(0.29, abs=ROUNDING)
    assert decision["load_max"] == pytest.approx(3.26, abs=ROUNDING)
    assert decision["blocks"] == 50
    loads = {
        row["helper_name"]: row
        for row in run.records.tables["prices"].to_pylist()
        if row["proposal"] == "decision"
    }
    assert min(loads, key=lambda name: loads[name]["load"]) == "山东省"
    assert max(loads, key=lambda name: loads[name]["load"]) == "上海市"


def test_each_helper_has_the_published_blocks(run: Run) -> None:
    blocks = run.records.measures["decision"].blocks
    of = dict(zip((row["name"] for row in run.setting.helpers), blocks, strict=True))
    assert {name: of[name] for name in ("福建省", "山东省", "广东省", "江苏省")} == {
        "福建省": 1, "山东省": 1, "广东省": 6, "江苏省": 6,
    }  # fmt: skip


def test_the_helpers_of_a_shared_unit_carry_half_of_it_each(run: Run) -> None:
    places = {
        row["helper_name"]: row["places"]
        for row in run.records.tables["prices"].to_pylist()
        if row["proposal"] == "decision"
    }
    assert places["中山市"] == places["东莞市"] == 5


def test_shares_sum_to_all_counties_and_are_kept_by_the_proposals_that_must(run: Run) -> None:
    assert sum(run.quota) == 473
    rows = comparison(run)
    assert rows["places_share"]["over_share"] == rows["places_share_least"]["over_share"] == 0
    assert rows["nearest"]["over_share"] > 0


def test_the_fewest_moves_that_reach_the_shares_are_what_the_decision_exceeds_them_by(run: Run) -> None:
    """Zhaotong's ten counties may go to either of its helpers, so only places beyond a share must move."""
    places = run.records.measures["decision"].places
    names = [row["name"] for row in run.setting.helpers]
    pair = [names.index("中山市"), names.index("东莞市")]
    alone = [max(0.0, places[helper] - run.quota[helper]) for helper in range(21) if helper not in pair]
    both = max(0.0, places[pair].sum() - sum(run.quota[helper] for helper in pair))
    assert comparison(run)["places_share_least"]["place_moves"] == sum(alone) + both == 106


def test_every_proof_holds_and_tampering_with_it_is_found(run: Run) -> None:
    assert run.faults == []
    for one in run.scenarios:
        if one.proposal.steps:
            other = one.proposal.chosen.copy()
            first, second = np.flatnonzero(other)[0], np.flatnonzero(~other)[0]
            other[first], other[second] = False, True
            changed = type(one.proposal)(one.proposal.problem, other, one.proposal.steps)
            assert changed.faults(), one.id


def test_other_solvers_find_the_same_optima(run: Run) -> None:
    """Flows against HiGHS; whole units, also where only the solver's word stands, against CP-SAT."""
    for one in run.scenarios:
        if one.proposal.steps:
            step = one.proposal.steps[-1]
            other = least_cost_by_cp_sat if one.grain == "units" else _by_highs
            assert other(step.instance) == step.certificate.value, one.id


def _by_highs(instance: Instance) -> int:
    return instance.value(choose(instance))


def test_more_moves_never_make_the_worst_load_heavier(run: Run) -> None:
    rows = comparison(run)
    for grain, counts in (("units", (1, 2, 3, 5, 8)), ("places", (10, 25, 50, 100))):
        loads = [
            rows["decision"]["load_max"],
            *(rows[f"{grain}_relief_{count}"]["load_max"] for count in counts),
        ]
        assert loads == sorted(loads, reverse=True)
        for count in counts:
            moves = rows[f"{grain}_relief_{count}"]["unit_moves" if grain == "units" else "place_moves"]
            assert moves <= count


def test_every_unit_and_county_has_a_reason_in_words(run: Run) -> None:
    reasons = run.records.tables["reasons"].to_pylist()
    by_proposal = {one.id: [row for row in reasons if row["proposal"] == one.id] for one in run.scenarios}
    assert {row["recipient"] for row in by_proposal["decision"]} == set(run.setting.ids("units"))
    assert {row["recipient"] for row in by_proposal["places_share"]} == set(run.setting.ids("places"))
    assert all(row["reason"].endswith("。") and "公里" in row["reason"] for row in reasons)
    for row in reasons:
        assert row["nearness"] + row["continuity"] + row["present"] == pytest.approx(row["score"])
        assert row["gap"] is None or row["gap"] >= -1e-12


def test_unconfirmed_rows_are_marked(run: Run) -> None:
    rows = [row for row in run.records.tables["pairs"].to_pylist() if row["proposal"] == "decision"]
    marked = {row["helper_name"] for row in rows if not row["confirmed"]}
    assert marked == {"广州市", "佛山市", "东莞市", "中山市"}


def test_the_outputs_are_all_there_and_run_json_says_what_they_came_from(out: Path) -> None:
    names = {path.name for path in out.iterdir()}
    tables = {
        f"{name}.{ending}"
        for name in ("comparison", "pairs", "prices", "reasons")
        for ending in ("csv", "parquet")
    }
    assert (
        tables | {"pairs.xlsx", "codebook.csv", "run.json", "timings.json", "map.svg", "report.html"} <= names
    )
    facts = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert facts["scheme"]["id"] == "east_west"
    assert set(facts["inputs"]) >= {"programme.toml", "helpers", "recipients", "units", "pairings"}
    assert (
        facts["proposals"]["places_share"]["steps"][-1]["value"]
        == facts["proposals"]["places_share"]["steps"][-1]["bound"]
    )
    assert pq.read_table(out / "pairs.parquet").num_rows > 3000


def test_the_comparison_carries_courtesy_and_truth_in_both_languages(out: Path) -> None:
    with (out / "comparison.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 14
    assert all("情景比较，不是对决策的评价" in row["说明"] for row in rows)
    assert all("Scenarios, not a judgement of the decision" in row["说明"] for row in rows)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "不是对决策的评价" in page
    assert "not a judgement of the decision" in page
    assert "未核实" in page


def shuffle_rows(folder: Path, *, seed: int) -> None:
    """Shuffle the rows of every table in a folder."""
    order = random.Random(seed)  # noqa: S311 - no secret
    for path in folder.glob("*.csv"):
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        order.shuffle(rows)
        path.write_text("\n".join((head, *rows, "")), encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "timings.json"}


def test_shuffled_rows_give_the_same_bytes(out: Path, example: Path, tmp_path: Path) -> None:
    shuffle_rows(example, seed=7)
    publish_run(run_folder(example, lang="zh"), tmp_path / "again")
    again, first = contents(tmp_path / "again"), contents(out)
    assert again.keys() == first.keys()
    assert [name for name in first if again[name] != first[name]] == []


def test_another_file_format_of_a_table_counts_as_the_same_input(run: Run, example: Path) -> None:
    table = read_table(example / "helpers.csv", HELPERS).table
    (example / "helpers.csv").unlink()
    pq.write_table(table, example / "helpers.parquet")
    assert read_folder(example).fingerprints() == run.folder.fingerprints()
