"""Specifications: what ships, what is read, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from jiedui.errors import InputError
from jiedui.needs import Spec, load_spec, read_spec, shipped_specs

GIVEN: dict[str, dict[str, object]] = {
    "monitoring_line": {"line": 7000},
    "school_needs": {"most_pupils_per_teacher": 19},
    "two_assurances_three_guarantees": {"as_of": "2019-06-01"},
    "village_needs": {"least_collective_income": 100_000},
}
WHOLE = """
[spec]
id = "own"
words = { zh = "自定", en = "own" }
cutoffs = ["1/3"]
[dimensions]
health = { zh = "健康", en = "health" }
[[indicators]]
id = "a"
dimension = "health"
words = { zh = "甲", en = "a" }
weight = "1/6"
[[indicators]]
id = "b"
dimension = "health"
words = { zh = "乙", en = "b" }
weight = "5/6"
deprived = "income < 10 and kind in ('x', 'y')"
"""


def rules(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [found.rule for found in error.value.findings]


def read(tmp_path: Path, text: str) -> Spec:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return read_spec(path)


@pytest.mark.parametrize("name", shipped_specs())
def test_a_shipped_specification_is_whole(name: str) -> None:
    spec = load_spec(name, year=2015, values=GIVEN.get(name))
    assert spec.id == name
    assert sum(one.weight for one in spec.indicators) == 1
    assert sum(spec.weights.values()) == spec.scale


def test_the_global_index_has_its_ten_weights() -> None:
    spec = load_spec("global_mpi")
    assert [one.weight for one in spec.indicators] == [Fraction(1, 6)] * 4 + [Fraction(1, 18)] * 6
    assert spec.cutoffs[0] == Fraction(1, 3)


def test_the_income_line_is_that_of_its_year() -> None:
    lines = (2736, 2800, 2855, 2952, 2952, 2995, 3218, 4000)
    for year, line in enumerate(lines, start=2013):
        assert load_spec("income_line", year=year).indicators[0].deprived == f"income_per_head < {line}"
    for other in (2012, 2021, None):
        with pytest.raises(InputError) as error:
            load_spec("income_line", year=other)
        assert rules(error) == ["needs.no_year"]


def test_the_monitoring_line_has_no_default() -> None:
    with pytest.raises(InputError) as error:
        load_spec("monitoring_line")
    assert rules(error) == ["needs.value_needed"]
    with pytest.raises(InputError) as error:
        load_spec("monitoring_line", values={"line": 7000, "income": 3})
    assert rules(error) == ["needs.no_value"]


def test_a_name_that_does_not_ship_is_refused() -> None:
    with pytest.raises(InputError) as error:
        load_spec("../global_mpi")
    assert rules(error) == ["needs.no_spec"]


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    spec = read(tmp_path, WHOLE)
    assert (spec.indicators[0].weight, spec.indicators[1].deprived) == (
        Fraction(1, 6),
        "income < 10 AND kind IN ('x', 'y')",
    )


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('"5/6"', '"4/6"', "needs.weights_sum"),
        ('"1/6"', "0.166", "needs.hidden_fraction"),
        ('"1/6"', '"0.1667"', "needs.hidden_fraction"),
        ('"1/6"', '"one sixth"', "needs.not_number"),
        ('"1/6"', "true", "needs.not_number"),
        ('"1/3"', "0", "needs.cutoff"),
        ('"1/3"', "33", "needs.cutoff"),
        ('["1/3"]', "[]", "needs.no_cutoffs"),
        ('id = "b"', 'id = "a"', "needs.twice"),
        (
            'dimension = "health"\nwords = { zh = "乙"',
            'dimension = "wealth"\nwords = { zh = "乙"',
            "needs.no_dimension",
        ),
        ("[spec]", "[[spec]]", "needs.type"),
        ('id = "own"', 'id = "own"\nkind = 3', "needs.key"),
        ('zh = "甲", ', "", "needs.type"),
        ("income < 10", "income <", "formulas.unreadable"),
        ("income < 10", "income < (select 1)", "formulas.not_allowed"),
        ("income < 10", "read_text('/etc/passwd') = 'x'", "formulas.not_allowed"),
        ("income < 10", "income < :line", "formulas.no_value"),
        ("[spec]", "spec", "needs.not_toml"),
    ],
)
def test_what_is_not_whole_is_refused(tmp_path: Path, old: str, new: str, rule: str) -> None:
    assert old in WHOLE
    with pytest.raises(InputError) as error:
        read(tmp_path, WHOLE.replace(old, new, 1))
    assert rule in rules(error)
    assert all(found.file == "own.toml" for found in error.value.findings)


@pytest.mark.parametrize("weight", ["0", "-1/6"])
def test_a_weight_is_above_zero(tmp_path: Path, weight: str) -> None:
    rest = str(1 - Fraction(weight))
    with pytest.raises(InputError) as error:
        read(tmp_path, WHOLE.replace('"1/6"', f'"{weight}"').replace('"5/6"', f'"{rest}"'))
    assert rules(error) == ["needs.weight"]


def test_exact_decimals_and_exact_doubles_are_taken() -> None:
    spec = Spec.of({"x": {"a": 0.25, "b": 0.75}}, [1 / 3])
    assert spec.cutoffs == (Fraction(1, 3),)
    assert spec.indicators[0].weight == Fraction(1, 4)
    with pytest.raises(InputError) as error:
        Spec.of({"x": ["a"]}, [0.333])
    assert rules(error) == ["needs.hidden_fraction"]


def test_an_indicator_named_twice_in_a_dimension_is_refused() -> None:
    with pytest.raises(InputError) as error:
        Spec.of({"x": ["a", "a"]}, [1])
    assert rules(error) == ["needs.twice"]
