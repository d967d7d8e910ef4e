"""What a pairing's tables must keep: known ids, single rows, usable numbers, decisions that agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from jiedui.language import finding
from jiedui.pairs.columns import check_columns

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.errors import Finding

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]

Rows = list[dict[str, Any]]
PART = 2**20
LARGEST_COUNT = 10**6
KINDS = ("forced", "locked", "forbidden")
KEYS = {
    "helpers": ["id"],
    "recipients": ["id"],
    "candidates": ["recipient", "helper"],
    "decided": ["recipient", "helper", "kind"],
}


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
    if wrong := check_columns(tables):
        return wrong
    findings += wrong_numbers(helpers, "helpers", "capacity", lambda value: value > 0, required=True)
    findings += wrong_numbers(helpers, "helpers", "duties", lambda value: value >= 0)
    findings += wrong_numbers(helpers, "helpers", "shared", lambda value: (value == 0) | (value == 1))
    for column in ("places", "need", "priority"):
        findings += wrong_numbers(recipients, "recipients", column, is_count)
    findings += _least_above_need(recipients)
    for column in ("score", "score_back"):
        given = column == "score" or column in candidates.column_names
        findings += wrong_numbers(candidates, "candidates", column, is_share, required=given)
    findings += duplicates(tables, KEYS)
    findings += unknown_ids(tables, ("candidates", "present", "decided"))
    findings += _decisions(candidates, recipients, present, decided)
    return findings


def _least_above_need(recipients: pa.Table) -> Iterator[Finding]:
    """Find least numbers of helpers that are no whole numbers up to the need."""
    if "need_min" not in recipients.column_names:
        return
    wanted = recipients["need"].to_pylist() if "need" in recipients.column_names else [None] * len(recipients)
    for row, need in zip(recipients.select(["id", "need_min"]).to_pylist(), wanted, strict=True):
        least = row["need_min"]
        if least is not None and not (0 <= least <= (need or 1) and least == int(least)):
            yield finding("pairs.need_min", table="recipients", id=row["id"], value=least)


def is_count(value: Numbers) -> Flags:
    """Mark whole numbers of at least 1 that leave room for exact arithmetic."""
    whole: Flags = (value >= 1) & (value <= LARGEST_COUNT) & (value == np.floor(value))
    return whole


def is_amount(value: Numbers) -> Flags:
    """Mark whole numbers of at least 0."""
    whole: Flags = (value >= 0) & (value == np.floor(value))
    return whole


def is_share(value: Numbers) -> Flags:
    """Mark numbers from 0 to 1."""
    within: Flags = (value >= 0) & (value <= 1)
    return within


def wrong_numbers(
    table: pa.Table,
    name: str,
    column: str,
    allowed: Callable[[Numbers], Flags],
    *,
    required: bool = False,
    rule: str = "",
) -> Iterator[Finding]:
    """Find values that are missing, not finite or outside what is allowed; the column names the rule."""
    if column not in table.column_names and not required:
        return
    wrong = [
        start + np.flatnonzero(_is_wrong(part, allowed, required=required))
        for start, part in parts(table[column])
    ]
    for row in table.take(np.concatenate([*wrong, np.zeros(0, np.int64)])).to_pylist():
        label = row.get("id") or f"{row.get('recipient')}–{row.get('helper')}"
        yield finding(f"pairs.{rule or column}", table=name, id=label, value=row[column])


def _is_wrong(part: pa.Array, allowed: Callable[[Numbers], Flags], *, required: bool) -> Flags:
    """Mark what is missing, not finite or not allowed."""
    values = np.asarray(part.cast("float64", safe=False).to_numpy(zero_copy_only=False), float)
    absent = part.is_null().to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore"):
        return np.where(absent, required, ~(np.isfinite(values) & allowed(values)))


def parts(column: pa.ChunkedArray) -> Iterator[tuple[int, pa.Array]]:
    """Cut a column into parts that need little memory, each with the number of its first row."""
    first = 0
    for chunk in column.chunks:
        for start in range(0, len(chunk), PART):
            yield first + start, chunk.slice(start, PART)
        first += len(chunk)


def duplicates(tables: Mapping[str, pa.Table], keys: Mapping[str, list[str]]) -> Iterator[Finding]:
    """Find ids and pairs that stand twice."""
    for name, columns in keys.items():
        for row in repeated(tables[name], columns) if name in tables else ():
            label = "–".join(row[column] or "" for column in columns)
            yield finding("pairs.duplicate", table=name, id=label, count=row["count"])


def repeated(table: pa.Table, columns: list[str]) -> Rows:
    """List keys that stand more than once, with their count, sorted."""
    import pyarrow.compute as pc

    codes = [_codes(table[column]) for column in columns]
    if is_increasing(codes) or not table.num_rows:
        return []
    counted = table.select(columns).group_by(columns).aggregate([([], "count_all")])
    counted = counted.rename_columns([*columns, "count"])
    twice = counted.filter(pc.greater(counted["count"], 1))
    rows: Rows = twice.sort_by([(column, "ascending") for column in columns]).to_pylist()
    return rows


def _codes(values: pa.ChunkedArray) -> NDArray[Any]:
    """Give each value of a column a number, equal ones the same."""
    own = joined(values)
    own = own if hasattr(own, "indices") else own.dictionary_encode()
    numbers: NDArray[Any] = own.indices.to_numpy(zero_copy_only=False)
    return numbers


def joined(column: pa.ChunkedArray) -> pa.Array:
    """Give a column as one array, without copying where it is one already."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def is_increasing(keys: Sequence[NDArray[Any]]) -> bool:
    """Whether each key, read column by column, comes after the one before."""
    later = np.zeros(max(0, len(keys[0]) - 1), bool)
    for column in reversed(keys):
        later &= column[1:] == column[:-1]
        later |= column[1:] > column[:-1]
    return bool(later.all())


def unknown_ids(tables: Mapping[str, pa.Table], names: Sequence[str]) -> Iterator[Finding]:
    """Find ids that no helper or recipient has, in the tables named."""
    import pyarrow.compute as pc

    missing = set()
    for name in names:
        for side in ("helper", "recipient") if name in tables else ():
            found = pc.unique(tables[name][side]).cast("string")
            known = tables[f"{side}s"]["id"].cast("string")
            unknown = found.filter(pc.invert(pc.is_in(found, value_set=known)))
            missing |= {(name, side, one or "") for one in unknown.to_pylist()}
    for name, side, one in sorted(missing, key=lambda found: (names.index(found[0]), *found[1:])):
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
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = table.schema.field("recipient").type
    if pa.types.is_null(kind):
        return set()
    wanted = pc.unique(decided["recipient"]).cast("string")
    wanted = wanted.cast(kind.value_type if pa.types.is_dictionary(kind) else kind)
    own = table.filter(pc.is_in(table["recipient"], value_set=wanted))
    return set(zip(own["recipient"].to_pylist(), own["helper"].to_pylist(), strict=True))


def _too_many_forced(recipients: pa.Table, kinds: Mapping[tuple[str, str], set[str]]) -> Iterator[Finding]:
    """Find recipients with more decided helpers than they need."""
    forced = Counter(recipient for (recipient, _), found in kinds.items() if "forbidden" not in found)
    wanted = recipients["need"] if "need" in recipients.column_names else [None] * recipients.num_rows
    for recipient, need in zip(recipients["id"].to_pylist(), wanted, strict=True) if forced else ():
        most = (need.as_py() if need is not None else None) or 1
        if forced[recipient] > most:
            yield finding("pairs.forced_many", id=recipient, count=forced[recipient], need=most)
