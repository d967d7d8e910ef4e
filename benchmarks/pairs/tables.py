"""A question as the tables that a user would bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from benchmarks.pairs.instances import Question


def make_tables(question: Question) -> tuple[tuple[pa.Table, pa.Table, pa.Table], dict[str, int]]:
    """Give helpers, recipients and candidates, and the places of each helper."""
    helpers = pa.array([f"h{number:06d}" for number in range(len(question.capacity))])
    recipients = pa.array([f"r{number:07d}" for number in range(question.recipients)])
    score = (1 - question.cost / max(1000, int(question.cost.max()))).astype(np.float32)
    tables = (
        pa.table({"id": helpers, "capacity": question.capacity.astype(float)}),
        pa.table({"id": recipients}),
        pa.table(
            {
                "recipient": pa.DictionaryArray.from_arrays(pa.array(question.row), recipients),
                "helper": pa.DictionaryArray.from_arrays(pa.array(question.helper), helpers),
                "score": score,
            }
        ),
    )
    return tables, dict(zip(helpers.to_pylist(), question.capacity.tolist(), strict=True))
