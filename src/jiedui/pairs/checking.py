"""What a pairing's tables must keep: known ids, single rows, usable numbers, decisions that agree."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from jiedui.language import finding

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.errors import Finding

Row = dict[str, Any]
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
    rows = {name: table.to_pylist() for name, table in tables.items()}
    findings = [finding("pairs.no_rows", table=name) for name, content in rows.items() if not content]
    rows["present"] = present.to_pylist() if present is not None else []
    rows["decided"] = decided.to_pylist() if decided is not None else []
    findings += _numbers(rows["helpers"], "helpers", "capacity", lambda value: value > 0, required=True)
    findings += _numbers(rows["helpers"], "helpers", "duties", lambda value: value >= 0)
    findings += _numbers(rows["recipients"], "recipients", "places", _is_count)
    findings += _numbers(rows["recipients"], "recipients", "need", _is_count)
    findings += _numbers(
        rows["candidates"], "candidates", "score", lambda value: 0 <= value <= 1, required=True
    )
    findings += _duplicates(rows)
    findings += _unknown(rows)
    findings += _decisions(rows)
    return findings


def _is_count(value: float) -> bool:
    return value >= 1 and value == int(value)


def _numbers(
    rows: list[Row], table: str, column: str, allowed: Callable[[float], bool], *, required: bool = False
) -> Iterator[Finding]:
    """Find values that are missing, not finite or outside what is allowed."""
    for row in rows:
        value = row.get(column)
        if value is None and not required:
            continue
        if value is None or not math.isfinite(value) or not allowed(value):
            name = row.get("id") or f"{row.get('recipient')}–{row.get('helper')}"
            yield finding(f"pairs.{column}", table=table, id=name, value=value)


def _duplicates(rows: dict[str, list[Row]]) -> Iterator[Finding]:
    """Find ids and pairs that stand twice."""
    keys = {
        "helpers": ("id",),
        "recipients": ("id",),
        "candidates": ("recipient", "helper"),
        "decided": ("recipient", "helper", "kind"),
    }
    for table, columns in keys.items():
        counts = Counter(tuple(row[column] for column in columns) for row in rows[table])
        for key, count in sorted(counts.items()):
            if count > 1:
                yield finding("pairs.duplicate", table=table, id="–".join(key), count=count)


def _unknown(rows: dict[str, list[Row]]) -> Iterator[Finding]:
    """Find ids that no helper or recipient has."""
    known = {side: {row["id"] for row in rows[f"{side}s"]} for side in ("helper", "recipient")}
    for table in ("candidates", "present", "decided"):
        missing = {(side, row[side]) for row in rows[table] for side in known if row[side] not in known[side]}
        for side, name in sorted(missing):
            yield finding("pairs.unknown_id", table=table, id=name, allowed=f"{side}s")


def _decisions(rows: dict[str, list[Row]]) -> Iterator[Finding]:
    """Find decisions that contradict each other, the present, the candidates or the need."""
    kinds: dict[tuple[str, str], set[str]] = {}
    for row in rows["decided"]:
        pair = (row["recipient"], row["helper"])
        kinds.setdefault(pair, set()).add(row["kind"])
        if row["kind"] not in KINDS:
            yield finding(
                "pairs.decided_kind", id="–".join(pair), value=row["kind"], allowed=" | ".join(KINDS)
            )
    candidates = {(row["recipient"], row["helper"]) for row in rows["candidates"]}
    present = {(row["recipient"], row["helper"]) for row in rows["present"]}
    for pair, found in sorted(kinds.items()):
        if "forbidden" in found and len(found) > 1:
            yield finding("pairs.decided_both", id="–".join(pair))
        elif "locked" in found and pair not in present:
            yield finding("pairs.locked_absent", id="–".join(pair))
        elif "forbidden" not in found and pair not in candidates:
            yield finding("pairs.forced_no_candidate", id="–".join(pair))
    yield from _too_many_forced(rows, kinds)


def _too_many_forced(rows: dict[str, list[Row]], kinds: dict[tuple[str, str], set[str]]) -> Iterator[Finding]:
    """Find recipients with more decided helpers than they need."""
    need = {row["id"]: int(row.get("need") or 1) for row in rows["recipients"]}
    forced = Counter(recipient for (recipient, _), found in kinds.items() if "forbidden" not in found)
    for recipient, count in sorted(forced.items()):
        if count > need.get(recipient, count):
            yield finding("pairs.forced_many", id=recipient, count=count, need=need[recipient])
