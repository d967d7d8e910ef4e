"""The cases that a rule brings along: a register that passes and one that fails, tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jiedui.errors import Finding, InputError
from jiedui.language import finding
from jiedui.registers.checks.checking import Asking, put
from jiedui.registers.checks.columns import TABLES
from jiedui.registers.checks.database import open_database
from jiedui.registers.checks.rule import Case, Rules
from jiedui.registers.register import Register, empty_register, schema_of
from jiedui.tables.cells import MINOR
from jiedui.tables.declaration import Column

SYNTHETIC = (99,)
"""First two digits of the ID numbers of cases: a region that does not exist, so that they are nobody's."""
PURPOSE = "case"
"""The purpose that authorisations of cases state."""


def try_cases(rules: Rules, *, on: str) -> tuple[Finding, ...]:
    """Try the cases of every rule; give a finding for each that turns out otherwise than it says.

    A case lists rows by table, with the values as a file writes them (money in yuan). Rules of other periods
    are passed over.

    Raises
    ------
    InputError
        If a case names a table or column that there is not, or a value that cannot be one.

    Examples
    --------
    >>> from jiedui.registers.checks import shipped_rules
    >>> rules = shipped_rules()
    >>> try_cases(Rules(rules.rules[:3], rules.values), on="2026-06-30")
    ()
    """
    wrong = []
    with open_database(on=on, threads=1) as database:
        for rule in (rule for rule in rules.rules if rule.holds(on)):
            asking = Asking(Rules((rule,), rules.values), on, PURPOSE, SYNTHETIC)
            for case, fails, key in ((rule.passes, 0, "case_fails"), (rule.fails, 1, "case_passes")):
                if case is None:
                    continue
                found = put(database, make_case(case, rule.id), asking).num_rows
                if bool(found) != bool(fails):
                    wrong.append(finding(f"checks.{key}", cell=rule.id))
    return tuple(wrong)


def make_case(case: Case, name: str) -> Register:
    """Give the register of a case."""
    import pyarrow as pa

    tables = dict(empty_register().tables)
    for table, rows in case.items():
        if table not in TABLES or not isinstance(rows, list):
            raise InputError([finding("checks.case", cell=name, found=table)])
        try:
            made = [_row(table, row, number) for number, row in enumerate(rows, start=2)]
            tables[table] = pa.Table.from_pylist(made, schema=schema_of(TABLES[table]))
        except (pa.ArrowException, AttributeError, KeyError, TypeError, ValueError) as error:
            raise InputError([finding("checks.case", cell=name, found=f"{table}: {error}")]) from None
    return Register(tables, ())


def _row(table: str, row: Mapping[str, Any], number: int) -> dict[str, Any]:
    made = {name: _value(TABLES[table].column(name), value) for name, value in row.items()}
    return {**made, "_source": 0, "_row": number}


def _value(column: Column, value: Any) -> Any:  # noqa: ANN401
    return round(value * MINOR) if column.type == "money" else value
