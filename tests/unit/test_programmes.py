"""A small programme folder, run whole: decisions are kept, duties count, outputs are whole or not there."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import openpyxl
import pytest

from jiedui.errors import InputError
from jiedui.programmes import (
    Run,
    check_target,
    in_language,
    publish_run,
    read_folder,
    run_folder,
    start_folder,
)
from jiedui.programmes.writing import write_whole
from jiedui.schemes import load_scheme, shipped_schemes

Edit = Callable[[str, int, str, str], None]


def helpers_of(run: Run, proposal: str) -> dict[str, set[str]]:
    """Helpers of each recipient in a proposal."""
    found: dict[str, set[str]] = {}
    for row in run.records.tables["pairs"].to_pylist():
        if row["proposal"] == proposal:
            found.setdefault(row["recipient"], set()).add(row["helper"])
    return found


def decide(folder: Path, *rows: str) -> None:
    """Write decisions."""
    (folder / "decided.csv").write_text(
        "\n".join(("kind,helper,recipient,who,why", *rows, "")), encoding="utf-8"
    )


def test_shares_follow_strength(small: Path) -> None:
    run = run_folder(small)
    assert run.quota == (1, 2, 3)
    counts = {
        row["helper"]: row["places"]
        for row in run.records.tables["prices"].to_pylist()
        if row["proposal"] == "places"
    }
    assert counts == {"110000": 1, "310000": 2, "440000": 3}
    assert run.faults == []


def test_other_duties_lower_a_share_and_count_in_the_load(small: Path, edit: Edit) -> None:
    edit("helpers.csv", 2, "other_duties", "3")
    run = run_folder(small)
    assert run.quota == (2, 3, 1)
    prices = {
        row["helper"]: row for row in run.records.tables["prices"].to_pylist() if row["proposal"] == "places"
    }
    assert prices["440000"]["load"] == pytest.approx((1 + 3) / 300 * 1000)
    row = run.records.tables["comparison"].to_pylist()[0]
    assert "按填报数计入" in row["notice"]


def test_a_forced_unit_goes_to_its_helper_whole_or_county_by_county(small: Path) -> None:
    decide(small, "forced,110000,520300,joint meeting,agreed")
    run = run_folder(small, lang="en")
    assert helpers_of(run, "units")["520300"] == {"110000"}
    reasons = {
        row["recipient"]: row["reason"]
        for row in run.records.tables["reasons"].to_pylist()
        if row["proposal"] == "units"
    }
    assert "as decided" in reasons["520300"]


def test_a_decision_stands_even_where_it_exceeds_a_share_and_the_excess_is_shown(small: Path) -> None:
    decide(small, "forced,110000,520300,joint meeting,agreed")
    run = run_folder(small)
    assert all(helpers_of(run, "places")[place] == {"110000"} for place in ("520301", "520302", "520303"))
    row = next(row for row in run.records.tables["comparison"].to_pylist() if row["proposal"] == "places")
    assert row["over_share"] == 2
    assert run.faults == []


def test_a_forced_county_takes_its_whole_unit_along(small: Path) -> None:
    decide(small, "forced,440000,530102,joint meeting,agreed")
    run = run_folder(small)
    assert helpers_of(run, "units")["530000"] == {"440000"}
    assert helpers_of(run, "places")["530102"] == {"440000"}


def test_a_forbidden_pair_never_appears(small: Path) -> None:
    decide(small, "forbidden,440000,530000,joint meeting,agreed")
    run = run_folder(small)
    assert "440000" not in helpers_of(run, "units")["530000"]
    for place in ("530101", "530102", "530103"):
        assert "440000" not in helpers_of(run, "places").get(place, set())


def test_a_locked_pair_stays(small: Path) -> None:
    decide(small, "locked,310000,530000,joint meeting,agreed")
    assert helpers_of(run_folder(small), "units")["530000"] == {"310000"}


def test_a_pairing_that_ended_counts_as_an_earlier_one_only(small: Path) -> None:
    run = run_folder(small)
    decision = next(
        row for row in run.records.tables["comparison"].to_pylist() if row["proposal"] == "present"
    )
    assert decision["earlier_kept"] == 0
    scores = {
        row["recipient"]: row
        for row in run.records.tables["reasons"].to_pylist()
        if row["proposal"] == "present"
    }
    assert scores["520300"]["continuity"] == 0
    assert scores["520300"]["present"] == pytest.approx(0.2)


def test_weights_of_a_programme_replace_those_of_its_scheme(small: Path) -> None:
    path = small / "programme.toml"
    own = "[weights]\nnearness = 1\ncontinuity = 0\npresent = 0\n[[proposals]]"
    path.write_text(path.read_text(encoding="utf-8").replace("[[proposals]]", own, 1), encoding="utf-8")
    rows = run_folder(small).records.tables["reasons"].to_pylist()
    assert all(row["score"] == pytest.approx(row["nearness"]) for row in rows)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_new_folder_filled_in_its_workbook_runs(lang: str, small: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    made = start_folder("east_west", folder, lang="zh" if lang == "zh" else "en")
    assert [path.name for path in made] == ["programme.toml", "tables.xlsx"]
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    names = {"helpers": 1, "recipients": 2, "units": 3, "pairings": 4, "adjacency": 5}
    for name, place in names.items():
        sheet = book.worksheets[place]
        fields = [cell.value for cell in sheet[2]]
        head, *rows = [
            line.split(",") for line in (small / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        ]
        for number, row in enumerate(rows, start=3):
            for field, value in zip(head, row, strict=True):
                numeric = field in ("lon", "lat", "capacity", "gross", "other_duties")
                filled = (float(value) if numeric else value) if value else None
                sheet.cell(number, fields.index(field) + 1, filled)
    book.save(folder / "tables.xlsx")
    filled_in = read_folder(folder)
    assert filled_in.tables["helpers"].equals(read_folder(small).tables["helpers"])
    assert run_folder(folder).faults == []


def test_a_new_folder_is_never_made_over_an_old_one(small: Path) -> None:
    with pytest.raises(InputError, match=r"programme\.folder_full"):
        start_folder("east_west", small)


def test_a_failed_write_leaves_the_old_output_and_no_crumbs(small: Path) -> None:
    target = small / "out"
    publish_run(run_folder(small), target)
    before = {path.name: path.read_bytes() for path in target.iterdir()}

    def fail(folder: Path) -> None:
        (folder / "half.csv").write_text("half")
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        write_whole(target, fail, timings={})
    assert {path.name: path.read_bytes() for path in target.iterdir()} == before
    assert sorted(path.name for path in small.iterdir() if path.name.startswith(".")) == []


def test_a_folder_that_cannot_be_written_is_said_so_and_left_as_it_was(small: Path) -> None:
    target = small / "out"
    publish_run(run_folder(small), target)
    before = {path.name: path.read_bytes() for path in target.iterdir()}

    def fill(folder: Path) -> None:
        (folder / "half.csv").write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match=r"programme\.cannot_write[\s\S]*No space left"):
        write_whole(target, fill, timings={})
    assert {path.name: path.read_bytes() for path in target.iterdir()} == before
    with pytest.raises(InputError, match=r"programme\.cannot_write"):
        write_whole(small / "programme.toml" / "out", fill, timings={})


def test_an_earlier_output_is_replaced_whole(small: Path) -> None:
    target = small / "out"
    publish_run(run_folder(small), target)
    publish_run(run_folder(small, lang="en"), target)
    assert (target / "comparison.csv").read_text(encoding="utf-8-sig").startswith("proposal")


def test_a_file_of_somebody_else_in_an_earlier_output_is_never_deleted(small: Path) -> None:
    target = small / "out"
    run = run_folder(small)
    publish_run(run, target)
    before = (target / "run.json").read_bytes()
    (target / "letter.txt").write_text("mine")
    with pytest.raises(InputError, match=r"programme\.out_not_ours"):
        publish_run(run, target)
    assert (target / "letter.txt").read_text() == "mine"
    assert (target / "run.json").read_bytes() == before


def test_a_file_is_no_output_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(InputError):
        check_target(tmp_path / "out")


def test_steps_are_told_before_they_start(small: Path) -> None:
    told: list[str] = []
    run = run_folder(small, on_step=told.append, watch=iter(range(100)).__next__)
    assert told == ["read", "present", "units", "places", "records"]
    assert list(run.seconds) == told
    assert set(run.seconds.values()) == {1}


def test_the_command_line_runs_checks_and_starts(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from jiedui.__main__ import main

    for arguments in (
        ["check", str(small)],
        ["run", str(small), "--until", "pairs", "--lang", "en"],
        ["new", "east_west", str(tmp_path / "n")],
    ):
        monkeypatch.setattr(sys, "argv", ["jiedui", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main()
        assert not stopped.value.code
    said = capsys.readouterr().out
    assert "“small” is in order" in said
    assert "not a judgement of the decision" in said
    assert "不是对决策的评价" in said
    assert "all hold" in said
    assert not (small / "out").exists()


def test_every_shipped_scheme_loads() -> None:
    assert "east_west" in shipped_schemes()
    for name in shipped_schemes():
        scheme = load_scheme(name)
        assert sum(part.weight for part in scheme.parts) == (1 if scheme.form == "whole" else 0)


def test_a_dated_value_is_the_one_in_force() -> None:
    value = load_scheme("east_west").values["reach_km"]
    assert value.on("2016-12") == 5000
    assert type(value)(value.unit, value.source, {"2013": 1, "2021-05": 2}).on("2021-04") == 1
    assert type(value)(value.unit, value.source, {"2013": 1, "2021-05": 2}).on("2021-06") == 2


def test_the_present_is_shown_as_it_is_whatever_was_decided(small: Path) -> None:
    decide(small, "forbidden,310000,530000,joint meeting,agreed")
    run = run_folder(small)
    assert helpers_of(run, "present") == {"530000": {"310000"}, "520300": {"310000"}}
    assert helpers_of(run, "units")["530000"] != {"310000"}


def test_fewest_moves_stay_fewest_where_somebody_cannot_be_served(small: Path) -> None:
    ask = 'capacity = "share"\nmax_moves = "least"'
    path = small / "programme.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('capacity = "share"', ask), encoding="utf-8")
    decide(small, *(f"forbidden,{helper},520303,office,agreed" for helper in ("110000", "310000", "440000")))
    one = run_folder(small).scenarios[-1].proposal
    assert one.unserved == 1
    assert one.moves == 3


def own_scheme(folder: Path, was: str, becomes: str) -> None:
    """Copy the shipped scheme beside a programme, with one text replaced, and let the programme use it."""
    text = files("jiedui.schemes").joinpath("east_west", "scheme.toml").read_text(encoding="utf-8")
    assert was in text
    (folder / "own").mkdir()
    (folder / "own" / "scheme.toml").write_text(text.replace(was, becomes), encoding="utf-8")
    path = folder / "programme.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"east_west"', '"own"'), encoding="utf-8")


def test_a_scheme_with_parts_of_its_own_names_gives_true_reasons(small: Path) -> None:
    own_scheme(small, 'id = "present"', 'id = "standing"')
    rows = run_folder(small, lang="en").records.tables["reasons"].to_pylist()
    present = [row for row in rows if row["proposal"] == "present"]
    assert all("present pair kept" in row["reason"] for row in present)
    assert all(row["standing"] == pytest.approx(0.2) for row in present)


@pytest.mark.parametrize(
    ("was", "becomes", "rule"),
    [
        ("[values.reach_km]", "[values.other_km]", r"scheme\.value "),
        ('["coverage", "load", "total"]', '["load", "coverage", "total"]', r"scheme\.rule"),
        ("scenario = {", "other = {", r"scheme\.words"),
        ('limit = "share"', 'limit = "yes"', r"scheme\.key"),
    ],
)
def test_a_scheme_that_lacks_something_is_refused_when_it_is_read(
    was: str, becomes: str, rule: str, small: Path
) -> None:
    own_scheme(small, was, becomes)
    with pytest.raises(InputError, match=rule):
        read_folder(small)


@pytest.mark.parametrize(
    ("was", "becomes", "cell"),
    [
        ('round = "2016-12"', 'round = "2016-99"', r"programme\.round"),
        ("[programme]", "pictures = 3\n[programme]", "pictures"),
        ("[programme]", "sources = 3\n[programme]", "sources"),
        ("[programme]", "[wieghts]\nnearness = 1\n[programme]", "wieghts"),
        ('id = "small"', 'id = "small"\nperoid = "2013-2020"', r"programme\.peroid"),
    ],
)
def test_settings_that_nothing_reads_or_that_are_of_the_wrong_type_are_refused(
    was: str, becomes: str, cell: str, small: Path
) -> None:
    path = small / "programme.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(InputError, match=cell):
        read_folder(small)


WRITER = """
import json
import subprocess
import sys
import time
from pathlib import Path
from jiedui.programmes.writing import write_whole

def fill(folder):
    for number in range(40):
        (folder / f"{number}.txt").write_text(mark * 2000)
    (folder / "run.json").write_text(json.dumps({"mark": mark}))

target = Path(sys.argv[1])
while True:
    for mark in "ab":
        write_whole(target, fill, timings={})
"""


def test_a_kill_at_any_moment_leaves_a_whole_output(tmp_path: Path) -> None:
    target = tmp_path / "out"
    for moment in range(8):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(target)])  # noqa: S603 - our own interpreter
        while not target.exists():
            assert writer.poll() is None
            time.sleep(0.01)
        time.sleep(0.3 + 0.037 * moment)
        writer.kill()
        writer.wait()
        mark = json.loads((target / "run.json").read_text())["mark"]
        texts = [path.read_text() for path in target.glob("*.txt")]
        assert texts == [mark * 2000] * 40
    write_whole(target, lambda made: (made / "run.json").write_text("{}"), timings={})
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_run_in_another_language_is_the_same_as_run_in_it(small: Path) -> None:
    """Nothing is solved again, and every table is the same."""
    there = in_language(run_folder(small), "en")
    anew = run_folder(small, lang="en")
    assert there.lang == "en"
    for name, table in anew.records.tables.items():
        assert there.records.tables[name].equals(table)
