"""Bad input: one list of findings in Chinese and English, with file and cell, and nothing written."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jiedui.__main__ import main

Edit = Callable[[str, int, str, str], None]


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, *, command: str = "run") -> int:
    """Run the command line on a folder; give its exit code."""
    monkeypatch.setattr(sys, "argv", ["jiedui", command, str(folder)])
    with pytest.raises(SystemExit) as stopped:
        main()
    code = stopped.value.code
    return code if isinstance(code, int) else 0


def spoil_text(name: str, was: str, becomes: str) -> Callable[[Path, Edit], None]:
    """Replace a text in a file."""

    def spoil(folder: Path, _: Edit) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert was in text
        path.write_text(text.replace(was, becomes), encoding="utf-8")

    return spoil


def spoil_cell(name: str, row: int, column: str, value: str) -> Callable[[Path, Edit], None]:
    """Set a cell."""
    return lambda _, edit: edit(name, row, column, value)


def spoil_bytes(name: str, content: bytes) -> Callable[[Path, Edit], None]:
    """Replace a whole file."""

    def spoil(folder: Path, _: Edit) -> None:
        (folder / name).write_bytes(content)

    return spoil


def decide(*rows: str) -> Callable[[Path, Edit], None]:
    """Write decisions."""
    head = "kind,helper,recipient,who,why"
    return spoil_bytes("decided.csv", "\n".join((head, *rows, "")).encode())


PROPOSAL = '[[proposals]]\nid = "present"'
WEIGHTS = "[weights]\nnearness = 0.5\ncontinuity = 0.3\npresent = 0.3\n"
CASES = {
    "a missing column": (
        spoil_text("helpers.csv", "capacity", "strength"),
        "table.column_missing",
        "helpers.csv",
        "",
    ),
    "an unknown helper": (
        spoil_cell("pairings.csv", 0, "helper", "999999"),
        "programme.unknown_code",
        "pairings.csv",
        "A2",
    ),
    "an unknown unit": (
        spoil_cell("pairings.csv", 1, "recipient", "999999"),
        "programme.unknown_code",
        "pairings.csv",
        "B3",
    ),
    "a missing point": (
        spoil_cell("recipients.csv", 2, "lon", ""),
        "table.cell_empty",
        "recipients.csv",
        "D4",
    ),
    "a point that is not finite": (
        spoil_cell("recipients.csv", 0, "lat", "nan"),
        "table.not_finite",
        "recipients.csv",
        "E2",
    ),
    "a point outside the earth": (
        spoil_cell("helpers.csv", 0, "lat", "99"),
        "table.out_of_bounds",
        "helpers.csv",
        "D2",
    ),
    "a negative capacity": (
        spoil_cell("helpers.csv", 1, "capacity", "-5"),
        "table.out_of_bounds",
        "helpers.csv",
        "E3",
    ),
    "negative other duties": (
        spoil_cell("helpers.csv", 1, "other_duties", "-1"),
        "table.out_of_bounds",
        "helpers.csv",
        "G3",
    ),
    "a duplicate id": (spoil_cell("helpers.csv", 1, "id", "110000"), "table.key_twice", "helpers.csv", "A3"),
    "a file in no known encoding": (
        spoil_bytes("helpers.csv", b"id,name\n\xff\xfe\xff\x80\n"),
        "table.encoding",
        "helpers.csv",
        "",
    ),
    "an empty file": (spoil_bytes("units.csv", b""), "table.file_empty", "units.csv", ""),
    "a wrong date": (
        spoil_cell("pairings.csv", 2, "valid_to", "2010-02-30"),
        "table.no_such_day",
        "pairings.csv",
        "D4",
    ),
    "an end before the beginning": (
        spoil_cell("pairings.csv", 2, "valid_to", "1990"),
        "programme.ends_early",
        "pairings.csv",
        "D4",
    ),
    "a missing table": (
        lambda folder, _: (folder / "recipients.csv").unlink(),
        "programme.table_missing",
        "recipients.csv",
        "",
    ),
    "weights that do not sum to one": (
        spoil_text("programme.toml", PROPOSAL, WEIGHTS + PROPOSAL),
        "programme.weights",
        "programme.toml",
        "weights",
    ),
    "an unknown scheme": (
        spoil_text("programme.toml", '"east_west"', '"west_east"'),
        "scheme.unknown",
        "programme.toml",
        "programme.scheme",
    ),
    "an unknown period": (
        spoil_text("programme.toml", "2013-2020", "2030-"),
        "scheme.period",
        "programme.toml",
        "",
    ),
    "settings that are no TOML": (
        spoil_text("programme.toml", "[programme]", "[programme"),
        "programme.not_toml",
        "programme.toml",
        "",
    ),
    "a misspelt method": (
        spoil_text("programme.toml", '"optimum"', '"optimal"'),
        "programme.key",
        "programme.toml",
        "proposals[1].method",
    ),
    "a decision both forced and forbidden": (
        decide("forced,310000,530000,office,why", "forbidden,310000,530000,office,why"),
        "programme.decided_both",
        "decided.csv",
        "A2",
    ),
    "two helpers forced on one county": (
        decide("forced,310000,530101,office,why", "forced,440000,530101,office,why"),
        "programme.decided_two",
        "decided.csv",
        "B3",
    ),
    "a lock on a pair that does not exist": (
        decide("locked,440000,530000,office,why"),
        "programme.locked_absent",
        "decided.csv",
        "B2",
    ),
    "a decision on an unknown place": (
        decide("forced,440000,999999,office,why"),
        "programme.unknown_code",
        "decided.csv",
        "C2",
    ),
    "a decision nobody signed": (decide("forced,440000,530000,,"), "table.cell_empty", "decided.csv", "D2"),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_input_gives_findings_in_both_languages_and_writes_nothing(
    name: str, small: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil, rule, file, cell = CASES[name]
    spoil(small, edit)
    before = sorted(path.name for path in small.rglob("*"))
    assert run(small, monkeypatch) == 2
    said = capsys.readouterr().err
    assert rule in said
    assert f"{file} {cell}".strip() in said
    assert "Traceback" not in said
    lines = said.splitlines()
    start = next(number for number, line in enumerate(lines) if rule in line)
    zh, en = lines[start + 1], lines[start + 2]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in zh)
    assert zh.endswith("。")
    assert en.rstrip().endswith((".", ")"))
    assert sorted(path.name for path in small.rglob("*")) == before


def test_findings_of_several_files_come_together(
    small: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    edit("helpers.csv", 0, "capacity", "x")
    edit("recipients.csv", 0, "lat", "")
    assert run(small, monkeypatch, command="check") == 2
    said = capsys.readouterr().err
    assert "helpers.csv E2" in said
    assert "recipients.csv E2" in said


def test_a_scheme_of_ones_own_with_weights_that_do_not_sum_to_one_is_refused(
    small: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from importlib.resources import files

    shipped = files("jiedui.schemes").joinpath("east_west", "scheme.toml").read_text(encoding="utf-8")
    (small / "own").mkdir()
    (small / "own" / "scheme.toml").write_text(
        shipped.replace("weight = 0.3", "weight = 0.4"), encoding="utf-8"
    )
    spoil_text("programme.toml", '"east_west"', '"own"')(small, edit)
    assert run(small, monkeypatch) == 2
    assert "scheme.weights  own/scheme.toml score" in capsys.readouterr().err


def test_a_limit_of_moves_that_cannot_be_kept_names_the_least(
    small: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil_text("programme.toml", 'capacity = "share"', 'capacity = "share"\nmax_moves = 1')(small, edit)
    assert run(small, monkeypatch) == 3
    assert "4" in capsys.readouterr().err


def test_an_output_folder_with_other_things_is_left_alone(
    small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (small / "out").mkdir()
    (small / "out" / "letter.txt").write_text("mine")
    assert run(small, monkeypatch) == 2
    assert "programme.out_not_ours" in capsys.readouterr().err
    assert (small / "out" / "letter.txt").read_text() == "mine"
