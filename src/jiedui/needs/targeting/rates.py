"""错评率, 漏评率, 错退率 by the national formulas, beside the errors as research defines them.

The sample holds households that were visited: how each is registered, and whether it is found in need.
Rates count persons; recognition counts households.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jiedui.errors import InputError
from jiedui.language import LANGUAGES, finding, text
from jiedui.needs.estimates import ESTIMATES, Design, Estimates
from jiedui.needs.targeting.columns import ArrowTable, Rows, listed, rows_of
from jiedui.needs.targeting.proportions import NOTHING, Proportion, Sample, known, proportion, sample_of

if TYPE_CHECKING:
    from jiedui.needs.targeting.columns import Flags, Floats

STATUSES = ("registered", "exited", "unregistered")
RATES = ("wrongly_registered", "omission", "wrongful_exit", "exclusion", "inclusion")


def national_rates(
    sample: ArrowTable,
    *,
    status: str = "status",
    needy: str = "needy",
    persons: str = "persons",
    recognises: str = "",
    population: Mapping[str, int] | None = None,
    design: Design | None = None,
    level: float = 0.95,
) -> Estimates:
    """Estimate the rates of a check of identification and exit, each with its definition.

    Parameters
    ----------
    sample : pyarrow.Table or data frame
        One row for each household visited.
    status : str
        ``registered`` (helped at present), ``exited``, ``unregistered``.
    needy : str
        1 or true where the visit found the household in need.
    persons : str
        Members; each household counts once where empty.
    recognises : str
        1 or true where the household is content with the work; empty where nobody was asked.
    population : mapping of str to int, optional
        Persons of the whole area by status; gives the composite incidence.

    Returns
    -------
    Estimates
        ``wrongly_registered`` (错评率), ``omission`` (漏评率), ``wrongful_exit`` (错退率), ``exclusion``,
        ``inclusion``, ``recognition`` (群众认可度), ``composite`` (综合贫困发生率, extended from the sample
        to the area) and ``composite_found`` (the formula with what the sample found and nothing beyond). The
        definitions stand in ``origin``. Limits as `proportion` gives them; those of ``composite`` hold at
        least with `level`, from the limits of both rates at half the risk. The shares of the statuses in a
        sample are those of the design: without weights ``exclusion`` and ``inclusion`` are of the sample.

    Raises
    ------
    InputError
        If a status is unknown, persons are below one, or the population lacks a status.

    Examples
    --------
    >>> import pyarrow as pa
    >>> sample = pa.table({"status": ["exited"] * 50, "needy": [1] + [0] * 49, "persons": [1] * 50})
    >>> rate = national_rates(sample).table.to_pylist()[2]
    >>> rate["measure"], rate["b"], round(rate["ul"], 3)
    ('wrongful_exit', 0.02, 0.106)
    """
    import numpy as np
    import pyarrow as pa

    rows = rows_of(sample, "sample")
    drawn, people = sample_of(rows, design), _persons(rows, persons)
    held, found = _statuses(rows, status), rows.flags(needy)
    made = {name: proportion(*pair, drawn, level=level) for name, pair in _pairs(held, found, people).items()}
    if recognises:
        made["recognition"] = proportion(
            rows.flags(recognises).astype(float), np.ones(len(people)), drawn, level=level
        )
    if population is not None:
        made |= _composite(held, found, people, drawn, population=population, level=level)
    records = [_record(name, one) for name, one in made.items()]
    definitions = {
        f"definition.{name}.{lang}": text(f"targeting_word.definition_{name}", lang)
        for name in made
        for lang in LANGUAGES
    }
    origin = definitions | {"data_sha256": _hash(rows), "rows": str(rows.table.num_rows)}
    return Estimates(pa.Table.from_pylist(records, ESTIMATES.schema()), origin)


def _persons(rows: Rows, name: str) -> Floats:
    people = rows.weights("") if not name else rows.numbers(name)
    if few := int((people < 1).sum()):
        raise rows.fault("persons", column=name, count=few)
    return people


def _statuses(rows: Rows, name: str) -> dict[str, Flags]:
    """Mark the households of each status."""
    codes, found = rows.codes(name)
    if strange := [one for one in found if one not in STATUSES]:
        raise rows.fault("status_unknown", column=name, found=listed(strange), allowed=listed(STATUSES))
    return {one: codes == (found.index(one) if one in found else -1) for one in STATUSES}


def _pairs(held: Mapping[str, Flags], found: Flags, people: Floats) -> dict[str, tuple[Floats, Floats]]:
    """Give persons above and below the line of each rate."""
    on, gone, never = (held[one] for one in STATUSES)
    above = (on & ~found, never & found, gone & found, found & ~on, on & ~found)
    below = (on, never, gone, found, on)
    return {
        name: (people * part, people * whole) for name, part, whole in zip(RATES, above, below, strict=True)
    }


def _composite(
    held: Mapping[str, Flags],
    found: Flags,
    people: Floats,
    drawn: Sample,
    *,
    population: Mapping[str, int],
    level: float,
) -> dict[str, Proportion]:
    """Give the composite incidence: (remaining + omitted + wrongful exits) / rural persons."""
    if set(population) != set(STATUSES) or min(population.values()) < 0 or not sum(population.values()):
        allowed = listed(STATUSES)
        raise InputError([finding("targeting.population", found=listed(sorted(population)), allowed=allowed)])
    every, remaining = sum(population.values()), population["registered"]
    pairs = _pairs(held, found, people)
    risks = {"unregistered": "omission", "exited": "wrongful_exit"}
    rates = {one: proportion(*pairs[name], drawn, level=(1 + level) / 2) for one, name in risks.items()}
    b, ll, ul = (
        (
            remaining
            + sum(population[one] * getattr(rate, end) for one, rate in rates.items() if population[one])
        )
        / every
        for end in ("b", "ll", "ul")
    )
    z = sum(
        (population[one] / every * _linear(*pairs[name], drawn) for one, name in risks.items()), 0 * people
    )
    extended = Proportion(b, drawn.variance(z) ** 0.5, ll, ul, len(people), *drawn.count(people > 0))
    seen = (remaining + sum(float(pairs[name][0].sum()) for name in risks.values())) / every
    return {
        "composite": NOTHING if math.isnan(b) else extended,
        "composite_found": Proportion(seen, *(float("nan"),) * 3, len(people), *drawn.count(people > 0)),
    }


def _linear(part: Floats, whole: Floats, drawn: Sample) -> Floats:
    """Give the linearised values of a rate, with weights."""
    total = float((drawn.w * whole).sum())
    if not total:
        return 0 * whole
    values: Floats = drawn.w * (part - float((drawn.w * part).sum()) / total * whole) / total
    return values


def _record(name: str, one: Proportion) -> dict[str, Any]:
    numbers = {key: getattr(one, key) for key in ("b", "se", "ll", "ul")}
    filled = {key: known(value) for key, value in numbers.items()}
    return {"measure": name, "group": "", **filled, "n": one.n, "psu": one.psu, "df": one.df}


def _hash(rows: Rows) -> str:
    import io

    import pyarrow.csv as pa_csv

    content = io.BytesIO()
    pa_csv.write_csv(rows.table, content)
    return hashlib.sha256(content.getvalue()).hexdigest()
