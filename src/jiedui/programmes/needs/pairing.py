"""From needs to proposals: the needs of places are the recipients of the programme's scheme."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from jiedui.errors import Finding, InputError
from jiedui.language import Lang, finding
from jiedui.needs.quantities import as_recipients
from jiedui.programmes.folder import make_folder, read_tables
from jiedui.programmes.running import Run, pair_folder
from jiedui.tables import Reading
from jiedui.tables.grid import Place
from jiedui.tables.shared import RECIPIENTS

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.needs.quantities import Catalogue
    from jiedui.programmes.programme import Programme
    from jiedui.schemes import Scheme

MADE = ("recipients", "units")
"""Tables that needs stand for; ``units`` are the households here, and no areas of recipients."""
GIVEN = ("party", "kind", "quantity", "priority")
"""What needs tell of a recipient beyond its name and place."""


def read_helping(folder: Path, programme: Programme, catalogue: Catalogue | None) -> dict[str, Reading]:
    """Read who helps and what was decided; nothing where the programme asks for no proposals.

    Raises
    ------
    InputError
        With everything that is wrong with them, or if the scheme cannot take needs as recipients.
    """
    if not programme.asks:
        return {}
    if findings := list(_misfits(programme.scheme, catalogue)):
        raise InputError(findings)
    return read_tables(folder, programme.scheme, made=MADE)


def pair_needs(
    programme: Programme,
    helping: Mapping[str, Reading],
    recipients: pa.Table,
    *,
    lang: Lang,
    on_step: Callable[[str], None],
    watch: Callable[[], float],
) -> Run:
    """Find every way of pairing that a programme asks for.

    Raises
    ------
    InputError
        If the tables do not agree.
    InfeasibleError
        If a proposal cannot keep the rules it was asked to keep.
    """
    place = Place("recipients.csv", lettered=False)
    readings = {**helping, "recipients": Reading(recipients, (), range(recipients.num_rows), {}, place)}
    return pair_folder(lambda: make_folder(programme, readings), lang=lang, on_step=on_step, watch=watch)


def recipients_of(needs: pa.Table, areas: pa.Table, programme: Programme) -> pa.Table:
    """Give needs as recipients: each need where the scheme counts units of a need, else each place.

    A place needs all its kinds, the most urgent first, and is as urgent as the most urgent of them.
    """
    each = as_recipients(needs, areas)
    if not programme.asks or programme.scheme.uses("recipients", "quantity"):
        return each
    known = [column.name for column in programme.scheme.table(RECIPIENTS).columns]
    made = _by_place(each)
    return made.select([name for name in made.column_names if name in known])


def _by_place(each: pa.Table) -> pa.Table:
    """Give a row for each place."""
    import pyarrow as pa

    places: dict[str, list[dict[str, object]]] = {}
    for row in each.sort_by(
        [("party", "ascending"), ("priority", "ascending"), ("id", "ascending")]
    ).to_pylist():
        places.setdefault(row["party"], []).append(row)
    rows = [
        own[0] | {"id": party, "kind": "、".join(str(row["kind"]) for row in own)}
        for party, own in places.items()
    ]
    return pa.Table.from_pylist(rows, each.schema).drop_columns(["quantity"])


def _misfits(scheme: Scheme, catalogue: Catalogue | None) -> Iterator[Finding]:
    """Find why needs cannot be the recipients of a scheme."""
    own = scheme.columns["recipients"].must if "recipients" in scheme.columns else ()
    lacking = [name for name in own if name not in GIVEN]
    if scheme.form == "parts":
        lacking.append("candidates")
    if catalogue is None:
        lacking.append("catalogue.toml")
    if lacking:
        yield finding(
            "programme.needs_cannot_fill",
            file="programme.toml",
            cell="programme.scheme",
            scheme=scheme.name,
            found=", ".join(lacking),
            allowed=", ".join(GIVEN),
        )
    elif scheme.uses("recipients", "kind") and catalogue:
        yield from _unknown_kinds(scheme, catalogue)


def _unknown_kinds(scheme: Scheme, catalogue: Catalogue) -> Iterator[Finding]:
    """Find kinds of need that the scheme does not have."""
    names = {name for kind in scheme.kinds.values() for name in kind.names}
    allowed = ", ".join(scheme.kinds)
    for rule in catalogue.rules:
        if rule.kind and rule.kind not in names:
            cell = f"rules.{rule.id}.kind"
            yield finding(
                "programme.unknown_kind", file="catalogue.toml", cell=cell, found=rule.kind, allowed=allowed
            )
