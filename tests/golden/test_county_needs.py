"""The needs of the synthetic county: the whole way from survey and registers to what a pairing takes."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sys
from collections import Counter
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from jiedui.errors import InputError
from jiedui.needs import poverty
from jiedui.needs.money import fgt, gini
from jiedui.programmes.needs import NeedsRun, run_needs, write_needs
from jiedui.tables import read_table
from jiedui.tables.shared import RECIPIENTS

LINE = 8000
SURVEY_ERROR = 0.06
"""About twice the standard error of a share of 0.3 among 250 households of a sample in clusters."""
EXAMPLE = Path(__file__).parents[2] / "examples" / "county_needs"


@pytest.fixture(scope="module")
def run() -> NeedsRun:
    return run_needs(EXAMPLE)


@pytest.fixture(scope="module")
def out(run: NeedsRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("needs") / "out"
    write_needs(run, folder)
    return folder


def whole(run: NeedsRun, source: str, measure: str) -> float:
    rows = getattr(run, source).table.to_pylist()
    k = float(run.content.spec.cutoffs[0])
    (found,) = [
        row["b"]
        for row in rows
        if (row["measure"], row["indicator"], row["group"], row["k"]) == (measure, "", "", k)
    ]
    return float(found)


def test_the_survey_estimates_what_the_registers_hold(run: NeedsRun) -> None:
    """The truth of the registers lies inside the survey's interval, and M0 = H A in both."""
    rows = [row for row in run.survey.table.to_pylist() if row["measure"] == "H" and row["group"] == ""]
    (H,) = [row for row in rows if row["k"] == float(run.content.spec.cutoffs[0])]  # noqa: N806
    assert H["n"] == 560
    assert H["ll"] < whole(run, "register", "H") < H["ul"]
    for source in ("survey", "register"):
        product = whole(run, source, "H") * whole(run, source, "A")
        assert product == pytest.approx(whole(run, source, "M0"), abs=1e-12)


def test_the_curve_of_the_cube_meets_the_registers(run: NeedsRun) -> None:
    k = float(run.content.spec.cutoffs[0])
    (found,) = [row["H"] for row in run.curves.to_pylist() if row["k"] == pytest.approx(k)]
    assert found == pytest.approx(whole(run, "register", "H"), abs=1e-12)


def test_every_village_has_an_estimate_or_a_reason(run: NeedsRun) -> None:
    rows = run.areas.table.to_pylist()
    assert [row["area"] for row in rows] == run.content.areas["code"].to_pylist()
    assert all((row["eblup"] is None) == bool(row["hidden"]) for row in rows)
    assert sum(row["is_sampled"] for row in rows) == 28


def test_needs_count_the_deprived_households_of_each_village(run: NeedsRun) -> None:
    units = poverty(
        run.content.tables["units"],
        run.content.spec,
        by=run.content.inquiry.area,
        roster=run.content.tables["members"],
        measures=("hd",),
    ).table.to_pylist()
    shares = {row["group"]: row for row in units if row["indicator"] == "water" and row["group"]}
    assert run.needs is not None
    counted = {row["recipient"]: row["quantity"] for row in run.needs.to_pylist() if row["kind"] == "water"}
    for village, row in shares.items():
        assert counted.get(village, 0) == round(row["b"] * row["n"])


def test_every_village_in_need_has_a_unit_that_knows_what_it_needs(run: NeedsRun, out: Path) -> None:
    """Villages are the recipients; most units know one of the kinds, and nobody takes more than it may."""
    reading = read_table(out / "office" / "recipients.csv", RECIPIENTS)
    assert not reading.notes
    assert run.needs is not None
    assert reading.table["id"].to_pylist() == sorted(set(run.needs["recipient"].to_pylist()))
    assert run.paired
    assert run.paired.faults == []
    limits = {row["id"]: row["at_most"] for row in run.paired.setting.helpers}
    pairs = [row for row in csv_rows(out / "pairs" / "pairs.csv") if row["方案编号"] == "every_village"]
    assert {row["受援方代码"] for row in pairs} == set(reading.table["id"].to_pylist())
    taken = Counter(row["帮扶方代码"] for row in pairs)
    assert all(count <= limits[helper] for helper, count in taken.items())
    assert sum(bool(row["村里所需、单位所长"]) for row in pairs) > len(pairs) / 2


def test_when_units_are_short_the_most_urgent_villages_come_first(run: NeedsRun) -> None:
    assert run.paired
    urgency = {row["recipient"]: row["priority"] for row in run.paired.setting.places}
    pairs = run.paired.records.tables["pairs"].to_pylist()
    served = {row["recipient"] for row in pairs if row["proposal"] == "one_each"}
    assert len(served) == 16
    assert max(urgency[one] for one in served) <= min(urgency[one] for one in urgency if one not in served)


def test_the_income_of_the_survey_meets_that_of_the_registers(run: NeedsRun) -> None:
    """The registers of the example hold every income: the truth lies inside each interval of the survey."""
    assert run.income
    units = pq.read_table(run.content.tables["units"])
    truth = {
        row["measure"]: row["b"]
        for found in (
            fgt(units, "income_per_head", LINE, size="size"),
            gini(units, "income_per_head", size="size"),
        )
        for row in found.table.to_pylist()
    }
    rows = {row["measure"]: row for row in run.income.table.to_pylist() if row["group"] == ""}
    for measure in ("fgt0", "fgt1", "fgt2", "gini"):
        assert rows[measure]["ll"] < truth[measure] < rows[measure]["ul"], measure


def test_the_chosen_threshold_is_the_lowest_that_leaves_out_few_enough(run: NeedsRun) -> None:
    assert run.targeted
    shown = run.targeted.shown.to_pylist()
    fits = [row["threshold"] for row in shown if row["exclusion"] <= 0.1]
    assert run.targeted.choice.threshold == min(fits)


def test_the_errors_of_the_chosen_threshold_hold_in_the_registers(run: NeedsRun) -> None:
    """What was tried on 560 households is not far from the truth of all 6,000."""
    assert run.targeted
    units = pq.read_table(run.content.tables["units"]).to_pylist()
    scored = run.targeted.model.score(pq.read_table(run.content.tables["units"]), unit="household")
    low = {row["unit"] for row in scored.to_pylist() if row["score"] <= run.targeted.choice.threshold}
    needy = {row["household"] for row in units if row["income_per_head"] < LINE}
    (told,) = run.targeted.choice.consequences.filter(
        pc.equal(run.targeted.choice.consequences["group"], "")
    ).to_pylist()
    assert len(low) == run.targeted.listed["score"]
    assert told["exclusion"] == pytest.approx(len(needy - low) / len(needy), abs=SURVEY_ERROR)
    assert told["inclusion"] == pytest.approx(len(low - needy) / len(low), abs=SURVEY_ERROR)


def test_whoever_score_or_village_names_is_on_the_list(run: NeedsRun, out: Path) -> None:
    assert run.targeted
    assert run.targeted.compared
    listed = run.targeted.listed
    named = set(pq.read_table(run.content.tables["appraisal"])["household"].to_pylist())
    assert listed["village"] == len(named)
    assert listed["either"] == run.targeted.compared.table.num_rows
    assert listed["either"] == listed["score"] + listed["village"] - listed["both"]
    visits = [row for row in csv_rows(out / "office" / "visits.csv") if row["入户核实"] == "是"]
    assert len(visits) == run.targeted.compared.visits


def test_a_small_group_is_hidden_together_with_all_others(run: NeedsRun) -> None:
    assert run.targeted
    groups = {row["group"]: row for row in run.targeted.groups.to_pylist()}
    small = [row for row in groups.values() if row["small"]]
    assert [row["units"] for row in small] == [44, 516]
    assert all(row[name] is None for row in small for name in ("exclusion", "leakage", "needy_units"))
    assert groups["有患病或残疾成员的户"]["exclusion"] is not None


def test_no_household_stands_outside_the_office(out: Path) -> None:
    ids = set(pq.read_table(EXAMPLE / "units.parquet")["household"].to_pylist())
    for path in out.rglob("*"):
        if path.suffix in (".csv", ".html", ".json") and path.parent.name != "office":
            assert not ids & set(re.findall(r"\d{12}", path.read_text(encoding="utf-8"))), path.name


def test_a_quota_of_households_is_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "folder", ignore=shutil.ignore_patterns("out")))
    text = (folder / "programme.toml").read_text(encoding="utf-8")
    text = text.replace("exclusion_at_most = 0.1", "share = 0.3")
    (folder / "programme.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"targeting\.no_quota"):
        run_needs(folder)


def test_nothing_outside_the_office_tells_how_many_households_of_a_village_need_something(out: Path) -> None:
    assert sorted(path.name for path in (out / "office").iterdir()) == [
        "needs.csv",
        "recipients.csv",
        "register.csv",
        "score.json",
        "visits.csv",
    ]
    assert "office/" not in (out / "report.html").read_text(encoding="utf-8")


def test_the_same_inputs_give_the_same_bytes(out: Path, tmp_path: Path) -> None:
    write_needs(run_needs(EXAMPLE), tmp_path / "again")
    files = (path for path in out.rglob("*") if path.is_file() and path.name != "timings.json")
    names = sorted(path.relative_to(out).as_posix() for path in files)
    assert {"report.html", "pairs/report.html", "pairs/reasons.csv", "pairs/map.svg"} <= set(names)
    for name in names:
        assert (out / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert set(record["files"]) >= {"areas.csv", "office/needs.csv", "pairs/pairs.csv", "report.html"}


def test_english_outputs_hold_no_chinese_sign_outside_names(tmp_path: Path) -> None:
    write_needs(run_needs(EXAMPLE, lang="en"), tmp_path / "en")
    page = (tmp_path / "en" / "report.html").read_text(encoding="utf-8")
    townships = {row["group"] for row in csv_rows(tmp_path / "en" / "survey.csv")}
    for name in sorted(townships, key=len, reverse=True):
        page = page.replace(name, "")
    assert re.findall("[\u4e00-\u9fff]+", page) == []


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("name", "was", "now", "rule"),
    [
        ("programme.toml", 'spec = "spec.toml"', 'spec = "none.toml"', "needs.no_file"),
        ("programme.toml", 'domain = "township"', "domain = 3", "programme.key"),
        ("programme.toml", 'size = "size"', 'sise = "size"', "programme.unknown_key"),
        ("programme.toml", "[needs]", '[registers]\non = "2026-10-31"\n[needs]', "programme.two_purposes"),
        ("spec.toml", 'weight = "1/3"', 'weight = "1/4"', "needs.weights_sum"),
        ("areas.csv", "lon", "longitude_", "table.column_missing"),
        ("catalogue.toml", 'kind = "jobs"', 'kind = "wells"', "programme.unknown_kind"),
        ("programme.toml", "line = 8000", 'line = "8000"', "programme.key"),
        ("programme.toml", 'on = "2026-10-12"', 'on = "2026-10"', "programme.key"),
        ("programme.toml", "exclusion_at_most = 0.1", "", "programme.key"),
        ("programme.toml", '"ill"]', '"illness"]', "areas.column_missing"),
        ("helpers.csv", "饮水,4", "饮水,many", "table.not_integer"),
        ("programme.toml", 'grain = "units"', 'grain = "halves"', "programme.key"),
        ("programme.toml", 'scheme = "first_secretary_villages"', 'scheme = "household"', "programme.key"),
        ("catalogue.toml", 'unit = { zh = "户", en = "households" }', "", "quantities.words"),
    ],
)
def test_what_is_wrong_is_named_with_its_file(
    tmp_path: Path, name: str, was: str, now: str, rule: str
) -> None:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "folder", ignore=shutil.ignore_patterns("out")))
    text = (folder / name).read_text(encoding="utf-8")
    assert was in text
    (folder / name).write_text(text.replace(was, now), encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        run_needs(folder)
    found = [one for one in refusal.value.findings if one.rule == rule]
    assert found, [one.rule for one in refusal.value.findings]
    assert found[0].file
    assert found[0].zh != found[0].en


def test_a_table_that_is_no_parquet_is_named(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "folder", ignore=shutil.ignore_patterns("out")))
    (folder / "units.parquet").write_text("household,size\n")
    with pytest.raises(InputError) as refusal:
        run_needs(folder)
    assert [(one.rule, one.file) for one in refusal.value.findings] == [
        ("table.not_parquet", "units.parquet")
    ]


def test_the_command_stops_where_it_is_asked_to(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from jiedui.__main__ import main

    said = {}
    for until in ("needs", "pairs"):
        monkeypatch.setattr(sys, "argv", ["jiedui", "run", str(EXAMPLE), "--until", until, "--lang", "en"])
        with pytest.raises(SystemExit) as stopped:
            main()
        assert not stopped.value.code
        said[until] = capsys.readouterr().out
    assert "people below the income line" in said["needs"]
    assert "Every village, need and skill" in said["pairs"]
    assert "Every village, need and skill" not in said["needs"]


def test_check_reads_the_folder_of_a_programme_that_finds_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from jiedui.__main__ import main

    monkeypatch.setattr(sys, "argv", ["jiedui", "check", str(EXAMPLE)])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert not stopped.value.code
    assert "county" in capsys.readouterr().out


def test_a_folder_without_a_survey_is_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "folder", ignore=shutil.ignore_patterns("out")))
    (folder / "survey.parquet").unlink()
    with pytest.raises(InputError, match=r"programme\.needs_table"):
        run_needs(folder)
