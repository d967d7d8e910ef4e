"""What a specification and households must be before anything is computed from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from jiedui.errors import Finding, InputError
from jiedui.language import finding
from jiedui.needs.cube.patterns import MOST
from jiedui.needs.groups import BAR

if TYPE_CHECKING:
    import ibis

    from jiedui.needs.spec import Spec

OWN = ("deprived", "key", "left_out", "missing", "n", "value", "w", "w_left_out")
"""Names that results use themselves."""


def check_households(
    households: ibis.Table, spec: Spec, by: Sequence[str], *, weight: str, size: str
) -> None:
    """Refuse households whose columns cannot be counted.

    Asks the engine once for the least and greatest value of each column: nothing to read where the file
    tells, as Parquet does; one scan elsewhere.

    Raises
    ------
    InputError
        With every finding.
    """
    names = [one.id for one in spec.indicators]
    if len(names) > MOST:
        raise InputError([finding("cube.too_many", found=len(names), most=MOST)])
    numbers = [name for name in (weight, size) if name]
    if findings := list(_wrong_columns(households, names, numbers, by)):
        raise InputError(findings)
    asked = _questions(households, names, numbers, by)
    told = households.aggregate(**asked).to_pyarrow().to_pylist()[0]
    if findings := list(_wrong_values(told, names, numbers, by)):
        raise InputError(findings)


def _wrong_columns(
    households: ibis.Table, names: Sequence[str], numbers: Sequence[str], by: Sequence[str]
) -> Iterator[Finding]:
    """Find columns that are absent, of a wrong kind or of a name of ours."""
    schema = households.schema()
    for name in dict.fromkeys((*names, *numbers, *by)):
        kind = schema.get(name)
        if kind is None:
            yield finding("cube.column", column=name, allowed=", ".join(schema))
        elif name in names and not (kind.is_numeric() or kind.is_boolean()):
            yield finding("cube.kind", column=name, found=kind)
        elif name in numbers and not kind.is_numeric():
            yield finding("cube.number", column=name, found=kind)
    for name in by:
        if name in (*OWN, *names):
            yield finding("cube.own_name", column=name)


def _questions(
    households: ibis.Table, names: Sequence[str], numbers: Sequence[str], by: Sequence[str]
) -> dict[str, ibis.Value]:
    """Ask for what tells whether each column can be counted."""
    asked = {"n": households.count()}
    for name in names:
        column = households[name]
        if column.type().is_integer():
            asked |= {f"{name} least": column.min(), f"{name} most": column.max()}
        elif not column.type().is_boolean():
            asked[f"{name} broken"] = (~column.isin([0, 1])).cast("int64").sum()
    for name in numbers:
        column = households[name]
        asked |= {f"{name} least": column.min(), f"{name} most": column.max()}
    for name in (*numbers, *by):
        column = households[name]
        asked[f"{name} known"] = (column.nullif("") if column.type().is_string() else column).count()
        if column.type().is_string() and len(by) > 1:
            asked[f"{name} bars"] = column.contains(BAR).cast("int64").sum()
    return asked


def _wrong_values(
    told: dict[str, float | None], names: Sequence[str], numbers: Sequence[str], by: Sequence[str]
) -> Iterator[Finding]:
    """Find values that cannot be counted."""
    if not told["n"]:
        yield finding("cube.no_rows")
    for name in names:
        ends = [told.get(f"{name} {end}") for end in ("least", "most")]
        strange = [end for end in ends if end not in {None, 0, 1}]
        if strange or told.get(f"{name} broken"):
            yield finding("cube.values", column=name, found=", ".join(map(str, strange)))
    for name in numbers:
        least, most = told[f"{name} least"], told[f"{name} most"] or 0
        if least is not None and not 0 < least <= most < float("inf"):
            yield finding("cube.weight", column=name, least=least, most=most)
    yield from _wrong_names(told, numbers, by)


def _wrong_names(
    told: dict[str, float | None], numbers: Sequence[str], by: Sequence[str]
) -> Iterator[Finding]:
    """Find what is empty, and names that would become one when joined."""
    for name in by:
        if told.get(f"{name} bars"):
            yield finding("cube.bar", column=name, found=BAR)
    for name in (*numbers, *by):
        if empty := int((told["n"] or 0) - (told[f"{name} known"] or 0)):
            yield finding("cube.empty", column=name, count=empty)
