"""Links by key: equal ID number, or equal household number and name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.registers.linkage.comparisons import ARE_MEMBERS, BORN, COMPATIBLE, NAME, NUMBER
from jiedui.registers.linkage.linked import BY_HOUSEHOLD, BY_LIKENESS, BY_NUMBER, DECIDE, LINKED

if TYPE_CHECKING:
    import duckdb

    from jiedui.registers.linkage.linked import Limits

COMPARED = ("form", "family", "spelling", "sounds", "shape", "parts", "number", "born")


def link_by_keys(base: duckdb.DuckDBPyConnection, limits: Limits) -> None:
    """Make the table ``by_key`` of links: ``l``, ``r`` (positions of records), ``way``, ``status``, ``why``.

    An equal ID number with names that do not fit is asked; so are two right but different ID numbers where
    household or village, name and birth date are the same.
    """
    base.execute(_without_shared_keys(limits))
    base.execute(
        f"CREATE TABLE by_key AS {_by_number()} UNION ALL {_by_household()} UNION ALL {_by_likeness()}"
    )


def _without_shared_keys(limits: Limits) -> str:
    """Write the query that leaves aside keys that too many records carry, keeping what was set aside."""
    counted = ", ".join(
        f"count(*) OVER (PARTITION BY {key}) AS {key}_count" for key in ("whole", "household", "phone")
    )
    kept = ", ".join(
        f"CASE WHEN {key}_count <= {limits.shared} THEN {key} END AS {key}"
        for key in ("whole", "household", "phone")
    )
    return f"""
    CREATE TABLE keyed AS
    SELECT * REPLACE ({kept}), whole_count > {limits.shared} AND whole IS NOT NULL AS is_filler
    FROM (SELECT *, {counted} FROM records) ORDER BY position
    """


def _pairs(condition: str) -> str:
    columns = ", ".join(f"l.{name} AS {name}_l, r.{name} AS {name}_r" for name in COMPARED)
    return f"""
    (SELECT l.position AS l, r.position AS r, {columns}, {condition}
        FROM keyed l JOIN keyed r ON l.position < r.position
    """


def _by_number() -> str:
    return f"""
    SELECT l, r, '{BY_NUMBER}' AS way, CASE WHEN coalesce({NAME.level()} IN {COMPATIBLE}, true)
        AND NOT are_members THEN '{LINKED}' ELSE '{DECIDE}' END AS status, 'id_shared' AS why
    FROM {_pairs(f"{ARE_MEMBERS} AS are_members")} AND l.whole = r.whole)"""


def _by_household() -> str:
    return f"""
    SELECT l, r, '{BY_HOUSEHOLD}', CASE WHEN differ THEN '{DECIDE}' ELSE '{LINKED}' END, 'ids_differ'
    FROM {_pairs("coalesce(l.proved <> r.proved, false) AS differ")}
        AND l.household = r.household AND l.spelling = r.spelling AND coalesce(l.whole <> r.whole, true)
        AND coalesce(l.sex = r.sex, true))
    WHERE differ OR coalesce({BORN.level()} IN ('equal', 'swapped', 'near', 'known'), true)
        AND coalesce({NUMBER.level()} IN ('equal', 'one', 'two', 'born'), true)"""


def _by_likeness() -> str:
    return f"""
    SELECT l, r, '{BY_LIKENESS}', '{DECIDE}', 'ids_differ'
    FROM {_pairs("0")} AND l.spelling = r.spelling AND l.born = r.born AND l.village = r.village
        AND l.proved <> r.proved AND l.household IS DISTINCT FROM r.household AND l.sex = r.sex)"""
