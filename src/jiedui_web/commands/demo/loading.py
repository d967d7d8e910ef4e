"""Loading the demo: people, two made-up counties, the East–West example."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import typer
from django.db import transaction

from jiedui_web.accounts.models import User
from jiedui_web.bridge.invented import invented_county
from jiedui_web.bridge.pairing_folder import rows_of_folder
from jiedui_web.commands.demo.actions import Placed, add_places, add_records, make_programme
from jiedui_web.commands.demo.people import cast, make_people
from jiedui_web.commands.words import both
from jiedui_web.pairs.actions import ask_solving

EXAMPLE = Path(__file__).resolve().parents[4] / "examples" / "east_west_2016"
HOUSEHOLDS = 1500
"""In each of the two counties; ``JIEDUI_DEMO_HOUSEHOLDS`` says otherwise, 0 leaves them out."""
PLANNER = "province-decide"
TOWNSHIP_SIGNS = 9


@transaction.atomic
def load_demo() -> list[tuple[str, str, str]]:
    """Load the demo, whole or not at all; gives user name, one-time password and function of its users."""
    typer.echo(both("commands.loading_demo"))
    people = make_people()
    households = int(os.environ.get("JIEDUI_DEMO_HOUSEHOLDS", HOUSEHOLDS))
    if households:
        for seed, seat in enumerate((one for one in cast()["seats"] if one["prefix"]), 1):
            _load_county(seat, households=households, seed=seed)
        _load_example()
    return people


def _load_county(seat: dict[str, Any], *, households: int, seed: int) -> None:
    """Load the registers of a county into a programme of its own."""
    about, code, names = cast()["programme"], seat["prefix"], seat["name"]
    programme = make_programme(
        key=seat["key"],
        values={
            "name": about["name"]["zh"].format(seat=names["zh"]),
            "name_en": about["name"]["en"].format(seat=names["en"]),
            "period": about["period"],
            "place_code": code,
        },
    )
    registers = dict(invented_county(households=households, seed=seed, code=code, name=names["zh"]))
    add_places([(code, names["zh"], names["en"]), *_places_of(registers)])
    add_records(programme, _placed(registers, code))


def _places_of(registers: dict[str, list[dict[str, Any]]]) -> Iterator[tuple[str, str, str]]:
    """Give the townships and villages of a county."""
    for row in registers["villages"]:
        yield row["place_code"], row["village"], ""
        yield row["place_code"][:TOWNSHIP_SIGNS], row["township"], ""


def _placed(registers: dict[str, list[dict[str, Any]]], county: str) -> Placed:
    """Give every row with the code of its place: its own, its household's, its village's, the county's."""
    villages = {(row["township"], row["village"]): row["place_code"] for row in registers["villages"]}
    households = {row["household"]: row["place_code"] for row in registers["households"]}
    for register, rows in registers.items():
        yield (
            register,
            [
                (
                    str(
                        row.get("place_code")
                        or households.get(row.get("household"))
                        or villages.get((row.get("township"), row.get("village")))
                        or county
                    ),
                    row,
                )
                for row in rows
            ],
        )


def _load_example() -> None:
    """Load the East–West example as a programme, and ask for its proposals."""
    if not EXAMPLE.is_dir():
        typer.echo(both("commands.demo_skipped", path=EXAMPLE))
        return
    inputs = rows_of_folder(EXAMPLE)
    head = inputs.settings["programme"]
    programme = make_programme(
        key=head["id"],
        values={
            "name": head["name"]["zh"], "name_en": head["name"]["en"], "scheme": head["scheme"],
            "period": head["period"], "settings": dict(inputs.settings),
        },
    )  # fmt: skip
    named = [row for register in ("places", "units", "recipients") for row in inputs.rows.get(register, ())]
    add_places((str(row.get("code") or ""), row["name"], row.get("name_en", "")) for row in named)
    add_records(programme, [(register, _coded(rows)) for register, rows in inputs.rows.items()])
    ask_solving(by=User.objects.get(username=PLANNER), programme=programme)


def _coded(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Give rows with the code of their place, where they have one."""
    return [(str(row.get("code") or ""), dict(row)) for row in rows]
