"""Cube and headline equal fractions counted one by one, and engines equal each other."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.needs_cases import ENGINES, assert_same, make_spec, mixed_case

from jiedui.needs import Spec
from jiedui.needs.cube import curves, dominance, headline, profile_cube, robustness
from jiedui.needs.spec import Missing

RULES: tuple[Missing, ...] = ("drop", "spread", "bounds")

Row = Mapping[str, int | None]


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    size = draw(st.integers(1, 5))
    parts = draw(st.lists(st.integers(1, 9), min_size=size, max_size=size))
    weights = [Fraction(part, sum(parts)) for part in parts]
    dimensions = draw(st.lists(st.sampled_from("abc"), min_size=size, max_size=size))
    sums = [
        sum(chosen, Fraction(0))
        for count in range(1, size + 1)
        for chosen in itertools.combinations(weights, count)
    ]
    cutoffs = draw(st.lists(st.sampled_from(sums), min_size=1, max_size=3, unique=True))
    return make_spec(weights, dimensions, cutoffs, draw(st.sampled_from(RULES)))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Spec, list[Row]]:
    spec = draw(specs())
    row = st.fixed_dictionaries(
        {
            "area": st.integers(1, 3),
            "w": st.integers(1, 9),
            **{one.id: st.sampled_from([0, 1, None]) for one in spec.indicators},
        }
    )
    return spec, draw(st.lists(row, min_size=1, max_size=25))


def as_table(spec: Spec, rows: Sequence[Row]) -> pa.Table:
    columns = {one.id: pa.array([row[one.id] for row in rows], pa.int8()) for one in spec.indicators}
    return pa.table({"area": [row["area"] for row in rows], "weight": [row["w"] for row in rows], **columns})


def effective(spec: Spec, row: Row, rule: str) -> tuple[dict[str, Fraction], dict[str, int]] | None:
    """Give the weights and deprivations of one household, or nothing if it is left out."""
    weights = {one.id: one.weight for one in spec.indicators}
    seen = {key: value for key in weights if (value := row[key]) is not None}
    if rule in {"lower", "upper"}:
        return weights, {key: seen.get(key, int(rule == "upper")) for key in weights}
    if rule == "drop":
        return (weights, seen) if len(seen) == len(weights) else None
    shared: dict[str, Fraction] = {}
    for name in spec.dimensions:
        members = [one for one in spec.indicators if one.dimension == name]
        known = sum((one.weight for one in members if one.id in seen), Fraction(0))
        if not known:
            return None
        whole = sum((one.weight for one in members), Fraction(0))
        shared |= {one.id: one.weight * whole / known for one in members if one.id in seen}
    return shared, seen


def ratio(over: Fraction | int, under: Fraction | int) -> float | None:
    return float(Fraction(over) / under) if under else None


def count_by_hand(
    spec: Spec, rows: Sequence[Row], rule: str
) -> dict[tuple[str, str, float | None], float | None]:
    """Compute every measure household by household in fractions."""
    found = [(row["w"] or 0, *one) for row in rows if (one := effective(spec, row, rule))]
    whole = sum(w for w, _, _ in found)
    told: dict[tuple[str, str, float | None], float | None] = {}
    seen = {one.id: sum(w for w, _, g in found if one.id in g) for one in spec.indicators}
    for key, weight in seen.items():
        told["hd", key, None] = ratio(sum(w * g.get(key, 0) for w, _, g in found), weight)
    for k in spec.cutoffs:
        scored = [(w, s, g, sum(s[key] * g[key] for key in g)) for w, s, g in found]
        poor = [(w, s, g, c) for w, s, g, c in scored if c >= k]
        depth = sum((w * c for w, _, _, c in poor), Fraction(0))
        told["H", "", float(k)] = ratio(sum(w for w, *_ in poor), whole)
        told["A", "", float(k)] = ratio(depth, sum(w for w, *_ in poor))
        told["M0", "", float(k)] = ratio(depth, whole)
        for key, weight in seen.items():
            part = sum((w * s.get(key, 0) * g.get(key, 0) for w, s, g, _ in poor), Fraction(0))
            told["hdk", key, float(k)] = ratio(sum(w * g.get(key, 0) for w, _, g, _ in poor), weight)
            told["actb", key, float(k)] = ratio(part, whole)
            told["pctb", key, float(k)] = ratio(part, depth)
        for name in spec.dimensions:
            members = [one.id for one in spec.indicators if one.dimension == name]
            part = sum(
                (w * s.get(key, 0) * g.get(key, 0) for w, s, g, _ in poor for key in members), Fraction(0)
            )
            told["actb_dimension", name, float(k)] = ratio(part, whole)
            told["pctb_dimension", name, float(k)] = ratio(part, depth)
    return told


def mark(k: float | None, spec: Spec) -> str:
    return next((f"_{one.numerator}_{one.denominator}" for one in spec.cutoffs if float(one) == k), "")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_the_cube_equals_fractions_counted_household_by_household(case: tuple[Spec, list[Row]]) -> None:
    spec, rows = case
    cube = profile_cube(ibis.memtable(as_table(spec, rows)), spec, ["area"], weight="weight")
    table = cube.estimates().table.to_pylist()
    groups = {"": rows} | {str(area): [row for row in rows if row["area"] == area] for area in (1, 2, 3)}
    checked = 0
    for rule in ("lower", "upper") if spec.missing == "bounds" else (spec.missing,):
        by_hand = {name: count_by_hand(spec, members, rule) for name, members in groups.items()}
        end = f"_{rule}" if spec.missing == "bounds" else ""
        for row in table:
            name = row["measure"].removesuffix(end)
            if row["measure"].endswith(end) and name != "popshare":
                assert row["b"] == by_hand[row["group"]][name, row["indicator"], row["k"]], (row, rule)
                checked += 1
    assert checked >= len(spec.indicators)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_the_headline_equals_fractions_counted_household_by_household(case: tuple[Spec, list[Row]]) -> None:
    spec, rows = case
    table = headline(ibis.memtable(as_table(spec, rows)), spec, ["area"], weight="weight").to_pyarrow()
    for told in table.to_pylist():
        members = [row for row in rows if row["area"] == told["area"]]
        for rule in ("lower", "upper") if spec.missing == "bounds" else (spec.missing,):
            end = f"_{rule}" if spec.missing == "bounds" else ""
            for (measure, key, k), wanted in count_by_hand(spec, members, rule).items():
                if measure.startswith(("actb", "pctb")):
                    continue
                name = measure + (f"_{key}" if key else "") + mark(k, spec) + end
                assert told[name] == (None if wanted is None else pytest.approx(wanted, rel=ENGINES)), name
        assert told["n"] + told["left_out"] == len(members)
        assert told["w"] + told["w_left_out"] == sum(row["w"] or 0 for row in members)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases(), st.data())
def test_other_weights_and_cutoffs_need_no_other_count(
    case: tuple[Spec, list[Row]], data: st.DataObject
) -> None:
    spec, rows = case
    drawn = data.draw(specs().filter(lambda other: len(other.indicators) == len(spec.indicators)))
    weights = {one.id: one.weight for one in drawn.indicators}
    other = replace(
        spec,
        indicators=tuple(replace(one, weight=weights[one.id]) for one in spec.indicators),
        cutoffs=drawn.cutoffs,
    )
    households = ibis.memtable(as_table(spec, rows))
    old, new = (profile_cube(households, one, ["area"], weight="weight") for one in (spec, other))
    assert old.estimates(drawn.cutoffs, weights=weights).table.equals(new.estimates().table)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases(), st.sampled_from(["drop", "spread"]))
def test_curves_hold_every_cutoff_and_dominance_compares_them(
    case: tuple[Spec, list[Row]], rule: Missing
) -> None:
    spec, rows = case
    cube = profile_cube(ibis.memtable(as_table(spec, rows)), spec, ["area"], weight="weight")
    lines: dict[str, list[tuple[float, float]]] = {}
    table = curves(cube, missing=rule).to_pylist()
    for row in table:
        lines.setdefault(row["group"], []).append((row["H"], row["M0"]))
    for group, area in (("", None), *((str(one), one) for one in (1, 2, 3))):
        members = [row for row in rows if area in {None, row["area"]}]
        for row in table:
            exact = next((score for score in all_scores(spec, rows, rule) if float(score) == row["k"]), None)
            assert exact is not None
            by_hand = count_by_hand(replace(spec, cutoffs=(exact,)), members, rule)
            if row["group"] == group:
                wanted = tuple(by_hand[name, "", row["k"]] for name in ("H", "M0"))
                assert (row["H"], row["M0"]) == wanted
    wanted_pairs = {
        (less, more)
        for less, more in itertools.permutations([group for group in lines if group], 2)
        if None not in (lines[less][0][1], lines[more][0][1])
        and all(a[1] <= b[1] for a, b in zip(lines[less], lines[more], strict=True))
        and any(a[1] < b[1] for a, b in zip(lines[less], lines[more], strict=True))
    }
    told = dominance(cube, missing=rule).to_pylist()
    assert {(row["group"], row["over"]) for row in told} == wanted_pairs


def all_scores(spec: Spec, rows: Sequence[Row], rule: str) -> set[Fraction]:
    """Give the scores of all that count."""
    found = [one for row in rows if (one := effective(spec, row, rule))]
    return {sum((weights[key] * seen[key] for key in seen), Fraction(0)) for weights, seen in found}


def test_robustness_counts_the_pairs_that_keep_their_order() -> None:
    spec = make_spec([Fraction(1, 2), Fraction(1, 2)], "ab", [Fraction(1, 2), Fraction(1)], "drop")
    shares = {1: (1, 1), 2: (2, 1), 3: (4, 0)}
    rows: list[Row] = [
        {"area": area, "w": 1, "d0": int(place < one), "d1": int(place < both)}
        for area, (one, both) in shares.items()
        for place in range(5)
    ]
    cube = profile_cube(ibis.memtable(as_table(spec, rows)), spec, ["area"])
    swapped = {"second": {"d0": Fraction(1, 100), "d1": Fraction(99, 100)}}
    told = robustness(cube, k=[Fraction(1, 2)], weightings=swapped).to_pylist()
    # M0 is 1/5, 3/10, 4/10 at first; with nearly all weight on the second, 1/5, 1/5, 0.
    assert [row["kept"] for row in told] == [1.0, 0.0]
    assert [row["weighting"] for row in told] == ["", "second"]
    assert told[1]["kendall"] == pytest.approx(-2 / 6**0.5)


@pytest.mark.parametrize("rule", RULES)
def test_polars_and_duckdb_give_the_same_headline_and_cube(rule: Missing) -> None:
    spec, table = mixed_case(rule)
    polars = ibis.polars.connect().create_table("households", table)
    duckdb = ibis.memtable(table)
    assert_same(
        *(
            headline(one, spec, ["area"], weight="weight", size="size").to_pyarrow()
            for one in (polars, duckdb)
        )
    )
    assert_same(
        *(
            profile_cube(one, spec, ["area"], weight="weight", size="size").estimates().table
            for one in (polars, duckdb)
        )
    )
