"""Estimates of areas made to agree with totals that are known or better estimated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, get_args

from jiedui.needs.areas.intake import as_table, listed, numbers, refuse, refuse_repeats, refuse_unknown, texts
from jiedui.needs.areas.model import AreaEstimates

if TYPE_CHECKING:
    import numpy as np

Benchmarking = Literal["ratio", "difference", "mse"]


def benchmark(
    found: AreaEstimates,
    members: Any,  # noqa: ANN401 - whatever speaks Arrow
    totals: Mapping[str, float],
    *,
    method: Benchmarking = "ratio",
) -> AreaEstimates:
    """Give the estimates changed so that, group by group, they add up to known totals.

    ``ratio`` multiplies all areas of a group by the same number, ``difference`` adds the same amount to all,
    ``mse`` adds more where the mean squared error is larger, which changes sure estimates least (Datta,
    Ghosh, Steorts and Maples 2011; Pfeffermann and Tiller 2006). The errors stay those of the model
    estimates.

    Parameters
    ----------
    members : pyarrow.Table
        Columns ``area``, ``share`` (the part of the area in the total: persons for a count, parts of one for
        a mean), and ``group`` where totals are by group.
    totals : mapping of str to float
        The total of each group; of all areas under "" where there are no groups.

    Returns
    -------
    AreaEstimates
        With ``benchmarked`` filled and, in ``origin``, the method.

    Raises
    ------
    InputError
        If an area has no share or stands twice, groups and totals do not meet, a share is negative, nothing
        can be scaled, or shares leave 0 to 1.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.needs.areas import fay_herriot
    >>> areas, x = ["a", "b", "c", "d"], [1, 2, 3, 4]
    >>> given = pa.table({"area": areas, "b": [1.0, 2.0, 3.0, 4.0], "se": [0.1] * 4})
    >>> model = fay_herriot(given, pa.table({"area": areas, "x": x}))
    >>> even = benchmark(model, pa.table({"area": areas, "share": [0.25] * 4}), {"": 2.6})
    >>> round(sum(even.table.column("benchmarked").to_pylist()) / 4, 9)
    2.6
    """
    import numpy as np
    import pyarrow as pa

    refuse_unknown("method", method, get_args(Benchmarking))
    areas = found.table.column("area").to_pylist()
    share, group = _members(members, areas)
    _refuse_unmet(set(group), set(totals))
    names = sorted(totals)
    place = np.array([names.index(name) for name in group], dtype=np.int64)
    target = np.array([totals[name] for name in names], dtype=float)
    eblup, mse = (np.array(found.table.column(name).to_pylist(), dtype=float) for name in ("eblup", "mse"))
    if np.isnan(eblup).any():
        refuse("areas.hidden_before", count=int(np.isnan(eblup).sum()))
    made = _changed(eblup, mse, share=share, place=place, target=target, method=method)
    if found.origin.get("transform") == "arcsin" and (made.min() < 0 or made.max() > 1):
        out = [area for area, value in zip(areas, made, strict=True) if not 0 <= value <= 1]
        refuse("areas.benchmark_leaves_shares", areas=listed(out), method=method)
    position = found.table.schema.get_field_index("benchmarked")
    table = found.table.set_column(position, found.table.schema.field(position), pa.array(made))
    return replace(found, table=table, origin={**found.origin, "benchmarking": method})


def _changed(
    eblup: np.ndarray,
    mse: np.ndarray,
    *,
    share: np.ndarray,
    place: np.ndarray,
    target: np.ndarray,
    method: Benchmarking,
) -> np.ndarray:
    """Give the changed estimates."""
    import numpy as np

    now = np.bincount(place, share * eblup, len(target))
    if method == "ratio":
        if (now == 0).any():
            refuse("areas.nothing_to_scale")
        return np.asarray(eblup * (target / now)[place])
    step = mse if method == "mse" else np.ones(len(eblup))
    reach = np.bincount(place, share * (share * mse if method == "mse" else step), len(target))
    if (reach == 0).any():
        refuse("areas.nothing_to_scale")
    direction = share * mse if method == "mse" else step
    return np.asarray(eblup + direction * ((target - now) / reach)[place])


def _members(given: Any, areas: list[str]) -> tuple[np.ndarray, list[str]]:  # noqa: ANN401 - speaks Arrow
    """Read share and group of each area, in the order of the estimates."""
    import numpy as np

    table = as_table(given)
    names, share = texts(table, "area"), numbers(table, "share")
    refuse_repeats(names, "members")
    unlike = sorted(set(areas) ^ set(names))
    if unlike:
        refuse("areas.members_differ", areas=listed(unlike))
    if (share < 0).any():
        refuse("areas.share_negative", areas=listed(np.array(names)[share < 0]))
    groups = texts(table, "group") if "group" in table.column_names else [""] * len(names)
    at = {name: number for number, name in enumerate(names)}
    order = [at[area] for area in areas]
    return share[order], [groups[number] for number in order]


def _refuse_unmet(groups: set[str], totals: set[str]) -> None:
    """Refuse groups without total and totals without group."""
    unmet = sorted(groups ^ totals)
    if unmet:
        refuse("areas.totals_differ", groups=listed(name or '""' for name in unmet))
