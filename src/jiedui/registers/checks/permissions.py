"""Which rows may be compared with another office's data: with a valid authorisation, or a legal basis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from jiedui.registers.checks.columns import TABLES

if TYPE_CHECKING:
    import duckdb

Permission = Literal["all", "some", "none"]
MARKS = "[、，,；;/\\s]+"
"""What may stand between the names of the tables that an authorisation allows."""
# Each date counts so that nothing is compared in doubt: an authorisation of 2026 holds from its end on,
# a withdrawal in 2026 from its first.
LEGAL = """
    SELECT count(*) FILTER (WHERE delete_by IS NOT NULL AND before(delete_by, $today)),
           count(*) FILTER (WHERE trim(legal_basis) <> '')
    FROM data_sources WHERE list_contains($names, trim(source))
"""
ALLOWED = """
    CREATE OR REPLACE TEMP TABLE "allowed_{source}" AS
    SELECT DISTINCT household FROM authorisations
    WHERE $purpose <> '' AND trim(purpose) = $purpose
      AND list_has_any(string_split_regex(trim(sources), $marks), $names)
      AND day_to(valid_from) <= $today
      AND (valid_to IS NULL OR day_to(valid_to) >= $today)
      AND (withdrawn_on IS NULL OR day_from(withdrawn_on) > $today)
"""


def permit(database: duckdb.DuckDBPyConnection, source: str, *, on: str, purpose: str) -> Permission:
    """Tell whether all rows may be compared with a table, some (listed in ``allowed_…``) or none."""
    words = TABLES[source].words
    names = [source, *words.values()]
    [(overdue, legal)] = database.execute(LEGAL, {"names": names, "today": on}).fetchall()
    if overdue:
        return "none"
    if legal:
        return "all"
    database.execute(
        ALLOWED.format(source=source),
        {"purpose": purpose.strip(), "marks": MARKS, "names": names, "today": on},
    )
    return "some"
