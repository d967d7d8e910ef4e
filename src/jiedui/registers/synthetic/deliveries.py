"""The seventeen files that the offices of one made-up county send, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.registers.synthetic.filling import Record
from jiedui.registers.synthetic.pages import Oddity, Page, notes_page, table_page
from jiedui.registers.synthetic.words import read_plans
from jiedui.registers.tables import HOUSEHOLD_KINDS

if TYPE_CHECKING:
    from jiedui.registers.synthetic.county import County

MONITORED = HOUSEHOLD_KINDS[1:4]
ORDINARY = "一般农户"
FEWEST_TOWNSHIPS = 5
"""Four send lists of their own, the others one workbook together."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file as an office sends it.

    Attributes
    ----------
    file : str
        Its name; the ending tells its format.
    encoding : str
        Of a text file; empty for a workbook.
    oddities : tuple of Oddity
        Cells that no longer say what they said.
    """

    file: str
    pages: tuple[Page, ...]
    encoding: str
    oddities: tuple[Oddity, ...]


def make_deliveries(county: County, *, seed: int) -> tuple[Delivery, ...]:
    """Spread the registers of a county over seventeen files, each written as its office writes.

    Every household and person stands in the list of its township, those of households that are monitored
    also in the workbooks of the national system; other offices send their own lists.

    Parameters
    ----------
    county
        Of one county (at most 20,000 households) with at least five townships.
    seed
        For what is written in variants, damaged or hidden.

    Raises
    ------
    InputError
        If there are several counties, or too few townships for the lists.

    Examples
    --------
    >>> from jiedui.registers.synthetic.county import make_county
    >>> files = make_deliveries(make_county(households=300, seed=1), seed=1)
    >>> len(files), files[4].file
    (17, '（自定义）行政村信息.xlsx')
    """
    rng = np.random.default_rng([seed, 17])
    townships = _townships(county)
    sets = _record_sets(county)
    return tuple(_deliver(plan, sets, townships, rng) for plan in read_plans()["delivery"])


def _townships(county: County) -> Sequence[str]:
    """Give the townships in order; refuse a land that its lists do not fit."""
    villages = county.tables["villages"]
    counties, townships = (list(dict.fromkeys(villages[name].to_pylist())) for name in ("county", "township"))
    if len(counties) > 1 or len(townships) < FEWEST_TOWNSHIPS:
        raise InputError(
            [
                finding(
                    "synthetic.deliveries",
                    counties=len(counties),
                    townships=len(townships),
                    fewest=FEWEST_TOWNSHIPS,
                )
            ]
        )
    return townships


def _deliver(
    plan: Mapping[str, Any],
    sets: Mapping[str, Sequence[Record]],
    townships: Sequence[str],
    rng: np.random.Generator,
) -> Delivery:
    """Make one file from its plan."""
    pages, oddities = [], []
    named = plan["file"]
    for page in plan["page"]:
        if "notes" in page:
            pages.append(notes_page(page))
            continue
        for township in _of_page(page["rows"], townships):
            own = {key: _named(value, township) for key, value in page.items()}
            made, told = table_page(own, sets[township or page["rows"]], rng)
            pages.append(made)
            oddities += told
            named = _named(named, township)
    return Delivery(named, tuple(pages), plan["page"][0].get("encoding", ""), tuple(oddities))


def _of_page(rows: str, townships: Sequence[str]) -> Sequence[str]:
    """Give the townships that a plan names by place; one empty name where it names none."""
    word, _, place = rows.partition(" ")
    if word != "township":
        return [""]
    first = int(place.split()[0])
    return townships[first:] if place.endswith("on") else townships[first : first + 1]


def _named(value: Any, township: str) -> Any:  # noqa: ANN401 - values of a plan are of any kind
    return value.replace("{township}", township) if isinstance(value, str) else value


def _record_sets(county: County) -> dict[str, Sequence[Record]]:
    """Give the records of each kind of page: values by ``table.column``."""
    tables = {
        name: [{f"{name}.{key}": value for key, value in row.items()} for row in table.to_pylist()]
        for name, table in county.tables.items()
    }
    households = {row["households.household"]: row for row in tables["households"]}
    joined = [{**households[row["persons.household"]], **row} for row in tables["persons"]]
    by_township: dict[str, list[Record]] = {}
    for record in joined:
        by_township.setdefault(str(record["persons.township"]), []).append(record)

    def among(test: Callable[[Record], bool]) -> list[Record]:
        return [record for record in joined if test(record)]

    return {
        **tables,
        **by_township,
        "monitored": among(lambda one: one["households.kind"] in MONITORED),
        "working": among(
            lambda one: one["households.kind"] != ORDINARY and one["persons.work_months"] is not None
        ),
        "planning": among(lambda one: one["persons.work_plan"] is not None),
    }
