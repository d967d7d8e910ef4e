"""From needs to the recipients of a scheme: each need, or each place; and schemes that cannot take them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.errors import InputError
from jiedui.needs.quantities import load_catalogue
from jiedui.needs.tables import NEEDS
from jiedui.programmes.needs.pairing import read_helping, recipients_of
from jiedui.programmes.programme import Ask, Programme, read_programme
from jiedui.schemes import load_scheme
from jiedui.schemes.scheme import Columns

EXAMPLE = Path(__file__).parents[2] / "examples" / "county_needs"
ASK = Ask("nearest", {"zh": "就近", "en": "nearest"}, "nearest")
PLACES = ("v1", "v2", "v3")
AREAS = pa.table({
    "code": PLACES, "name": ["甲村", "乙村", "丙村"], "lon": [100.0, 101.0, 102.0], "lat": [25.0] * 3,
})  # fmt: skip


@cache
def programme(scheme: str, *, asks: tuple[Ask, ...] = (ASK,)) -> Programme:
    return replace(read_programme(EXAMPLE), scheme=load_scheme(scheme), asks=asks)


def needs_of(rows: list[tuple[str, str, float, int]]) -> pa.Table:
    names = ("recipient", "kind", "quantity", "priority")
    made = [dict(zip(names, row, strict=True)) for row in rows]
    told = [row | {"need": f"{row['recipient']}-{row['kind']}", "unit": "户", "reason": ""} for row in made]
    return pa.Table.from_pylist(told, NEEDS.schema())


ROWS = st.dictionaries(
    st.tuples(st.sampled_from(PLACES), st.sampled_from(["water", "jobs", "roads"])),
    st.tuples(st.floats(0.1, 99), st.integers(1, 9)),
    min_size=1,
)


@given(ROWS)
def test_each_place_has_all_its_kinds_and_the_urgency_of_the_most_urgent(
    found: dict[tuple[str, str], tuple[float, int]],
) -> None:
    needs = needs_of([(*key, *value) for key, value in found.items()])
    made = recipients_of(needs, AREAS, programme("first_secretary_villages")).to_pylist()
    for row in made:
        own = {kind: value[1] for (place, kind), value in found.items() if place == row["id"]}
        kinds = row["kind"].split("、")
        assert sorted(kinds) == sorted(own)
        assert [own[kind] for kind in kinds] == sorted(own.values())
        assert row["priority"] == min(own.values())
    assert [row["id"] for row in made] == sorted({place for place, _ in found})


def test_each_need_is_a_recipient_where_a_scheme_counts_units_of_it() -> None:
    needs = needs_of([("v1", "maths", 2, 1), ("v1", "arts", 1, 2)])
    made = recipients_of(needs, AREAS, programme("education")).to_pylist()
    told = [(row["id"], row["party"], row["kind"], row["quantity"]) for row in made]
    assert told == [("v1-arts", "v1", "arts", 1), ("v1-maths", "v1", "maths", 2)]


def test_columns_that_a_scheme_does_not_use_are_left_out() -> None:
    made = recipients_of(needs_of([("v1", "water", 2, 1)]), AREAS, programme("old_area"))
    assert {"kind", "priority", "party", "quantity"}.isdisjoint(made.column_names)


def test_without_proposals_each_need_stays_by_itself() -> None:
    asked = programme("first_secretary_villages", asks=())
    assert recipients_of(needs_of([("v1", "water", 2, 1)]), AREAS, asked)["id"].to_pylist() == ["v1-water"]


@pytest.mark.parametrize(
    ("scheme", "lacks"), [("household", "candidates"), ("first_secretary_villages", "needed_from")]
)
def test_a_scheme_that_needs_cannot_fill_is_refused(scheme: str, lacks: str) -> None:
    asked = programme(scheme)
    if lacks == "needed_from":
        columns = {"recipients": Columns(must=("kind", "needed_from"))}
        asked = replace(asked, scheme=replace(asked.scheme, columns=columns))
    with pytest.raises(InputError) as refusal:
        read_helping(EXAMPLE, asked, load_catalogue("villages"))
    (found,) = refusal.value.findings
    assert found.rule == "programme.needs_cannot_fill"
    assert lacks in found.en


def test_proposals_without_a_catalogue_of_needs_are_refused() -> None:
    with pytest.raises(InputError, match="needs_cannot_fill"):
        read_helping(EXAMPLE, programme("first_secretary_villages"), None)


def test_a_folder_that_asks_for_no_proposals_needs_no_helpers(tmp_path: Path) -> None:
    assert read_helping(tmp_path, programme("first_secretary_villages", asks=()), None) == {}
