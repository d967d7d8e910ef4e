"""Findings and links held against what is known of synthetic registers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiedui.programmes.registers.sending import SentColumns
from jiedui.registers.synthetic import expected_rules
from jiedui.tables import Column, Table, read_table

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.programmes.registers.running import RegisterRun

Place = tuple[str, str]
"""A table and a key."""
Cases = dict[int, list[dict[str, Any]]]
"""Planted rows by case."""
SHARE = {"zh": "比例", "en": "share"}
FAULTS = Table(
    "faults",
    {"zh": "植入的差错", "en": "planted faults"},
    (
        Column("case", "integer", {"zh": "事例", "en": "case"}),
        Column("family", "text", {"zh": "种类", "en": "family"}),
        Column("table", "text", {"zh": "表", "en": "table"}),
        Column("row_key", "text", {"zh": "行标识", "en": "row key"}),
        Column("household", "text", {"zh": "户编号", "en": "household"}, required=False),
        Column("column", "text", {"zh": "字段", "en": "column"}, required=False),
        Column("was", "text", {"zh": "原值", "en": "was"}, required=False),
        Column("is", "text", {"zh": "现值", "en": "is"}, required=False),
        Column("comparable", "boolean", {"zh": "可比对", "en": "comparable"}),
    ),
)
PEOPLE = Table(
    "people",
    {"zh": "谁是谁", "en": "who is who"},
    (
        Column("table", "text", {"zh": "表", "en": "table"}),
        Column("row", "integer", {"zh": "行", "en": "row"}),
        Column("row_key", "text", {"zh": "行标识", "en": "row key"}),
        Column("person", "integer", {"zh": "人", "en": "person"}),
        Column("damage", "text", {"zh": "损坏", "en": "damage"}, required=False),
    ),
)
BY_RULE = Table(
    "truth_by_rule",
    {"zh": "规则与植入差错对照", "en": "rules against planted faults"},
    (
        Column("rule", "text", {"zh": "规则编号", "en": "rule"}),
        Column("planted", "integer", {"zh": "植入", "en": "planted"}),
        Column("found", "integer", {"zh": "查出", "en": "found"}),
        Column("right", "integer", {"zh": "相符", "en": "right"}),
        Column("precision", "number", {"zh": "查准率", "en": "precision"}, SHARE, required=False),
        Column("recall", "number", {"zh": "查全率", "en": "recall"}, SHARE, required=False),
    ),
    key=("rule",),
)
OF_LINKS = Table(
    "truth_of_links",
    {"zh": "关联结果对照", "en": "links against the truth"},
    (
        Column("figure", "text", {"zh": "项目", "en": "figure"}),
        Column("count", "integer", {"zh": "数量", "en": "count"}),
        Column("share", "number", {"zh": "比例", "en": "share"}, SHARE, required=False),
    ),
    key=("figure",),
)


def compare_truth(run: RegisterRun, folder: Path) -> Iterator[tuple[Table, pa.Table]]:
    """Give, as `BY_RULE` and `OF_LINKS`, how findings and links stand to what was planted.

    Raises
    ------
    InputError
        If a file of the truth cannot be read.
    """
    import pyarrow as pa

    faults = read_table(folder / "faults.csv", FAULTS).table.to_pylist()
    people = read_table(folder / "people.csv", PEOPLE).table.to_pylist()
    yield BY_RULE, pa.Table.from_pylist(list(_by_rule(run, faults)), BY_RULE.schema())
    yield OF_LINKS, pa.Table.from_pylist(list(_of_links(run, people)), OF_LINKS.schema())


def _by_rule(run: RegisterRun, faults: list[dict[str, Any]]) -> Iterator[dict[str, object]]:
    """Compare what each rule points at with the cases that its families were planted in.

    A household and its members count as one place; a case is found where one of its places is. What was
    corrected, what nobody authorised to compare, and what no file has the columns for is not expected.
    """
    mended = {(row["register"], row["row_key"], row["column"]) for row in run.corrected.applied.to_pylist()}
    closed = {one["case"] for one in faults if (one["table"], one["row_key"], one["column"]) in mended}
    open_ = [one for one in faults if one["comparable"] and one["case"] not in closed]
    planted, tripped = (_expected(open_, expected_rules(also=also)) for also in (False, True))
    found: defaultdict[str, set[Place]] = defaultdict(set)
    for row in run.findings.select(["rule", "register", "row_key"]).to_pylist():
        found[row["rule"]].add(_place(row["register"], row["row_key"] or ""))
    sent = SentColumns(run.register)
    for rule in run.content.rules.rules:
        cases = {case: rows for case, rows in planted[rule.id].items() if sent.suffice(rule, rows)}
        if cases:
            yield _compared(rule.id, cases, tripped[rule.id], found[rule.id])


def _compared(rule: str, cases: Cases, tripped: Cases, found: set[Place]) -> dict[str, object]:
    """Count the cases of a rule that were found, and what it found beside them."""
    right = sum(any(_told(row) in found for row in rows) for rows in cases.values())
    known = {_told(row) for rows in tripped.values() for row in rows}
    return {
        "rule": rule,
        "planted": len(cases),
        "found": len(found),
        "right": right,
        "precision": len(known & found) / len(found) if found else None,
        "recall": right / len(cases),
    }


def _expected(faults: list[dict[str, Any]], rules: Mapping[str, tuple[str, ...]]) -> defaultdict[str, Cases]:
    """Give, by rule and case, the rows in which it was planted."""
    planted: defaultdict[str, Cases] = defaultdict(dict)
    for fault in faults:
        for rule in rules.get(fault["family"], ()):
            planted[rule].setdefault(fault["case"], []).append(fault)
    return planted


def _told(fault: Mapping[str, Any]) -> Place:
    """Give the place of a planted row."""
    household = fault["household"]
    return ("households", household) if household else (fault["table"], fault["row_key"])


def _place(table: str, key: str) -> Place:
    """Give the household of a row, where it has one."""
    return (
        ("households", key.split("|", maxsplit=1)[0]) if table in ("households", "persons") else (table, key)
    )


def _of_links(run: RegisterRun, people: list[dict[str, object]]) -> Iterator[dict[str, object]]:
    """Count pairs of records of one person that were linked or asked, and linked pairs that are wrong."""
    person = {f"{row['table']}|{row['row_key']}": row["person"] for row in people}
    columns = (run.linked.identities[name].to_pylist() for name in ("record", "identity"))
    identity = dict(zip(*columns, strict=True))
    known = {record: person[key] for record in identity if (key := _row_of(record)) in person}
    true = _pairs(Counter(known.values()))
    joined = _pairs(Counter(identity[record] for record in known))
    both = _pairs(Counter((who, identity[record]) for record, who in known.items()))
    asked = sum(
        row["status"] == "decide" and known.get(row["left"], row["left"]) == known.get(row["right"])
        for row in run.linked.links.to_pylist()
    )
    yield _figure("records_known", len(known), len(person))
    yield _figure("true_pairs", true, None)
    yield _figure("linked_right", both, true)
    yield _figure("asked_right", asked, true)
    yield _figure("linked_wrong", joined - both, joined)


def _row_of(record: str) -> str:
    """Give the table and key of a record's row: its id without the name, where the key has none."""
    table = record.split("|", maxsplit=1)[0]
    return record if table == "persons" else record.rpartition("|")[0]


def _pairs(sizes: Mapping[object, int]) -> int:
    """Count the pairs inside groups."""
    return sum(size * (size - 1) // 2 for size in sizes.values())


def _figure(name: str, count: int, whole: int | None) -> dict[str, object]:
    return {"figure": name, "count": count, "share": count / whole if whole else None}
