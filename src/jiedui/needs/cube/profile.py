"""The cube: weights by area and pattern, from one scan; everything else follows without another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.cube.checking import check_households
from jiedui.needs.cube.measures import measure
from jiedui.needs.cube.patterns import patterns
from jiedui.needs.estimates import Estimates

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

    from jiedui.needs.spec import Missing, Spec

MARK = b"jiedui.cube"


@dataclass(frozen=True, slots=True)
class Cube:
    """Households counted by area and pattern.

    Attributes
    ----------
    table : pyarrow.Table
        ``by``, ``key`` (two bits for each indicator of the specification, the first lowest: 0 not deprived, 1
        deprived, 2 missing), ``n`` (households), ``w`` (their weight); sorted by area and key.
    spec : Spec
    by : tuple of str
    """

    table: pa.Table
    spec: Spec
    by: tuple[str, ...] = ()

    def estimates(
        self,
        k: Sequence[Fraction] = (),
        *,
        weights: Mapping[str, Fraction] | None = None,
        missing: Missing | None = None,
    ) -> Estimates:
        """Give H, A, M0, headcount ratios and contributions of the whole and of each area.

        Parameters
        ----------
        k
            Cut-offs, exact; those of the specification if none is named.
        weights
            Of each indicator, exact, instead of those of the specification.
        missing
            Rule instead of that of the specification.

        Returns
        -------
        Estimates
            ``H``, ``A``, ``M0``; ``hd`` and ``hdk`` (uncensored and censored headcount ratio of an indicator,
            among those of whom it is known); ``actb`` and ``pctb`` (what an indicator adds to M0, and its
            share), ``actb_dimension`` and ``pctb_dimension``; ``popshare``. No standard errors: the cube
            counts, it does not sample. With ``bounds`` every measure is given twice, ``_lower`` with all that
            is missing as not deprived, ``_upper`` as deprived.

        Raises
        ------
        InputError
            If weights do not sum to one or name other indicators, or a cut-off is beyond 0 and 1.
        """
        spec = with_weights(self.spec, weights, k)
        table, counts = measure(self.table, spec, self.by, rule=missing or spec.missing)
        origin = {"spec": spec.id, "spec_sha256": spec.sha256, "data_sha256": self.sha256, **counts}
        return Estimates(table, origin)

    @property
    def sha256(self) -> str:
        """The fingerprint of the counts."""
        import pyarrow as pa

        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, self.table.schema) as stream:
            stream.write_table(self.table.combine_chunks())
        return hashlib.sha256(sink.getvalue()).hexdigest()

    def save(self, path: Path) -> None:
        """Write the cube as a Parquet file."""
        import pyarrow.parquet as pq

        told = json.dumps({"by": self.by, "indicators": [one.id for one in self.spec.indicators]})
        pq.write_table(self.table.replace_schema_metadata({MARK: told}), path, compression="zstd")


def profile_cube(
    households: ibis.Table, spec: Spec, by: str | Sequence[str] = (), *, weight: str = "", size: str = ""
) -> Cube:
    """Count households by area and pattern of deprivations, in one scan.

    Parameters
    ----------
    households, by, weight, size
        As in `jiedui.needs.cube.headline`.

    Returns
    -------
    Cube
        Which weights and cut-offs `spec` has, does not matter to the counts: `Cube.estimates` takes others.

    Raises
    ------
    InputError
        As `jiedui.needs.cube.headline`.

    Examples
    --------
    >>> import ibis, pyarrow as pa
    >>> from fractions import Fraction
    >>> from jiedui.needs import Indicator, Spec
    >>> words = {"zh": "", "en": ""}
    >>> two = tuple(Indicator(name, name, words, Fraction(1, 2)) for name in ("water", "school"))
    >>> spec = Spec("two", words, {"water": words, "school": words}, two, (Fraction(1, 2),))
    >>> columns = {"county": [1, 1, 2], "water": [1, 0, 1], "school": [1, 0, 0]}
    >>> households = ibis.memtable(pa.table(columns))
    >>> cube = profile_cube(households, spec, ["county"])
    >>> for row in cube.estimates([Fraction(1)]).table.slice(0, 3).to_pylist():
    ...     print(row["measure"], row["group"] or "whole", round(row["b"], 4))
    H whole 0.3333
    H 1 0.5
    H 2 0.0
    """
    by = (by,) if isinstance(by, str) and by else tuple(by)
    check_households(households, spec, by, weight=weight, size=size)
    table = patterns(households, spec, by, weight=weight, size=size).to_pyarrow()
    order = [(name, "ascending") for name in (*by, "key")]
    return Cube(table.sort_by(order), spec, by)


def read_cube(path: Path, spec: Spec) -> Cube:
    """Read what `Cube.save` wrote.

    Raises
    ------
    InputError
        If the file is no cube, or one of other indicators.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
        told = json.loads(table.schema.metadata[MARK])
    except (OSError, pa.ArrowInvalid, KeyError, TypeError) as error:
        raise InputError([finding("cube.no_cube", file=path.name)]) from error
    names = [one.id for one in spec.indicators]
    if told["indicators"] != names:
        found, wanted = ", ".join(told["indicators"]), ", ".join(names)
        raise InputError([finding("cube.other_spec", file=path.name, found=found, wanted=wanted)])
    return Cube(table.replace_schema_metadata(None), spec, tuple(told["by"]))


def with_weights(spec: Spec, weights: Mapping[str, Fraction] | None, k: Sequence[Fraction]) -> Spec:
    """Give a specification with other weights and cut-offs."""
    names = [one.id for one in spec.indicators]
    if weights is not None and sorted(weights) != sorted(names):
        found, wanted = ", ".join(weights), ", ".join(names)
        raise InputError([finding("cube.other_weights", found=found, wanted=wanted)])
    own = weights or {one.id: one.weight for one in spec.indicators}
    indicators = tuple(replace(one, weight=Fraction(own[one.id])) for one in spec.indicators)
    return replace(spec, indicators=indicators, cutoffs=tuple(map(Fraction, k)) or spec.cutoffs)
