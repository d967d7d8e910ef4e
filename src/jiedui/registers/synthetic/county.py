"""A county that does not exist: its registers, the faults planted in them, and who is who."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.registers.synthetic.draft import draw_county
from jiedui.registers.synthetic.list_faults import OFFICE_RATES, STRUCTURE_RATES
from jiedui.registers.synthetic.writing import SIMPLE_FAULTS, write_part

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

RATES: Mapping[str, float] = {
    **STRUCTURE_RATES,
    **OFFICE_RATES,
    **{fault.family: fault.rate for fault in SIMPLE_FAULTS},
    "damaged": 0.08,
}
"""The families of faults and their default shares; ``damaged`` of the names in lists of other offices."""
DAYS = {"2021-2025": "2025-10-31", "2026-": "2026-10-31"}
"""The day of the registers in each period."""
PART_HOUSEHOLDS = 20_000
MOST_HOUSEHOLDS = 2_000_000


@dataclass(frozen=True, slots=True)
class County:
    """Registers of a made-up land, one county or several, and the truth about them.

    Attributes
    ----------
    tables : mapping of str to pyarrow.Table
        As `jiedui.registers.tables` declares them; money in fen.
    truth : pyarrow.Table
        One row a planted cell: ``case, family, table, row_key, household, column, was, is, comparable``.
        Rows of one ``case`` are one fault. Values stand as the tables hold them; a row that belongs to a
        fault but was not changed has them equal. ``comparable``
        is false where the finding needs a list that the household has not authorised and that has no legal
        basis.
    people : pyarrow.Table
        One row a record of a person: ``table, row, row_key, name, person, damage``. ``row`` counts from 0
        in its table; records of one person have the same number; ``damage`` says how name or number were
        damaged.
    on : str
        The day of the registers.
    """

    tables: Mapping[str, pa.Table]
    truth: pa.Table
    people: pa.Table
    on: str


def make_county(
    *, households: int, seed: int, period: str = "2026-", rates: Mapping[str, float] | None = None
) -> County:
    """Make registers with known faults, the same for the same arguments.

    Nobody in them exists: names are put together by chance, places have codes that begin with 99, which
    GB/T 2260 gives to no place, so that no ID number can be that of a person.

    Parameters
    ----------
    households
        At most two million; above 20,000 there are several counties.
    seed
        Other seeds give other registers.
    period
        ``2021-2025`` or ``2026-``.
    rates
        By family of `RATES`: the share of the rows that can have the fault, 0 for none.

    Raises
    ------
    InputError
        If the period, the number of households, a family or a rate is not allowed.

    Examples
    --------
    >>> county = make_county(households=60, seed=1)
    >>> county.tables["villages"].num_rows, county.on
    (2, '2026-10-31')
    """
    import pyarrow as pa

    shares = {**RATES, **(rates or {})}
    _check(households, period, shares)
    count = -(-households // PART_HOUSEHOLDS)
    sizes = np.diff(np.linspace(0, households, count + 1).astype(np.int64))
    parts = []
    offsets: dict[str, int] = {}
    for part, size in enumerate(sizes):
        rng = np.random.default_rng([seed, part])
        draft = draw_county(part, households=int(size), rates=shares, on=np.datetime64(DAYS[period]), rng=rng)
        made = write_part(draft, shares, offsets)
        parts.append(made)
        for name, table in made.tables.items():
            offsets[name] = offsets.get(name, 0) + table.num_rows
    names = list(parts[0].tables)
    tables = {name: pa.concat_tables([one.tables[name] for one in parts]) for name in names}
    tables["data_sources"] = parts[0].tables["data_sources"]
    return County(
        tables=tables,
        truth=pa.concat_tables([one.truth for one in parts]),
        people=pa.concat_tables([one.people for one in parts]),
        on=DAYS[period],
    )


def _check(households: int, period: str, rates: Mapping[str, float]) -> None:
    """Refuse what cannot be made."""
    findings = []
    if not 1 <= households <= MOST_HOUSEHOLDS:
        findings.append(finding("synthetic.households", found=households, most=MOST_HOUSEHOLDS))
    if period not in DAYS:
        findings.append(finding("synthetic.period", found=period, allowed="、".join(DAYS)))
    for family, rate in sorted(rates.items()):
        if family not in RATES:
            findings.append(finding("synthetic.family", found=family, allowed="、".join(sorted(RATES))))
        elif not 0 <= rate <= 1:
            findings.append(finding("synthetic.rate", family=family, found=rate))
    if findings:
        raise InputError(findings)
