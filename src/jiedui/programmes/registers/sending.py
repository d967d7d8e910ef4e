"""Which columns the files had for a row: what nobody sent, no rule can ask about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from jiedui.registers.tables import REGISTERS

if TYPE_CHECKING:
    from jiedui.registers import Register
    from jiedui.registers.checks import Rule


class SentColumns:
    """Tells which columns the sheets of a row had, filled or not."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.rows = cache(self._rows)

    def suffice(self, rule: Rule, faults: Sequence[Mapping[str, Any]]) -> bool:
        """Whether some row of a fault came with every column that a rule cannot do without.

        A row of the rule's table that no file has by this key counts as sent: it was lost on the way.
        """
        own = [fault["row_key"] for fault in faults if fault["table"] == rule.table]
        return not own or any(self._came(rule, key) for key in own)

    def _came(self, rule: Rule, key: str) -> bool:
        rows = self.rows(rule.table)
        had = self.register.sources[rows[key]].columns(rule.table) if key in rows else None
        return had is None or all(had.intersection(names) for names in rule.needs)

    def _rows(self, table: str) -> Mapping[str, int]:
        """Give the source of each row of a table."""
        parts = next(one.key for one in REGISTERS if one.name == table)
        rows = self.register.tables[table].select([*parts, "_source"]).to_pylist()
        return {"|".join(row[part] or "" for part in parts): row["_source"] for row in rows}
