"""What estimates were computed from, and how: said with every result."""

from __future__ import annotations

import hashlib

from jiedui.needs.estimates import Design
from jiedui.needs.multidimensional.sample import Sample
from jiedui.needs.spec import Spec


def describe_origin(sample: Sample, spec: Spec, design: Design | None, size: str) -> dict[str, str]:
    """Say what estimates were computed from."""
    import numpy as np

    data = hashlib.sha256("\n".join(sample.labels).encode())
    drawn = (sample.draw.stratum, sample.draw.psu) if sample.draw else ()
    for array in (sample.g0, sample.observed, sample.weight, sample.group, *drawn):
        data.update(np.ascontiguousarray(array).tobytes())
    lacking = {f"missing:{one.id}": str(n) for one, n in zip(spec.indicators, sample.missing, strict=True)}
    return {
        "spec": spec.id,
        "spec_sha256": spec.sha256,
        "data_sha256": data.hexdigest(),
        "design": "" if design is None else f"{design.strata}/{design.psu}/{design.single}",
        "size": size,
        "missing": spec.missing,
        "left_out": str(sample.left_out),
        "without_group": str(int((sample.group < 0).sum())) if sample.labels else "0",
        **lacking,
    }
