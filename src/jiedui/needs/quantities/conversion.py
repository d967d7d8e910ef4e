"""From gaps to needs in units."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import Lang, finding, text
from jiedui.needs.expressions import read_quantity
from jiedui.needs.quantities.gap_checking import check_gaps, columns_read
from jiedui.needs.tables import NEEDS

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from jiedui.errors import Finding
    from jiedui.needs.quantities.catalogue import Catalogue, Rule

DIGITS = 9
"""Quantities are rounded to so many decimals first, so that 3.0000000001 wells are 3 and not 4."""


def needs_in_units(gaps: pa.Table, catalogue: Catalogue, *, on: str, lang: Lang = "zh") -> pa.Table:
    """Convert gaps into needs: kind, unit, quantity, priority.

    Parameters
    ----------
    gaps
        ``recipient`` and the columns that the rules of the catalogue read, as ``catalogue.gaps`` declares.
    on
        The date (``YYYY[-MM[-DD]]``) whose values hold.
    lang
        The language of units and reasons.

    Returns
    -------
    pyarrow.Table
        As `NEEDS` declares, ordered by recipient and kind; what is not lacking has no row.

    Raises
    ------
    InputError
        If a column is missing, a gap is missing, negative or not a number, a quantity comes out negative or
        without bound, or a recipient has two needs of a kind.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.needs.quantities import load_catalogue
    >>> gaps = {"recipient": ["S1"], "subject": ["maths"], "classes": [9]}
    >>> gaps |= {"weekly_lessons": [5.0], "teachers": [2.0]}
    >>> found = needs_in_units(pa.table(gaps), load_catalogue("schools"), on="2026", lang="en")
    >>> found.select(["need", "unit", "quantity", "priority"]).to_pylist()
    [{'need': 'S1-maths', 'unit': 'terms', 'quantity': 2.0, 'priority': 2}]
    """
    import duckdb
    import pyarrow as pa

    if faults := check_gaps(gaps, catalogue):
        raise InputError(faults)
    with duckdb.connect() as db:
        db.register("gaps", gaps.select([column.name for column in columns_read(catalogue)]))
        found = [_needs(db, rule, catalogue, on=on, lang=lang) for rule in catalogue.rules]
    needs = pa.concat_tables(found) if found else NEEDS.schema().empty_table()
    if faults := [*_undefined(needs), *_twice(needs)]:
        raise InputError(faults)
    wanted = needs.filter(pa.compute.greater(needs["quantity"], 0))
    return wanted.sort_by([("recipient", "ascending"), ("kind", "ascending")]).combine_chunks()


def _needs(
    db: duckdb.DuckDBPyConnection, rule: Rule, catalogue: Catalogue, *, on: str, lang: Lang
) -> pa.Table:
    """Give the needs of one rule, those of quantity 0 too."""
    import duckdb

    names = [column.name for column in catalogue.gaps.columns if column.is_numeric]
    values = {name: value.on(on) for name, value in catalogue.values.items()}
    formula = read_quantity(rule.quantity, names, values)
    quantity = f"round(CAST({formula.sql} AS DOUBLE), {DIGITS})"
    kind = f'CAST("{rule.kind_from}" AS VARCHAR)' if rule.kind_from else _quoted(rule.kind)
    read = ", ".join(f'CAST("{name}" AS DOUBLE) AS "{name}"' for name in _numbers(rule, catalogue))
    others = f', "{rule.kind_from}"' if rule.kind_from else ""
    query = f"""
        SELECT recipient || '-' || {kind} AS need, recipient, {kind} AS kind,
            {_quoted(rule.unit[lang])} AS unit,
            {f"ceil({quantity})" if rule.is_whole else quantity} AS quantity,
            CAST({_priority(rule, names, values)} AS BIGINT) AS priority,
            {_reason(formula.columns, catalogue, lang)} AS reason
        FROM (SELECT CAST(recipient AS VARCHAR) AS recipient{others}, {read} FROM gaps)
    """  # noqa: S608 - formulas are checked and all else is quoted
    try:
        return db.sql(query).to_arrow_table().cast(NEEDS.schema())
    except duckdb.Error as error:
        found = str(error).splitlines()[0]
        raise InputError([finding("quantities.cannot_run", name=rule.id, found=found)]) from None


def _numbers(rule: Rule, catalogue: Catalogue) -> tuple[str, ...]:
    """Name the columns of numbers that a rule reads."""
    names = [column.name for column in catalogue.gaps.columns if column.is_numeric]
    texts = (rule.quantity, *(when for when, _ in rule.priority if when))
    values = dict.fromkeys(catalogue.values, 1.0)
    used = {name for one in texts for name in read_quantity(one, names, values).columns}
    return tuple(name for name in names if name in used)


def _priority(rule: Rule, names: list[str], values: dict[str, float]) -> str:
    """Write the priority: that of the first condition that holds."""
    steps = [
        f"WHEN {read_quantity(when, names, values).sql} THEN {priority}"
        for when, priority in rule.priority
        if when
    ]
    last = rule.priority[-1][1]
    return f"CASE {' '.join(steps)} ELSE {last} END" if steps else str(last)


def _reason(columns: tuple[str, ...], catalogue: Catalogue, lang: Lang) -> str:
    """Write the facts that a quantity was computed from."""
    facts = []
    for name in columns:
        column = catalogue.gaps.column(name)
        digits = f"regexp_replace(CAST(CAST(\"{name}\" AS DECIMAL(18, 6)) AS VARCHAR), '\\.?0+$', '')"
        number = f'CAST(CAST("{name}" AS BIGINT) AS VARCHAR)' if column.type == "integer" else digits
        facts.append(f"{_quoted(text('need_reason.fact', lang, heading=column.heading(lang)))} || {number}")
    return f" || {_quoted(text('need_reason.mark', lang))} || ".join(facts)


def _quoted(word: str) -> str:
    """Write a text for the database."""
    return "'" + word.replace("'", "''") + "'"


def _undefined(needs: pa.Table) -> Iterator[Finding]:
    """Find quantities that are negative, missing or without bound."""
    import pyarrow.compute as pc

    usable = pc.and_(pc.is_finite(needs["quantity"]), pc.greater_equal(needs["quantity"], 0))
    wrong = needs.filter(pc.invert(pc.fill_null(usable, fill_value=False)))
    for kind in sorted(pc.unique(wrong["kind"]).to_pylist()):
        rows = wrong.filter(pc.equal(wrong["kind"], kind))
        first = rows["recipient"][0].as_py()
        yield finding("quantities.undefined", kind=kind, count=rows.num_rows, first=first)


def _twice(needs: pa.Table) -> Iterator[Finding]:
    """Find a recipient that has two needs of a kind."""
    import pyarrow.compute as pc

    counts = needs.group_by("need").aggregate([("need", "count")])
    repeated = sorted(counts.filter(pc.greater(counts["need_count"], 1))["need"].to_pylist())
    if repeated:
        yield finding("quantities.twice", count=len(repeated), first=repeated[0])
