"""Rules of a programme folder: from the table to the proposal, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiedui.errors import InputError
from jiedui.language import Lang
from jiedui.programmes import publish_run, run_folder

HEAD = "rule,kind,helper,recipient,amount,at_most,at_least,who,why\n"
DECIDED = "省联席会议办公室,每方每市不超过一县\n"


def run_with(rules: str, folder: Path) -> dict[str, set[tuple[str, str]]]:
    """Give the pairs of each proposal."""
    if rules:
        (folder / "rules.csv").write_text(HEAD + rules, encoding="utf-8")
    rows = run_folder(folder).records.tables["pairs"].to_pylist()
    found: dict[str, set[tuple[str, str]]] = {}
    for row in rows:
        found.setdefault(row["proposal"], set()).add((row["helper"], row["recipient"]))
    return found


def test_a_quota_on_a_unit_holds_for_its_places(small: Path) -> None:
    folder = small
    free = run_with("", folder)["places"]
    helper = min(one for one, place in free if place.startswith("5301"))
    bound = run_with(f"a,quota,{helper},530000,,0,,{DECIDED}", folder)["places"]
    assert not [place for one, place in bound if one == helper and place.startswith("5301")]
    assert bound


def test_budgets_and_exclusions_are_kept(small: Path) -> None:
    rules = "".join(
        f"b,budget,440000,{place},{amount},3,,{DECIDED}" for place, amount in (("520301", 2), ("520302", 2))
    )
    rules += f"c,apart,310000,530101,,,,{DECIDED}c,apart,110000,530102,,,,{DECIDED}"
    places = run_with(rules, small)["places"]
    assert len(places & {("440000", "520301"), ("440000", "520302")}) <= 1
    assert len(places & {("310000", "530101"), ("110000", "530102")}) <= 1


@pytest.mark.parametrize(
    ("rules", "codes"),
    [
        (f"a,quota,440000,*,,,,{DECIDED}", {"programme.rule_lacks"}),
        (f"a,quota,999999,*,,1,,{DECIDED}", {"programme.unknown_code"}),
        (f"a,quota,440000,*,,1,,{DECIDED}a,quota,310000,*,,2,,{DECIDED}", {"programme.rule_differs"}),
        (f"a,sum,440000,*,,1,,{DECIDED}", {"table.not_a_choice"}),
        (f"a,budget,440000,530101,-1,1,,{DECIDED}", {"table.out_of_bounds"}),
    ],
)
def test_a_wrong_rule_is_refused_by_its_cell(rules: str, codes: set[str], small: Path) -> None:
    with pytest.raises(InputError) as error:
        run_with(rules, small)
    assert {found.rule for found in error.value.findings} == codes
    assert all(found.file == "rules.csv" and found.cell for found in error.value.findings)


@pytest.mark.parametrize(
    ("lang", "told"), [("zh", "没有更多候选帮扶方"), ("en", "has no further candidate helper")]
)
def test_who_stays_without_help_stands_in_the_report_by_name(
    lang: Lang, told: str, small: Path, tmp_path: Path
) -> None:
    helpers = ("110000", "310000", "440000")
    rows = "".join(f"forbidden,{helper},530101,办公室,亲属回避\n" for helper in helpers)
    (small / "decided.csv").write_text("kind,helper,recipient,who,why\n" + rows, encoding="utf-8")
    run = run_folder(small, lang=lang)
    publish_run(run, tmp_path / "out")
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert f"丁一县 {told}" in report


def test_rules_that_hold_somebody_back_name_who_stays_without_help(small: Path, tmp_path: Path) -> None:
    (small / "rules.csv").write_text(HEAD + f"a,quota,*,530101,,0,,{DECIDED}", encoding="utf-8")
    publish_run(run_folder(small), tmp_path / "out")
    assert "没有安排或帮扶方不足：丁一县" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
