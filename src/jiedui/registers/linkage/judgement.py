"""What a weight is enough for: some pairs are asked however well they agree, some never."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.registers.linkage.comparisons import ALIKE, ARE_MEMBERS, COMPARISONS
from jiedui.registers.linkage.linked import BY_PROBABILITY, DECIDE, LINKED

if TYPE_CHECKING:
    import duckdb

    from jiedui.registers.linkage.linked import Limits

RIVAL_BITS = 3.0
"""A record that fits two persons is asked unless one of them fits so much better, in bits of weight."""
SIDES = (
    "form",
    "family",
    "spelling",
    "sounds",
    "shape",
    "parts",
    "number",
    "born",
    "household",
    "phone",
    "proved",
)
LEVELS = ("name", "number", "born", "household", "phone")
ARE_NAMED = f"coalesce(name_level IN {ALIKE}, false)"
HAS_NUMBER = "coalesce(number_level IN ('equal', 'one'), false)"
NEARLY_HAS_NUMBER = "coalesce(number_level IN ('equal', 'one', 'two'), false)"
BORN_FITS = "coalesce(born_level NOT IN ('year', 'other'), true)"
IS_BORN = "coalesce(born_level IN ('equal', 'swapped'), false)"
HAS_PROOF = """(coalesce(number_level IN ('equal', 'one', 'two', 'born'), false)
    OR coalesce(born_level IN ('equal', 'swapped', 'near'), false)
    OR coalesce(household_level = 'equal', false) OR coalesce(phone_level = 'equal', false))"""


def judge(base: duckdb.DuckDBPyConnection, limits: Limits) -> None:
    """Make the table ``by_probability`` from the table ``weighed``.

    Linked without a hand are only pairs whose names are alike and whose birth dates do not speak against it,
    with something beside name and village that agrees. A name with one sign more needs the birth date or
    nearly the ID number, since sons are named so; a name with one different sign needs an ID number with at
    most one wrong digit. A surname alone is never a reason.
    """
    sides = ", ".join(f"l.{name} AS {name}_l, r.{name} AS {name}_r" for name in SIDES)
    levels = ", ".join(f"{one.level()} AS {one.name}_level" for one in COMPARISONS if one.name in LEVELS)
    base.execute(f"""
    CREATE TABLE by_probability AS
    WITH sides AS (
        SELECT w.position_l AS l, w.position_r AS r, w.match_probability AS score, w.match_weight AS weight,
            {ARE_MEMBERS} AS are_members, {sides}
        FROM weighed w JOIN keyed l ON l.position = w.position_l JOIN keyed r ON r.position = w.position_r
    ), levelled AS (
        SELECT *, {levels} FROM sides
    ), judged AS (
        SELECT *, score >= {limits.linked} AND ({ARE_NAMED} OR name_level <> 'other' AND {HAS_NUMBER})
            AND (name_level <> 'short' OR {IS_BORN} OR {NEARLY_HAS_NUMBER})
            AND ({BORN_FITS} OR {NEARLY_HAS_NUMBER}) AND {HAS_PROOF} AS is_sure
        FROM levelled
        WHERE NOT are_members AND ({ARE_NAMED} OR {HAS_NUMBER}
            OR name_level <> 'other' AND ({BORN_FITS} OR {NEARLY_HAS_NUMBER}))
    ), {RIVALS}
    SELECT judged.l, judged.r, '{BY_PROBABILITY}' AS way,
        CASE WHEN is_sure AND rivals.l IS NULL THEN '{LINKED}' ELSE '{DECIDE}' END AS status,
        CASE WHEN rivals.l IS NULL THEN 'likely' ELSE 'rivals' END AS why,
        round(score, 4) AS score, weight
    FROM judged LEFT JOIN rivals USING (l, r)
    ORDER BY judged.l, judged.r
    """)


RIVALS = f"""
    fits AS (
        SELECT l AS one, proved_r AS other, weight, l, r FROM judged
        WHERE is_sure AND proved_l IS NULL AND proved_r IS NOT NULL
        UNION ALL
        SELECT r, proved_l, weight, l, r FROM judged
        WHERE is_sure AND proved_r IS NULL AND proved_l IS NOT NULL
    ), rivals AS (
        SELECT DISTINCT a.l, a.r FROM fits a JOIN fits b
            ON a.one = b.one AND a.other <> b.other AND b.weight > a.weight - {RIVAL_BITS}
    )"""
