"""What a pairing's tables must keep: known ids, single rows, usable numbers, decisions that agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from jiedui.language import finding

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.errors import Finding

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]

Rows = list[dict[str, Any]]
KINDS = ("forced", "locked", "forbidden")


def check_problem(
    helpers: pa.Table,
    recipients: pa.Table,
    candidates: pa.Table,
    present: pa.Table | None,
    decided: pa.Table | None,
) -> list[Finding]:
    """List everything that keeps these tables from being a pairing problem."""
    tables = {"helpers": helpers, "recipients": recipients, "candidates": candidates}
    findings = [finding("pairs.no_rows", table=name) for name, table in tables.items() if not table.num_rows]
    tables |= {
        name: table for name, table in (("present", present), ("decided", decided)) if table is not None
    }
    findings += _numbers(helpers, "helpers", "capacity", lambda value: value > 0, required=True)
    findings += _numbers(helpers, "helpers", "duties", lambda value: value >= 0)
    findings += _numbers(recipients, "recipients", "places", _is_count)
    findings += _numbers(recipients, "recipients", "need", _is_count)
    findings += _numbers(
        candidates, "candidates", "score", lambda value: (value >= 0) & (value <= 1), required=True
    )
    findings += _duplicates(tables)
    findings += _unknown(tables)
    findings += _decisions(candidates, recipients, present, decided)
    return findings


def _is_count(value: Numbers) -> Flags:
    whole: Flags = (value >= 1) & (value == np.floor(value))
    return whole


def _numbers(
    table: pa.Table, name: str, column: str, allowed: Callable[[Numbers], Flags], *, required: bool = False
) -> Iterator[Finding]:
    """Find values that are missing, not finite or outside what is allowed."""
    if column not in table.column_names and not required:
        return
    values = np.asarray(table[column].cast("float64", safe=False).to_numpy(), float)
    absent = np.asarray(table[column].is_null().to_numpy(), bool)
    with np.errstate(invalid="ignore"):
        wrong = np.where(absent, required, ~(np.isfinite(values) & allowed(values)))
    for row in table.take(np.flatnonzero(wrong)).to_pylist():
        label = row.get("id") or f"{row.get('recipient')}–{row.get('helper')}"
        yield finding(f"pairs.{column}", table=name, id=label, value=row[column])


def _duplicates(tables: Mapping[str, pa.Table]) -> Iterator[Finding]:
    """Find ids and pairs that stand twice."""
    keys = {
        "helpers": ["id"],
        "recipients": ["id"],
        "candidates": ["recipient", "helper"],
        "decided": ["recipient", "helper", "kind"],
    }
    for name, columns in keys.items():
        for row in repeated(tables[name], columns) if name in tables else ():
            label = "–".join(row[column] for column in columns)
            yield finding("pairs.duplicate", table=name, id=label, count=row["count"])


def repeated(table: pa.Table, columns: list[str]) -> Rows:
    """List keys that stand more than once, with their count, sorted."""
    import pyarrow.compute as pc

    codes = np.zeros(table.num_rows, np.int64)
    for column in columns:
        own = table[column].combine_chunks()
        own = own if hasattr(own, "indices") else own.dictionary_encode()
        codes = codes * (len(own.dictionary) + 1) + own.indices.to_numpy(zero_copy_only=False)
    if is_increasing(codes) or len(np.unique(codes)) == len(codes):
        return []
    counted = table.select(columns).group_by(columns).aggregate([([], "count_all")])
    counted = counted.rename_columns([*columns, "count"])
    twice = counted.filter(pc.greater(counted["count"], 1))
    rows: Rows = twice.sort_by([(column, "ascending") for column in columns]).to_pylist()
    return rows


def is_increasing(values: NDArray[np.int64]) -> bool:
    """Whether each value is greater than the one before."""
    return bool((values[1:] > values[:-1]).all())


def _unknown(tables: Mapping[str, pa.Table]) -> Iterator[Finding]:
    """Find ids that no helper or recipient has."""
    import pyarrow.compute as pc

    missing = set()
    for name in ("candidates", "present", "decided"):
        for side in ("helper", "recipient") if name in tables else ():
            found = pc.unique(tables[name][side]).cast("string")
            known = tables[f"{side}s"]["id"].cast("string")
            unknown = found.filter(pc.invert(pc.is_in(found, value_set=known)))
            missing |= {(name, side, one) for one in unknown.to_pylist()}
    order = ("candidates", "present", "decided")
    for name, side, one in sorted(missing, key=lambda found: (order.index(found[0]), *found[1:])):
        yield finding("pairs.unknown_id", table=name, id=one, allowed=f"{side}s")


def _decisions(
    candidates: pa.Table, recipients: pa.Table, present: pa.Table | None, decided: pa.Table | None
) -> Iterator[Finding]:
    """Find decisions that contradict each other, the present, the candidates or the need."""
    if decided is None:
        return
    kinds: dict[tuple[str, str], set[str]] = {}
    for row in decided.to_pylist():
        pair = (row["recipient"], row["helper"])
        kinds.setdefault(pair, set()).add(row["kind"])
        if row["kind"] not in KINDS:
            yield finding(
                "pairs.decided_kind", id="–".join(pair), value=row["kind"], allowed=" | ".join(KINDS)
            )
    possible = _pairs_of(candidates, decided)
    existing = set() if present is None else _pairs_of(present, decided)
    for pair, found in sorted(kinds.items()):
        if "forbidden" in found and len(found) > 1:
            yield finding("pairs.decided_both", id="–".join(pair))
        elif "locked" in found and pair not in existing:
            yield finding("pairs.locked_absent", id="–".join(pair))
        elif "forbidden" not in found and pair not in possible:
            yield finding("pairs.forced_no_candidate", id="–".join(pair))
    yield from _too_many_forced(recipients, kinds)


def _pairs_of(table: pa.Table, decided: pa.Table) -> set[tuple[str, str]]:
    """List the pairs of a table whose recipients somebody decided on."""
    import pyarrow.compute as pc

    own = table.filter(pc.is_in(table["recipient"], value_set=pc.unique(decided["recipient"])))
    return set(zip(own["recipient"].to_pylist(), own["helper"].to_pylist(), strict=True))


def _too_many_forced(recipients: pa.Table, kinds: Mapping[tuple[str, str], set[str]]) -> Iterator[Finding]:
    """Find recipients with more decided helpers than they need."""
    forced = Counter(recipient for (recipient, _), found in kinds.items() if "forbidden" not in found)
    wanted = recipients["need"] if "need" in recipients.column_names else [None] * recipients.num_rows
    for recipient, need in zip(recipients["id"].to_pylist(), wanted, strict=True) if forced else ():
        most = int((need.as_py() if need is not None else None) or 1)
        if forced[recipient] > most:
            yield finding("pairs.forced_many", id=recipient, count=forced[recipient], need=most)
