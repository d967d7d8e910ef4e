"""Every example of a scheme runs whole in both languages, and its check figures hold."""

from __future__ import annotations

import re
import shutil
import tomllib
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from jiedui.language import LANGUAGES, Lang
from jiedui.programmes import Run, publish_run, run_folder
from jiedui.programmes.starting import start_folder
from jiedui.schemes import load_scheme, shipped_schemes

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("counterpart_recovery",)


@cache
def run(name: str, lang: Lang = "zh") -> Run:
    return run_folder(EXAMPLES / name, lang=lang)


def rows(name: str, table: str, proposal: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run(name).records.tables[table].to_pylist()
    return [row for row in found if row["proposal"] == proposal]


def comparison(name: str, proposal: str) -> dict[str, Any]:
    return rows(name, "comparison", proposal)[0]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_an_example_runs_whole_and_what_it_claims_to_be_best_is(
    name: str, lang: Lang, tmp_path: Path
) -> None:
    made = run(name, lang)
    assert made.folder.notes == ()
    assert made.faults == []
    written = publish_run(made, tmp_path / "out")
    files = {path.name for path in written.files}
    assert {"report.html", "map.svg", "pairs.xlsx", "comparison.csv", "reasons.csv", "run.json"} <= files


@pytest.mark.parametrize("name", NAMES)
def test_an_example_says_what_it_does_not_show_and_where_its_data_come_from(name: str) -> None:
    programme = run(name).folder.programme
    assert programme.limits
    assert programme.sources
    assert programme.pictures
    sources = (EXAMPLES / name / "SOURCES.md").read_text(encoding="utf-8")
    assert all(f"{path.stem}.csv" in sources for path in (EXAMPLES / name).glob("*.csv"))
    assert "**摘要**" in sources


@pytest.mark.parametrize("scheme", shipped_schemes())
def test_every_scheme_has_an_example_and_starts_a_folder_that_can_be_read(
    scheme: str, tmp_path: Path
) -> None:
    used = {
        tomllib.loads(path.read_text(encoding="utf-8"))["programme"]["scheme"]
        for path in EXAMPLES.glob("*/programme.toml")
    }
    assert scheme in used
    settings, _ = start_folder(scheme, tmp_path / "new")
    asks = tomllib.loads(settings.read_text(encoding="utf-8"))["proposals"]
    assert {ask.get("capacity") for ask in asks} == {None, *load_scheme(scheme).capacity}


def test_eleven_pairs_of_wenchuan_were_carried_on_and_fifteen_could_have_been() -> None:
    name = "counterpart_recovery"
    assert len(rows(name, "pairs", "may")) == 21
    assert len(rows(name, "pairs", "june")) == len(rows(name, "pairs", "carried_on")) == 20
    assert comparison(name, "june")["kept"] == 11
    assert comparison(name, "carried_on")["kept"] == 15
    assert comparison(name, "carried_on")["unserved"] == 0
    kept = {
        (row["helper_name"], row["recipient_name"])
        for row in rows(name, "pairs", "carried_on")
        if row["status"] == "kept"
    }
    june = {
        (row["helper_name"], row["recipient_name"])
        for row in rows(name, "pairs", "june")
        if row["status"] == "kept"
    }
    assert kept - june == {
        ("湖南省", "彭州市"),
        ("吉林省", "平武县"),
        ("福建省", "理县"),
        ("河北省", "崇州市"),
    }


def test_sixteen_could_have_been_with_tianjin_free(tmp_path: Path) -> None:
    folder = Path(
        shutil.copytree(
            EXAMPLES / "counterpart_recovery", tmp_path / "free", ignore=shutil.ignore_patterns("out")
        )
    )
    decided = folder / "decided.csv"
    lines = decided.read_text(encoding="utf-8").splitlines()
    decided.write_text("\n".join(line for line in lines if ",120000," not in line) + "\n", encoding="utf-8")
    found = run_folder(folder).records.tables["comparison"].to_pylist()
    assert {row["proposal"]: row["kept"] for row in found}["carried_on"] == 16


def helpers_of(name: str, proposal: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in rows(name, "pairs", proposal):
        found.setdefault(row["recipient"].split("/")[0], set()).add(row["helper"])
    return found


def test_every_unit_has_a_county_and_every_county_a_unit() -> None:
    idle = {row["helper"] for row in rows("fixed_point", "prices", "present") if not row["places"]}
    assert len(idle) == 3
    for proposal in ("at_least_one", "share"):
        assert comparison("fixed_point", proposal)["idle_helpers"] == 0
        assert comparison("fixed_point", proposal)["unserved"] == 0
        assert comparison("fixed_point", proposal)["kept"] == 13


def test_several_helpers_serve_one_area_and_two_of_its_counties() -> None:
    name = "counterpart_support"
    assert comparison(name, "present")["unserved_names"] == "莎车县、墨玉县"
    for proposal, most in (("few_changes", 4), ("more_changes", 8)):
        assert comparison(name, proposal)["unserved"] == 0
        assert len(helpers_of(name, proposal)["653125"]) == 2
        new = [row for row in rows(name, "pairs", proposal) if row["status"] == "new"]
        assert len(new) <= most
        assert {row["helper"] for row in rows(name, "pairs", proposal)} == {
            row["id"] for row in run(name).setting.helpers
        }


def test_the_old_area_keeps_the_shares() -> None:
    assert sum(run("old_area").quota) == 56
    assert comparison("old_area", "share")["over_share"] == 0


def test_the_old_area_is_helped_in_whole_areas() -> None:
    assert comparison("old_area", "share")["blocks"] == 23
    assert comparison("old_area", "contiguous")["blocks"] == len(run("old_area").setting.helpers)
    assert comparison("old_area", "two_areas")["over_share"] == 0
    for proposal, most, beyond in (("contiguous", 1, 5), ("two_areas", 2, 0)):
        assert comparison("old_area", proposal)["unserved"] == 0
        assert max(run("old_area").records.measures[proposal].blocks) <= most
        taken = run("old_area").records.measures[proposal].places
        assert all(
            places <= share + beyond for places, share in zip(taken, run("old_area").quota, strict=True)
        )


def test_cities_are_partners_one_to_one() -> None:
    name = "old_area_cities"
    found = rows(name, "pairs", "few_changes")
    assert len({row["helper"] for row in found}) == len({row["recipient"] for row in found}) == 10
    assert all(row["mutual"] for row in found)
    assert comparison(name, "few_changes")["place_moves"] <= 4
    assert comparison(name, "few_changes")["score_mean"] > comparison(name, "present")["score_mean"]


def test_no_listed_village_is_left_without_and_the_urgent_come_first() -> None:
    name = "first_secretary_villages"
    assert comparison(name, "present")["unserved"] == 7
    assert comparison(name, "every_village")["unserved"] == 0
    served = helpers_of(name, "one_each")
    left = [row for row in run(name).setting.units if row["id"] not in served]
    assert len(left) == 8
    assert {row["priority"] for row in left} == {3}


def test_a_person_goes_to_a_village_of_the_own_unit_free_in_time_and_never_where_forbidden() -> None:
    name = "first_secretary_people"
    people = {row["id"]: row for row in run(name).setting.helpers}
    parents = {
        (row["helper"], row["recipient"])
        for row in rows("first_secretary_villages", "pairs", "every_village")
    }
    forbidden = {(row["helper"], row["recipient"]) for row in run(name).setting.decided}
    found = rows(name, "pairs", "next_term")
    assert comparison(name, "next_term")["unserved"] == 0
    assert len({row["helper"] for row in found}) == len(found) == 24
    for row in found:
        assert (people[row["helper"]]["party"], row["recipient"]) in parents
        assert row["available_from"] <= row["needed_from"]
        assert (row["helper"], row["recipient"]) not in forbidden


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_scores_ranks_or_compares_people(lang: Lang, tmp_path: Path) -> None:
    made = run("first_secretary_people", lang)
    declared = {column.name for table in made.records.declarations.values() for column in table.columns}
    assert not declared & {"score", "score_mean", "own_rank", "runner_up", "gap", "price", "load", "need"}
    assert "prices" not in made.records.tables
    reasons = [row["reason"] for row in made.records.tables["reasons"].to_pylist()]
    words = {"zh": ("得分", "名次", "第", "次优", "候选"), "en": ("score", "rank", "next best", "candidate")}
    assert not [reason for reason in reasons if any(word in reason for word in words[lang])]
    publish_run(made, tmp_path / "out")
    page = (tmp_path / "out" / "pairs.csv").read_text(encoding="utf-8-sig")
    assert not any(word in page for word in words[lang][:2])


def test_needs_of_several_are_met_by_several_schools_and_lessons_are_shared() -> None:
    name = "education"
    assert comparison(name, "offered")["unserved"] == comparison(name, "whole")["unserved"] == 0
    by_kind = {row["id"]: row for row in run(name).setting.helpers}
    assert any(len(helpers) > 1 for helpers in helpers_of(name, "offered").values())
    found = rows(name, "pairs", "offered")
    used = {helper: sum(row["places"] for row in found if row["helper"] == helper) for helper in by_kind}
    for helper, row in by_kind.items():
        assert row["mode"] == "shared" or used[helper] <= row["at_most"]
    lessons = [row for row in found if row["helper"].endswith("-online")]
    assert len(lessons) == 4
    assert all("跟课" in row["target"] for row in lessons)


CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


def test_the_english_outputs_of_a_twinning_abroad_hold_no_chinese_sign(tmp_path: Path) -> None:
    publish_run(run("school_twinning", "en"), tmp_path / "out")
    for path in (tmp_path / "out").iterdir():
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                texts = [book.read(name).decode("utf-8") for name in book.namelist() if "theme" not in name]
        elif path.suffix == ".pdf":
            from pypdf import PdfReader

            texts = [page.extract_text() for page in PdfReader(path).pages]
        elif path.suffix == ".parquet":
            texts = [str(pq.read_table(path).to_pydict())]
        else:
            texts = [path.read_text(encoding="utf-8-sig")]
        assert not CJK.findall("".join(texts)), path.name
        assert "GDP" not in "".join(texts), path.name


def test_a_twinned_pair_is_written_both_ways(tmp_path: Path) -> None:
    publish_run(run("school_twinning", "en"), tmp_path / "out")
    drawing = (tmp_path / "out" / "map.svg").read_text(encoding="utf-8")
    assert "Leeds Ashgrove ↔ Nakuru Cedar" in drawing
    assert "-head" not in drawing.split("</style>")[1]
