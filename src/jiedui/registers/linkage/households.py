"""The same household under several numbers: told by its members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.registers.linkage.linked import BY_MEMBERS, DECIDE, LINKED, Link, Linked
from jiedui.registers.linkage.records import VILLAGE_NAME
from jiedui.registers.linkage.settlement import settle

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.registers.register import Register

SAME_MEMBERS = 0.8
"""From this share of common members, of all members of both, two numbers are one household."""


def link_households(register: Register, persons: Linked, *, decisions: pa.Table | None = None) -> Linked:
    """Tell which household numbers stand for the same household.

    An equal number is the same household. Two numbers are linked where at least `SAME_MEMBERS` of their
    members are the same persons and the village is the same; with fewer common members they are asked, since
    a household may have divided or one person may stand in two.

    Parameters
    ----------
    persons
        As `link_persons` gives it for the same register.
    decisions
        As `jiedui.registers.tables.LINK_DECISIONS`; a record is ``households|number``.

    Examples
    --------
    >>> from jiedui.registers import empty_register
    >>> from jiedui.registers.linkage import link_persons
    >>> link_households(empty_register(), link_persons(empty_register())).figures["records"]
    0
    """
    import duckdb

    with duckdb.connect() as base:
        base.execute("SET threads=1")
        for name in ("households", "persons"):
            base.register(f"told_{name}", register.tables[name])
        base.register("identities", persons.identities)
        base.execute(HOUSEHOLDS)
        records = base.sql(
            "SELECT record, register, _source, _row, household AS name FROM numbered ORDER BY position"
        ).to_arrow_table()
        links = [Link(*link) for link in base.sql(SHARED).fetchall()]
    return settle(register, records, links, decisions=decisions)


HOUSEHOLDS = f"""
CREATE TABLE numbered AS
WITH told AS (
    SELECT 0 AS place, 'households' AS register, household, village, _source, _row FROM told_households
    UNION ALL
    SELECT 1, 'persons', household, village, _source, _row FROM told_persons
), first AS (
    SELECT household, arg_min(register, (place, _source, _row)) AS register,
        arg_min(_source, (place, _source, _row)) AS _source,
        arg_min(_row, (place, _source, _row)) AS _row,
        arg_min({VILLAGE_NAME}, (place, _source, _row)) FILTER (village IS NOT NULL) AS village
    FROM told WHERE household IS NOT NULL GROUP BY household
)
SELECT row_number() OVER (ORDER BY household) - 1 AS position,
    'households|' || replace(household, '|', '¦') AS record, * FROM first ORDER BY household;
CREATE TABLE members AS
SELECT DISTINCT position, identity FROM identities JOIN numbered
    ON numbered.record = 'households|' || split_part(identities.record, '|', 2)
WHERE starts_with(identities.record, 'persons|') OR starts_with(identities.record, 'households|')
"""
SHARED = f"""
WITH sizes AS (
    SELECT position, count(*) AS size FROM members GROUP BY position
), shared AS (
    SELECT l.position AS l, r.position AS r, count(*) AS common FROM members l JOIN members r
        ON l.identity = r.identity AND l.position < r.position GROUP BY ALL
), weighed AS (
    SELECT l, r, round(common / (a.size + b.size - common), 4) AS share,
        coalesce(x.village = y.village, true) AS is_near
    FROM shared JOIN sizes a ON a.position = l JOIN sizes b ON b.position = r
        JOIN numbered x ON x.position = l JOIN numbered y ON y.position = r
)
SELECT l, r, share, '{BY_MEMBERS}',
    CASE WHEN share >= {SAME_MEMBERS} AND is_near THEN '{LINKED}' ELSE '{DECIDE}' END, 'household_moved'
FROM weighed ORDER BY share DESC, l, r
"""
