"""Changes between rounds, with standard errors that know which sampling units the rounds share."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jiedui.needs.estimates import Design, Estimates
from jiedui.needs.groups import BAR
from jiedui.needs.intervals import limits
from jiedui.needs.multidimensional.contrasts import Contrast, contrasts, kinds_of_change
from jiedui.needs.multidimensional.estimation import change_spec, variants
from jiedui.needs.multidimensional.layout import count_units, long_table
from jiedui.needs.multidimensional.linearisation import Linear, linearise
from jiedui.needs.multidimensional.measures import list_ratios
from jiedui.needs.multidimensional.origin import describe_origin
from jiedui.needs.multidimensional.rounds import round_pairs, round_years, stack_rounds, without_expressions
from jiedui.needs.multidimensional.sample import Sample, make_sample

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from jiedui.needs.spec import Missing, Spec

    Integers = npt.NDArray[np.int64]

CHANGED = ("H", "A", "M0", "hd", "hdk")


def poverty_change(
    units: object,
    spec: Spec,
    by: str | Sequence[str] = (),
    design: Design | None = None,
    *,
    round: str = "t",  # noqa: A002
    year: str = "",
    cutoffs: Sequence[object] | None = None,
    weight: str = "",
    size: str = "",
    roster: object = None,
    key: str = "household",
    measures: Collection[str] = CHANGED,
    missing: Missing | None = None,
    level: float = 0.95,
) -> Estimates:
    """Give how measures changed from round to round, in all and a year, with standard errors.

    Parameters
    ----------
    units : table, or mapping of year to table
        Rounds in one table, told apart by the column `round`, or one table for each year.
    round, year : str
        Columns of the round and, for changes a year, of its time in years. A mapping brings its own.
    by, design, cutoffs, weight, size, roster, key, measures, missing, level
        As for `poverty`. With a mapping of units, `roster` may be one too.

    Returns
    -------
    Estimates
        Measures such as ``M0_abs`` (difference), ``M0_rel`` (per cent of the first), ``M0_abs_year``
        (difference a year) and ``M0_rel_year`` (per cent a year, compound). With more than two rounds the
        pair is added: ``M0_abs:2010-2014``. Sampling units of the same stratum and number in two
        rounds are the same and keep their covariance; where rounds share none they are independent. Limits
        are b ± t·se.

    Raises
    ------
    InputError
        If there are not two rounds, or a round has not one year.

    References
    ----------
    N. Suppa, Stata J. 23 (2023) 625-657, on changes over time; standard errors by the delta method.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.needs import Spec
    >>> units = {2010: pa.table({"a": [1, 1, 0, 0]}), 2014: pa.table({"a": [1, 0, 0, 0]})}
    >>> found = poverty_change(units, Spec.of({"x": ["a"]}, [1]), measures=["H"])
    >>> dict(zip(found.table["measure"].to_pylist()[:2], found.table["b"].to_pylist()))
    {'H_abs': -0.25, 'H_rel': -50.0}
    """
    spec = change_spec(spec, cutoffs, missing)
    groups = (by,) if isinstance(by, str) and by else tuple(by)
    keep = [*groups, *((design.strata, design.psu, design.weight) if design else ()), weight, size, year]
    table = stack_rounds(units, spec, keep=keep, round=round, roster=roster, key=key)
    years = round_years(table, round, year, named=isinstance(units, Mapping))
    plain = without_expressions(spec)
    views = [
        make_sample(table, plain, by=names, design=design, weight=weight, size=size)
        for names in ((round,), (*groups, round))[: 1 + bool(groups)]
    ]
    order = sorted(views[0].labels, key=lambda label: years.get(label, 0))
    task = _Task(spec, years, level, round_pairs(order), tuple(measures))
    rounds = views[0].group
    tables = [one for view in views for one in _compare(_part_rounds(view, rounds), task)]
    return Estimates(_join(tables), describe_origin(views[-1], spec, design, size))


@dataclass(frozen=True, slots=True)
class _Task:
    """What is compared, and how."""

    spec: Spec
    years: Mapping[str, float]
    level: float
    pairs: list[tuple[str, str]]
    measures: tuple[str, ...]


def _part_rounds(sample: Sample, rounds: Integers) -> Sample:
    """Give each round strata of its own when no two rounds share a sampling unit."""
    import numpy as np

    if sample.draw is None:
        return sample
    draw = sample.draw
    drawn = np.column_stack([draw.stratum, draw.psu])
    in_rounds = np.unique(np.column_stack([drawn, rounds]), axis=0)
    if len(np.unique(in_rounds[:, :2], axis=0)) < len(in_rounds):
        return sample
    many = int(rounds.max()) + 2
    names = tuple(name for name in draw.strata for _ in range(many))
    return replace(sample, draw=replace(draw, stratum=draw.stratum * many + rounds % many, strata=names))


def _compare(sample: Sample, task: _Task) -> list[pa.Table]:
    ratios = list_ratios(task.spec, task.spec.cutoffs, task.measures)
    tables = []
    for one in variants(sample, task.spec):
        linear = linearise(one.sample, task.spec, ratios)
        for pair in task.pairs:
            tables.extend(_compare_pair(linear, sample.labels, pair, one.suffix, task))
    return tables


def _compare_pair(
    linear: Linear, labels: Sequence[str], pair: tuple[str, str], suffix: str, task: _Task
) -> list[pa.Table]:
    """Lay out every kind of change between two rounds."""
    places = {tuple(label.rpartition(BAR)[::2]): place for place, label in enumerate(labels, start=1)}
    groups = [group for group, when in places if when == pair[0] and (group, pair[1]) in places]
    if not groups:
        return []
    first, second = ([places[group, when] for group in groups] for when in pair)
    span = task.years[pair[1]] - task.years[pair[0]] if task.years else None
    name = f":{pair[0]}-{pair[1]}" if len(task.pairs) > 1 else ""
    found = contrasts(linear, first, second, kinds_of_change(span))
    return [_lay_out(one, linear, groups, suffix + name, task.level) for one in found]


def _lay_out(one: Contrast, linear: Linear, groups: Sequence[str], suffix: str, level: float) -> pa.Table:
    names = [(f"{ratio.measure}_{one.kind}{suffix}", ratio.indicator, ratio.k) for ratio in linear.ratios]
    lower, upper = limits(one.b, one.se, linear.clusters.df if linear.clusters else 0, level=level)
    figures = {"b": one.b, "se": one.se, "ll": lower, "ul": upper}
    return long_table(names, groups, figures, count_units(linear, one.n, one.psu))


def _join(tables: list[pa.Table]) -> pa.Table:
    import pyarrow as pa

    return pa.concat_tables(tables).combine_chunks()
