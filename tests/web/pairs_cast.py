"""A programme of the site with the records of an example folder, and the people of a decision."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from django.utils import timezone

from jiedui_web.accounts.models import User
from jiedui_web.bridge.pairing import Solution, solve
from jiedui_web.bridge.pairing_folder import Inputs, key_of, rows_of_folder
from jiedui_web.pairs.actions import ask_solving, perform, solvings
from jiedui_web.pairs.models import Proposal, Solving
from jiedui_web.places.models import Programme
from jiedui_web.registers.models import Record

EXAMPLES = Path(__file__).parents[2] / "examples"


def load_example(name: str, *, place_code: str) -> Programme:
    """Make a programme of an example folder."""
    inputs = rows_of_folder(EXAMPLES / name)
    head = inputs.settings["programme"]
    made = Programme.objects.create(
        key=name,
        name=head["name"]["zh"],
        name_en=head["name"]["en"],
        scheme=head["scheme"],
        place_code=place_code,
        settings=inputs.settings,
    )
    Record.objects.bulk_create(
        [
            Record(
                programme=name,
                register=register,
                key=key_of(register, row),
                place_code=str(row.get("code") or ""),
                name=str(row.get("name", "")),
                body=row,
                changed_at=timezone.now(),
            )
            for register, rows in inputs.rows.items()
            for row in rows
        ]
    )
    return made


_known: dict[str, Solution] = {}


def _solve_once(inputs: Inputs, *, on_step: Callable[[str], None]) -> Solution:
    """Solve what no test has solved before."""
    key = json.dumps([inputs.settings, inputs.rows, list(inputs.decided)], sort_keys=True)
    if key not in _known:
        _known[key] = solve(inputs, on_step=on_step)
    return _known[key]


def solved(programme: Programme, by: User) -> Solving:
    """Ask for proposals and perform as a worker does; equal inputs are solved once a session."""
    made = ask_solving(by=by, programme=programme)
    with patch.object(solvings, "solve", _solve_once):
        perform(made.outer_id)
    made.refresh_from_db()
    return made


def proposal_of(solving: Solving, key: str) -> Proposal:
    """Give a proposal of a solving."""
    return solving.proposals.get(key=key)
