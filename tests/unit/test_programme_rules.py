"""Rules of a programme folder: from the table to the proposal, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiedui.errors import InputError
from jiedui.programmes import run_folder

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
