"""The bridge to pairing: folders as rows and back, proposals as JSON, answers from the same inputs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.web.pairs_cast import EXAMPLES

from jiedui.programmes import read_folder
from jiedui_web.bridge.pairing import Unsolvable, names_people, solve, steps_of, words_of_scheme
from jiedui_web.bridge.pairing_answers import Outdated, forget, why_not
from jiedui_web.bridge.pairing_folder import rows_of_folder, write_folder

WHOLE = sorted(
    path.parent.name
    for path in EXAMPLES.glob("*/helpers.csv")
    if (path.parent / "recipients.csv").is_file()
    and 'scheme = "household"' not in (path.parent / "programme.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", WHOLE)
def test_a_folder_becomes_rows_and_the_same_folder_again(name: str, tmp_path: Path) -> None:
    """Every table of every example keeps its content; so does what its settings ask for."""
    inputs = rows_of_folder(EXAMPLES / name)
    write_folder(
        replace(
            inputs, rows=json.loads(json.dumps(inputs.rows)), settings=json.loads(json.dumps(inputs.settings))
        ),
        tmp_path,
    )
    before, after = read_folder(EXAMPLES / name), read_folder(tmp_path)
    assert before.fingerprints() == after.fingerprints()
    assert before.programme.asks == after.programme.asks
    assert before.programme.weights == after.programme.weights


def test_a_solution_is_json_and_tells_its_steps() -> None:
    """Nothing in it is no number."""
    inputs, steps = rows_of_folder(EXAMPLES / "education"), list[str]()
    found = solve(inputs, on_step=steps.append)
    assert steps == ["read", "present", "offered", "whole", "records", "maps"]
    assert steps_of(inputs) == len(steps)
    json.dumps([found.run, [one.figures for one in found.proposals]], allow_nan=False)
    json.dumps([pair.body for one in found.proposals for pair in one.pairs], allow_nan=False)


def test_what_is_raised_at_a_step_stops_the_solving() -> None:
    """That is how somebody stops it."""

    def stop(step: str) -> None:
        if step == "whole":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        solve(rows_of_folder(EXAMPLES / "education"), on_step=stop)


def test_inputs_that_cannot_be_used_are_findings_in_both_languages() -> None:
    """With the place of each."""
    inputs = rows_of_folder(EXAMPLES / "education")
    wrong = [{**row, "kind": "没有这一种"} for row in inputs.rows["helpers"]]
    with pytest.raises(Unsolvable) as told:
        solve(replace(inputs, rows={**inputs.rows, "helpers": wrong}))
    assert {"rule", "place", "zh", "en"} <= told.value.findings[0].keys()


def test_an_answer_without_prices_comes_from_solving_again() -> None:
    """The demanded pair comes first, and the figures of before and after stand beside it."""
    forget()
    inputs = rows_of_folder(EXAMPLES / "education")
    asked = {"ask": "whole", "helper": "H1-english", "recipient": "S1-english"}
    answer = why_not(lambda: inputs, **asked, known_as="education", expected={})
    assert answer.way == "again"
    assert answer.possible
    assert answer.changes[0].recipient == "S1-english"
    assert answer.changes[0].after == ("H1-english",)
    assert answer.before
    assert answer.after
    assert answer.loss > 0


def test_an_answer_from_other_inputs_is_refused() -> None:
    """The fingerprints of the tables tell."""
    forget()
    inputs = rows_of_folder(EXAMPLES / "education")
    with pytest.raises(Outdated):
        why_not(
            lambda: inputs,
            ask="offered",
            helper="H1-english",
            recipient="S1-english",
            known_as="education",
            expected={"helpers": "0" * 64},
        )


def test_schemes_lend_their_words_and_tell_whether_they_pair_people() -> None:
    """An unknown scheme lends none and is treated as one of people."""
    assert words_of_scheme("fixed_point")["helper"] == {"zh": "帮扶单位", "en": "assisting unit"}
    assert words_of_scheme("nothing") == {}
    assert names_people("first_secretary_people")
    assert names_people("household")
    assert names_people("nothing")
    assert not names_people("east_west")
