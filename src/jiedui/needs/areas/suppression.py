"""What is not shown: areas where too few were observed, or that are too unsure to act on."""

from __future__ import annotations

from dataclasses import replace

from jiedui.needs.areas.intake import refuse
from jiedui.needs.areas.model import AreaEstimates
from jiedui.needs.areas.tables import AREAS

NAMES = ("area", "is_sampled", "hidden")
UNSURE = (*NAMES, "n", "cv")
"""What is still told of an area that is not shown: of one with few units not even how many."""


def suppress(
    found: AreaEstimates, *, least_n: int | None = None, most_cv: float | None = None
) -> AreaEstimates:
    """Empty the rows of areas that may not be shown, and say why in ``hidden``.

    ``few``: some units were observed, but fewer than `least_n`; all numbers go, the synthetic estimate too.
    ``unsure``: the coefficient of variation is above `most_cv` or cannot be computed; estimates go, the
    coefficient stays. An area without sample can only be unsure.

    Raises
    ------
    InputError
        If `least_n` is given and the number of units of a sampled area is not known.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.needs.areas import fay_herriot
    >>> given = {"area": list("abcd"), "b": [1.0, 2.0, 3.0, 4.0], "se": [0.1] * 4, "n": [9, 40, 50, 60]}
    >>> model = fay_herriot(pa.table(given), pa.table({"area": list("abcd"), "x": [1, 2, 3, 4]}))
    >>> suppress(model, least_n=30, most_cv=0.2).table.select(["area", "n", "hidden"]).to_pylist()[:2]
    [{'area': 'a', 'n': None, 'hidden': 'few'}, {'area': 'b', 'n': 40, 'hidden': ''}]
    """
    import pyarrow as pa

    rows = found.table.to_pylist()
    for row in rows:
        if least_n is not None and row["is_sampled"] and row["n"] is None:
            refuse("areas.n_unknown", area=row["area"])
        row["hidden"] = _reason(row, least_n, most_cv)
    kept = {"few": NAMES, "unsure": UNSURE, "": tuple(AREAS.schema().names)}
    shown = [{name: row[name] if name in kept[row["hidden"]] else None for name in row} for row in rows]
    rules = {"least_n": str(least_n or ""), "most_cv": str(most_cv or "")}
    table = pa.Table.from_pylist(shown, schema=AREAS.schema())
    return replace(found, table=table, origin={**found.origin, **rules})


def _reason(row: dict[str, object], least_n: int | None, most_cv: float | None) -> str:
    """Tell why a row is hidden; a row that already is stays so."""
    n, cv = row["n"], row["cv"]
    if row["hidden"]:
        return str(row["hidden"])
    if least_n is not None and isinstance(n, int) and 0 < n < least_n:
        return "few"
    return "unsure" if most_cv is not None and not (isinstance(cv, float) and cv <= most_cv) else ""
