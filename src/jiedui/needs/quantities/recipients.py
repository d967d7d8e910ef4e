"""Needs as the recipients of a pairing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.tables.shared import MANY, RECIPIENTS

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.errors import Finding

OF_NEEDS = ("need", "recipient", "kind", "quantity", "priority")
NUMBERS = ("quantity", "priority", "lon", "lat")
FILLED = (*NUMBERS, "need", "recipient", "kind", "code", "name")
OF_PLACES = ("name", "name_en", "code", "prefecture", "province", "lon", "lat")


def as_recipients(needs: pa.Table, places: pa.Table) -> pa.Table:
    """Give each need as a recipient: who it belongs to, where, its kind, quantity and priority.

    A need of part of a unit, such as 2.5 kilometres, counts as the next whole number of units.

    Parameters
    ----------
    needs
        As `NEEDS` declares.
    places
        ``code`` (the recipient of the needs), ``name``, ``lon``, ``lat``; optional ``name_en``,
        ``prefecture``, ``province``.

    Returns
    -------
    pyarrow.Table
        The columns ``id``, ``party``, ``kind``, ``quantity`` and ``priority`` of the recipients of a
        programme, and those of places that were given.

    Raises
    ------
    InputError
        If a recipient has no place or more than one, a column is missing, or a need has too many units.

    Examples
    --------
    >>> import pyarrow as pa
    >>> needs = {"need": ["v-road"], "recipient": ["v"], "kind": ["road"], "unit": ["km"]}
    >>> needs |= {"quantity": [2.5], "priority": [1]}
    >>> places = pa.table({"code": ["v"], "name": ["V"], "lon": [100.0], "lat": [25.0]})
    >>> as_recipients(pa.table(needs), places).select(["id", "party", "quantity", "name"]).to_pylist()
    [{'id': 'v-road', 'party': 'v', 'quantity': 3, 'name': 'V'}]
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    faults = [*_missing(needs, OF_NEEDS), *_missing(places, ("code", "name", "lon", "lat"))]
    faults = faults or [*_wrong_types(needs, OF_NEEDS), *_wrong_types(places, OF_PLACES)]
    if faults := faults or _faults(needs, places):
        raise InputError(faults)
    where = pc.index_in(needs["recipient"].cast("string"), value_set=_ids(places))
    columns = {
        "id": needs["need"],
        "party": needs["recipient"],
        "kind": needs["kind"],
        "quantity": pc.ceil(needs["quantity"].cast("float64")),
        "priority": needs["priority"],
    }
    columns |= {name: places[name].take(where) for name in OF_PLACES if name in places.column_names}
    fields = [field for field in RECIPIENTS.schema() if field.name in columns]
    made = pa.table([columns[field.name].cast(field.type) for field in fields], schema=pa.schema(fields))
    return made.sort_by("id")


def _ids(places: pa.Table) -> pa.Array:
    return places["code"].cast("string").combine_chunks()


def _missing(table: pa.Table, names: tuple[str, ...]) -> list[Finding]:
    """Find columns that are not there."""
    known = ", ".join(table.column_names) or "–"
    return [
        finding("quantities.no_column", column=name, words={"zh": name, "en": name}, found=known)
        for name in names
        if table.column_names.count(name) != 1
    ]


def _wrong_types(table: pa.Table, names: tuple[str, ...]) -> Iterator[Finding]:
    """Find columns of numbers that hold none, nested columns, and numbers that are not given."""
    import pyarrow as pa

    for name in (name for name in names if name in table.column_names):
        kind, words = table.schema.field(name).type, {"zh": name, "en": name}
        is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind)
        if name in NUMBERS and not is_number:
            yield finding("quantities.not_number", words=words, found=kind)
        elif pa.types.is_nested(kind):
            yield finding("quantities.not_plain", words=words, found=kind)
        elif name in FILLED and (count := table[name].null_count):
            yield finding("quantities.unit", words=words, count=count)


def _faults(needs: pa.Table, places: pa.Table) -> list[Finding]:
    """Find recipients without exactly one place, and needs that a pairing cannot count."""
    import pyarrow.compute as pc

    found = []
    ids = places["code"].cast("string")
    if repeated := len(ids) - len(pc.unique(ids)):
        found.append(finding("quantities.place_twice", count=repeated))
    known = pc.is_in(needs["recipient"].cast("string"), value_set=_ids(places))
    if placeless := needs.filter(pc.invert(known))["recipient"].unique().to_pylist():
        found.append(finding("quantities.no_place", count=len(placeless), first=placeless[0]))
    fits = pc.and_(pc.greater(needs["quantity"], 0), pc.less_equal(needs["quantity"], MANY))
    outside = needs.filter(pc.invert(pc.fill_null(fits, fill_value=False)))
    if outside.num_rows:
        first = outside["need"][0].as_py()
        found.append(finding("quantities.countless", count=outside.num_rows, first=first, most=MANY))
    return found
