"""What the columns of a programme mean, on small folders: quantities, kinds, dates, limits, parents."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from jiedui.errors import InfeasibleError, InputError
from jiedui.programmes import Run, read_folder, run_folder
from jiedui.programmes.composition import make_setting
from jiedui.programmes.kinds import kinds_of
from jiedui.programmes.setting import Setting
from jiedui.schemes import load_scheme

EXAMPLES = Path(__file__).parents[2] / "examples"
Spoil = Callable[[str, int, str, str], None]


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Copy an example, for a test to change."""
    name: str = request.param
    ignore = shutil.ignore_patterns("out")
    return Path(shutil.copytree(EXAMPLES / name, tmp_path / name, ignore=ignore))


@pytest.fixture
def put(folder: Path) -> Spoil:
    """Set one cell of a table of the copied example: file, data row from 0, column, value."""

    def set_cell(name: str, row: int, column: str, value: str) -> None:
        path = folder / name
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
        lines[row][column] = value
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, lines[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(lines)

    return set_cell


def setting_of(folder: Path) -> Setting:
    content = read_folder(folder)
    return make_setting(content.tables, scheme=content.programme.scheme, on=content.programme.round)


def pairs(run: Run, proposal: str) -> list[tuple[str, str]]:
    rows = run.records.tables["pairs"].to_pylist()
    return [(row["recipient"], row["helper"]) for row in rows if row["proposal"] == proposal]


@pytest.mark.parametrize("folder", ["education"], indirect=True)
def test_a_need_of_several_is_so_many_places_of_one_unit(folder: Path) -> None:
    setting = setting_of(folder)
    quantity = sum(row["quantity"] for row in setting.units)
    assert len(setting.places) == quantity == 30
    assert [row["id"] for row in setting.places if row["recipient"] == "S2-maths"] == [
        "S2-maths/1", "S2-maths/2", "S2-maths/3",
    ]  # fmt: skip
    assert np.array_equal(np.bincount(setting.unit_of), np.array([row["quantity"] for row in setting.units]))


@pytest.mark.parametrize("folder", ["education"], indirect=True)
def test_an_offer_of_another_kind_is_no_candidate(folder: Path) -> None:
    setting = setting_of(folder)
    for place, row in enumerate(setting.places):
        kinds = {setting.helpers[helper]["kind"] for helper in np.flatnonzero(setting.candidates[place])}
        assert kinds == {row["kind"]}


@pytest.mark.parametrize("folder", ["education"], indirect=True)
def test_a_shared_offer_is_no_load_and_takes_whoever_wants_it(folder: Path, put: Spoil) -> None:
    lessons = [row["id"] for row in setting_of(folder).helpers].index("H4-online")
    put("helpers.csv", lessons, "mode", "used_up")
    put("helpers.csv", lessons, "at_most", "1")
    used = [helper for _, helper in pairs(run_folder(folder), "offered")]
    assert used.count("H4-online") <= 1
    assert used.count("H1-online") >= 3
    row = next(
        row
        for row in run_folder(folder).records.tables["prices"].to_pylist()
        if (row["proposal"], row["helper"]) == ("offered", "H1-online")
    )
    assert row["load"] is None
    assert row["places"] == used.count("H1-online")


@pytest.mark.parametrize("folder", ["counterpart_support"], indirect=True)
def test_a_recipient_has_as_many_helpers_as_it_wants(folder: Path, put: Spoil) -> None:
    ids = [row["id"] for row in setting_of(folder).units]
    put("recipients.csv", ids.index("653201"), "helpers", "2")
    found = [recipient for recipient, _ in pairs(run_folder(folder), "more_changes")]
    assert [found.count(one) for one in ("653201", "653125", "653101")] == [2, 2, 1]


@pytest.mark.parametrize("folder", ["counterpart_support"], indirect=True)
def test_more_than_helpers_can_take_at_least_is_told_not_left_out(folder: Path, put: Spoil) -> None:
    for row in range(7):
        put("helpers.csv", row, "at_most", "9")
        put("helpers.csv", row, "at_least", "9")
    with pytest.raises(InfeasibleError):
        run_folder(folder)


@pytest.mark.parametrize("folder", ["first_secretary_people"], indirect=True)
def test_nobody_is_a_candidate_who_is_free_too_late_or_of_another_unit(folder: Path) -> None:
    setting = setting_of(folder)
    units = {(row["helper"], row["recipient"]) for row in setting.pairings if row["helper"].startswith("U")}
    assert setting.candidates.any(axis=1).all()
    for place, helper in np.argwhere(setting.candidates):
        person, village = setting.helpers[helper], setting.places[place]
        assert (person["party"], village["id"]) in units
        assert person["available_from"] <= village["needed_from"]
        assert person["at_most"] == 1
    late = [row["id"] for row in setting.helpers if (row["available_from"] or "") > "2026-05-01"]
    assert late


@pytest.mark.parametrize("folder", ["fixed_point"], indirect=True)
def test_a_helper_or_recipient_of_nothing_stands_in_the_present_only(folder: Path, put: Spoil) -> None:
    first = setting_of(folder).helpers[0]["id"]
    put("helpers.csv", 0, "at_most", "0")
    run = run_folder(folder)
    assert first in {helper for _, helper in pairs(run, "present")}
    assert first not in {helper for _, helper in pairs(run, "share")}


@pytest.mark.parametrize(
    ("folder", "spoil", "rule"),
    [
        ("education", ("recipients.csv", 0, "kind", "化学教师"), r"programme\.unknown_kind  recipients\.csv"),
        ("education", ("helpers.csv", 0, "kind", ""), r"table\.cell_empty"),
        ("education", ("helpers.csv", 0, "mode", "sold"), r"table\.not_a_choice"),
        ("education", ("recipients.csv", 0, "quantity", "0"), r"table\.out_of_bounds"),
        ("counterpart_support", ("helpers.csv", 0, "at_least", "9"), r"programme\.bounds  helpers\.csv"),
        ("first_secretary_people", ("pairings.csv", 0, "helper", "U99"), r"programme\.unknown_code"),
    ],
    indirect=["folder"],
)
def test_a_cell_that_its_scheme_cannot_use_is_told(
    folder: Path, put: Spoil, spoil: tuple[str, int, str, str], rule: str
) -> None:
    put(*spoil)
    with pytest.raises(InputError, match=rule):
        read_folder(folder)


@pytest.mark.parametrize("folder", ["counterpart_recovery"], indirect=True)
@pytest.mark.parametrize(
    ("was", "becomes"),
    [('on = "2008-06-11"\n', ""), ("max_moves", "stay = 2\nmax_moves"), ('"listed"', '"nearest to"')],
)
def test_a_proposal_that_cannot_be_followed_is_refused(folder: Path, was: str, becomes: str) -> None:
    path = folder / "programme.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(was, becomes), encoding="utf-8")
    with pytest.raises(InputError, match=r"programme\.key  programme\.toml proposals"):
        read_folder(folder)


def test_a_cell_may_name_kinds_by_id_or_in_either_language() -> None:
    scheme = load_scheme("school_twinning")
    assert kinds_of("science, 音乐; school garden", scheme) == ("science", "music", "garden")
    assert kinds_of(None, scheme) == ()


@pytest.mark.parametrize(
    ("was", "becomes", "rule"),
    [
        ('must = ["party", "kind", "quantity"]', 'must = ["party", "quantity"]', r"scheme\.key"),
        ('may = ["priority"]', 'may = ["colour"]', r"scheme\.rule"),
        ('limit = "own"', 'limit = "own"\nmost = 0', r"scheme\.key"),
        ('id = "maths"\nwords = {', 'id = "maths"\nother = {', r"scheme\.words"),
        ('rule = "same_kind"', 'rule = "any_kind"', r"scheme\.rule"),
        ("leave_out = [", 'leave_out = "load_gini" #', r"scheme\.key"),
    ],
)
def test_a_scheme_that_cannot_be_followed_is_refused(
    was: str, becomes: str, rule: str, tmp_path: Path
) -> None:
    from importlib.resources import files

    text = files("jiedui.schemes").joinpath("education", "scheme.toml").read_text(encoding="utf-8")
    assert was in text
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "scheme.toml").write_text(text.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(InputError, match=rule):
        load_scheme("own", beside=tmp_path)
