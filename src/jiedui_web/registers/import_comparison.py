"""What an import would change: staged rows set beside the rows in force, chunk by chunk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import Max, Min

from jiedui_web.registers.import_runs import step
from jiedui_web.registers.models import Import, Record, StagedRow
from jiedui_web.registers.sealing import masked, open_sealed, open_text

CHUNK = 20_000
SEALED = ("disability_number",)
ID_NUMBER = "id_number"
PAIRS = """
SELECT s.id, s.state, s.against, s.was, s.place_code, s.body, s.index_of_id,
    r.version, r.place_code, r.body, r.sealed, r.index_of_id
FROM registers_stagedrow s CROSS JOIN registers_record r
WHERE s.brought_by_id = %s AND s.id >= %s AND s.id < %s AND s.state IN ('new', 'changed', 'same')
    AND r.programme = %s AND r.register = s.register AND r.key = s.key
"""
MARK = "UPDATE registers_stagedrow SET state = %s, against = %s, was = %s, place_code = %s WHERE id = %s"
ALONE = """
UPDATE registers_stagedrow SET state = 'new', against = 0, was = NULL
WHERE brought_by_id = %s AND state IN ('changed', 'same') AND NOT EXISTS (
    SELECT 1 FROM registers_record r WHERE r.programme = %s
    AND r.register = registers_stagedrow.register AND r.key = registers_stagedrow.key
)
"""
Marked = tuple[str, int, str | None, str, int]


def compare(run: Import) -> None:
    """Mark each staged row against those in force: new, changed, same; refused where another place has it."""
    ends = StagedRow.objects.filter(brought_by=run).aggregate(first=Min("id"), last=Max("id"))
    with step(run, step="comparing", done=0), connection.cursor() as cursor:
        cursor.execute(ALONE, [run.pk, run.programme])
    if ends["first"] is None or not Record.objects.filter(programme=run.programme).exists():
        return
    for start in range(ends["first"], ends["last"] + 1, CHUNK):
        with step(run, step="comparing", done=start - ends["first"]), connection.cursor() as cursor:
            cursor.execute(PAIRS, [run.pk, start, start + CHUNK, run.programme])
            marked = list(_marks(cursor.fetchall(), run.place_code))
            if marked:
                cursor.executemany(MARK, marked)


def _marks(rows: list[tuple[Any, ...]], within: str) -> Iterator[Marked]:
    """Give the marks that differ from those a row has."""
    for (
        pk,
        state,
        against,
        was,
        place,
        body,
        index,
        version,
        place_now,
        body_now,
        sealed_now,
        index_now,
    ) in rows:
        if not place_now.startswith(within):
            yield "refused", 0, None, place, pk
            continue
        own = place_now if place_now.startswith(place) else place
        found = _differences(_read(body), _read(body_now))
        if index and index != index_now:
            found[ID_NUMBER] = masked(open_sealed(sealed_now)) or None
        if own != place_now:
            found["place_code"] = place_now
        now = "changed" if found else "same"
        told = json.dumps(found, ensure_ascii=False) if found else None
        if (state, against, own) != (now, version, place) or (_read(was) if was else {}) != found:
            yield now, version, told, own, pk


def _differences(said: dict[str, Any], in_force: dict[str, Any]) -> dict[str, Any]:
    """Give the values in force of the columns of which something else is said."""
    return {
        name: in_force.get(name)
        for name, value in said.items()
        if in_force.get(name) != value and not (name in SEALED and _alike(value, in_force.get(name)))
    }


def _alike(one: str, other: str | None) -> bool:
    """Whether two sealed numbers are the same."""
    return bool(other) and open_text(one) == open_text(str(other))


def _read(body: Any) -> dict[str, Any]:  # noqa: ANN401 - a text on SQLite, a mapping on PostgreSQL
    """Give a JSON value as the database hands it over."""
    found = json.loads(body) if isinstance(body, str | bytes) else body
    return dict(found)
