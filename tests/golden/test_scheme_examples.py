"""Every example of a scheme runs whole in both languages, and its check figures hold."""

from __future__ import annotations

import shutil
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

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
