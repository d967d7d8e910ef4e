"""What a model of small areas is given: direct estimates, and covariates of every area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jiedui.needs.areas.intake import as_table, hash_table, listed, numbers, refuse, refuse_repeats, texts
from jiedui.needs.estimates import Estimates

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

TIGHT = 1e-9
"""A covariate of which the others leave less than this part repeats them."""


@dataclass(frozen=True, slots=True)
class Direct:
    """Direct estimates: value, variance and number of units, nan where not known, shape (areas,)."""

    areas: list[str]
    b: np.ndarray
    variance: np.ndarray
    n: np.ndarray
    sha256: str

    @property
    def is_unsure(self) -> np.ndarray:
        """Tell where there is an estimate whose variance is zero or not known."""
        import numpy as np

        found: np.ndarray = ~np.isnan(self.b) & ~(self.variance > 0)
        return found


@dataclass(frozen=True, slots=True)
class Covariates:
    """The covariates: X with the intercept first, shape (areas, p)."""

    areas: list[str]
    names: list[str]
    X: np.ndarray
    sha256: str


def read_direct(given: Any, measure: str = "") -> Direct:  # noqa: ANN401 - a table or estimates
    """Read direct estimates from a long table of estimates, or from columns area, b, se or var, and n.

    Raises
    ------
    InputError
        If there are several measures and none is chosen, an area stands twice, or a variance is negative.
    """
    import numpy as np
    import pyarrow as pa

    is_long = isinstance(given, Estimates)
    table = _chosen(given.table, measure) if is_long else as_table(given)
    areas = texts(table, "group" if is_long else "area")
    refuse_repeats(areas, "direct")
    spread = "se" if is_long or "se" in table.column_names else "var"
    raw = numbers(table, spread, may_lack=True)
    wrong = [area for area, value in zip(areas, raw, strict=True) if value < 0]
    if wrong:
        refuse("areas.variance_negative", column=spread, areas=listed(wrong))
    n = numbers(table, "n", may_lack=True) if "n" in table.column_names else np.full(len(areas), np.nan)
    columns = {"b": numbers(table, "b", may_lack=True), "v": raw, "n": n}
    digest = hash_table(pa.table({"area": areas, **columns}), ["area", *columns])
    return Direct(areas, columns["b"], raw**2 if spread == "se" else raw, n, digest)


def read_covariates(given: Any, columns: Sequence[str] = ()) -> Covariates:  # noqa: ANN401 - speaks Arrow
    """Read the column ``area`` and the covariates, all other columns where none are named."""
    import numpy as np

    table = as_table(given)
    areas = texts(table, "area")
    refuse_repeats(areas, "covariates")
    names = list(columns) or [name for name in table.column_names if name != "area"]
    x = np.column_stack([np.ones(len(areas)), *(numbers(table, name) for name in names)])
    return Covariates(areas, names, x, hash_table(table, ["area", *names]))


def refuse_repeated_covariates(x: np.ndarray, names: Sequence[str]) -> None:
    """Refuse covariates that are the same in all sampled areas, or follow from those before them."""
    import numpy as np

    sizes = np.linalg.norm(x, axis=0)
    scaled = x / np.where(sizes > 0, sizes, 1)
    for column, name in enumerate(names, start=1):
        before, this = scaled[:, :column], scaled[:, column]
        parts = np.linalg.lstsq(before, this, rcond=None)[0]
        if np.linalg.norm(this - before @ parts) <= TIGHT:
            large = np.flatnonzero(np.abs(parts) > TIGHT)
            follows = [("intercept", *names)[at] for at in large] or ["intercept"]
            refuse("areas.covariate_repeats", column=name, others=listed(follows))


def _chosen(table: pa.Table, measure: str) -> pa.Table:
    """Give the rows of one measure by group; the whole and coefficients of variation apart."""
    import pyarrow.compute as pc

    parts = table.filter(pc.not_equal(pc.fill_null(table.column("group"), ""), ""))
    found = [name for name in dict.fromkeys(parts.column("measure").to_pylist()) if name != "cv"]
    if (measure and measure not in found) or (not measure and len(found) != 1):
        refuse("areas.measure_unclear", measure=measure or "–", found=listed(found) or "–")
    return parts.filter(pc.equal(parts.column("measure"), measure or found[0]))
