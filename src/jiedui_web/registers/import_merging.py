"""The task's second half: an import merged into the rows in force, or undone, each in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from jiedui_web.accounts.models import User
from jiedui_web.bridge.declarations import declarations
from jiedui_web.registers import search
from jiedui_web.registers.import_reading import review_anew
from jiedui_web.registers.import_runs import OUTDATED, UNDOING, OvertakenError, claim, note, step
from jiedui_web.registers.models import Import, PastRecord, Record, StagedRow, State

SPOKEN = {
    "sqlite": {
        "OUTER_ID": "lower(hex(randomblob(12)))",
        "MERGED": "json_patch(registers_record.body, s.body)",
    },
    "postgresql": {
        "OUTER_ID": "replace(gen_random_uuid()::text, '-', '')",
        "MERGED": "registers_record.body || s.body",
    },
}
"""What the two databases say differently: a random id, and values said put over values in force."""
STALE = """
SELECT 1 FROM registers_stagedrow s LEFT JOIN registers_record r
    ON r.programme = %s AND r.register = s.register AND r.key = s.key
WHERE s.brought_by_id = %s AND s.state IN ('new', 'changed', 'same') AND coalesce(r.version, 0) <> s.against
LIMIT 1
"""
HOLD = """
SELECT count(*) FROM (
    SELECT r.id FROM registers_stagedrow s JOIN registers_record r
        ON r.programme = %s AND r.register = s.register AND r.key = s.key
    WHERE s.brought_by_id = %s AND s.state = 'changed' ORDER BY r.id FOR UPDATE OF r
) held
"""
KEEP = """
INSERT INTO registers_pastrecord
    (record_id, version, body, sealed, index_of_id, place_code, brought_by_id, replaced_by_id, "by", at)
SELECT r.id, r.version, r.body, r.sealed, r.index_of_id, r.place_code, r.brought_by_id, %s, %s, %s
FROM registers_stagedrow s CROSS JOIN registers_record r
WHERE s.brought_by_id = %s AND s.state = 'changed'
    AND r.programme = %s AND r.register = s.register AND r.key = s.key
"""
CHANGE = """
UPDATE registers_record SET
    body = MERGED, place_code = s.place_code,
    name = CASE WHEN s.name <> '' THEN s.name ELSE registers_record.name END,
    kind = CASE WHEN s.kind <> '' THEN s.kind ELSE registers_record.kind END,
    sealed = CASE WHEN s.index_of_id <> '' THEN s.sealed ELSE registers_record.sealed END,
    index_of_id = CASE WHEN s.index_of_id <> '' THEN s.index_of_id ELSE registers_record.index_of_id END,
    version = registers_record.version + 1, brought_by_id = %s, changed_at = %s
FROM registers_stagedrow s
WHERE s.brought_by_id = %s AND s.state = 'changed' AND registers_record.programme = %s
    AND registers_record.register = s.register AND registers_record.key = s.key
"""
ADD = """
INSERT INTO registers_record
    (outer_id, programme, register, key, place_code, name, kind, parent, body, sealed, index_of_id, version,
    brought_by_id, changed_at)
SELECT OUTER_ID, %s, s.register, s.key, s.place_code, s.name, s.kind, s.parent, s.body, s.sealed,
    s.index_of_id, 1, %s, %s
FROM registers_stagedrow s WHERE s.brought_by_id = %s AND s.state = 'new' ORDER BY s.id
"""
RESTORE = """
UPDATE registers_record SET
    body = p.body, place_code = p.place_code, sealed = p.sealed, index_of_id = p.index_of_id,
    name = substr(coalesce(p.body ->> (NAME_FIELD), ''), 1, 200),
    kind = substr(coalesce(p.body ->> (KIND_FIELD), ''), 1, 64),
    version = registers_record.version + 1, brought_by_id = p.brought_by_id, changed_at = %s
FROM registers_pastrecord p WHERE p.replaced_by_id = %s AND p.record_id = registers_record.id
"""
DROP = """
DELETE FROM registers_record WHERE brought_by_id = %s AND NOT EXISTS (
    SELECT 1 FROM registers_pastrecord p WHERE p.record_id = registers_record.id AND p.replaced_by_id = %s
)
"""
TIDIED = 50_000
CACHE_KIB = 256 * 1024


class StaleError(Exception):
    """The rows in force are no longer those that were reviewed."""


def merge(outer_id: str) -> None:
    """Put the rows of a reviewed import in force; killed, nothing of it stands, and it begins anew."""
    run = claim(outer_id, Q(state=State.COMMITTING), step="merging")
    if run is None:
        return
    try:
        with _much_cache(), step(run, state=State.COMMITTED, step=""):
            _merge(run)
    except OvertakenError:
        return
    except (StaleError, IntegrityError):
        _look_anew(run)
        return
    _tidy(run)


def undo(outer_id: str) -> None:
    """Give every row that an import touched its state from before, unless something was built upon it."""
    run = claim(outer_id, Q(state=State.COMMITTED, step=UNDOING))
    if run is None:
        return
    try:
        with _much_cache(), step(run, state=State.UNDONE, step=""):
            _undo(run)
    except OvertakenError:
        return
    except StaleError:
        with step(run, step="built_upon"):
            pass


def built_upon(run: Import) -> QuerySet[PastRecord]:
    """Give the versions that an import made and something later replaced."""
    return PastRecord.objects.filter(brought_by=run)


@contextmanager
def _much_cache() -> Iterator[None]:
    """Let SQLite hold the indexes of a large register in memory while many rows are put into them."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        ((usual,),) = cursor.execute("PRAGMA cache_size").fetchall()
        cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {int(usual)}")


def _merge(run: Import) -> None:
    """Do the whole merge in the transaction of its step."""
    now, by = timezone.now(), run.decided_by
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(HOLD, [run.programme, run.pk])
        cursor.execute(STALE, [run.programme, run.pk])
        if cursor.fetchone():
            raise StaleError
        cursor.execute(KEEP, [run.pk, by, now, run.pk, run.programme])
        cursor.execute(_spoken(CHANGE), [run.pk, now, run.pk, run.programme])
        cursor.execute(_spoken(ADD), [run.programme, run.pk, now, run.pk])
    search.add_to_index(Record.objects.filter(brought_by=run).values_list("pk", flat=True).iterator())
    note(run, "import.commit", by=_user(by), detail={"counts": run.counts, "version": run.version})


def _undo(run: Import) -> None:
    """Do the whole undoing in the transaction of its step."""
    if built_upon(run).exists():
        raise StaleError
    replaced = PastRecord.objects.filter(record=OuterRef("pk"), replaced_by=run)
    added = Record.objects.filter(~Exists(replaced), brought_by=run).values_list("pk", flat=True)
    search.remove(list(added))
    restored = list(PastRecord.objects.filter(replaced_by=run).values_list("record_id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(DROP, [run.pk, run.pk])
        cursor.execute(_fields(RESTORE), [timezone.now(), run.pk])
        cursor.execute("DELETE FROM registers_pastrecord WHERE replaced_by_id = %s", [run.pk])
        cursor.execute("DELETE FROM registers_stagedrow WHERE brought_by_id = %s", [run.pk])
    search.add_to_index(restored)
    _outdate(run)
    note(run, "import.undo", by=_user(run.undone_by), detail={"counts": run.counts})


def _outdate(run: Import) -> None:
    """Demand that imports under way are compared anew: a row added again would have its old version."""
    others = Import.objects.filter(programme=run.programme)
    others.filter(state=State.COMMITTING).update(state=State.IN_REVIEW)
    waiting = others.filter(state__in=[State.MAPPING, State.IN_REVIEW])
    waiting.update(step=OUTDATED, version=F("version") + 1)


def _look_anew(run: Import) -> None:
    """Compare once more and hand over to a person again."""
    with step(run, state=State.READING):
        pass
    run.state = State.READING
    review_anew(run, reason="stale")


def _tidy(run: Import) -> None:
    """Let go of staged rows that are in force now, a part at a time: what changed stays to be looked at."""
    rows = StagedRow.objects.filter(brought_by=run, state__in=["new", "same", "repeated"])
    while True:
        with transaction.atomic():
            ids = list(rows.values_list("pk", flat=True)[:TIDIED])
            if not ids:
                return
            rows.filter(pk__gte=min(ids), pk__lte=max(ids))._raw_delete(rows.db)  # noqa: SLF001


def _user(outer_id: str) -> User:
    return User.objects.select_related("organisation").get(outer_id=outer_id)


def _fields(sql: str) -> str:
    """Write which column of each register gives its name and its kind."""
    for place, names in (
        ("NAME_FIELD", {name: one.name_field for name, one in declarations().items()}),
        ("KIND_FIELD", {name: one.kind_field for name, one in declarations().items()}),
    ):
        cases = " ".join(f"WHEN '{register}' THEN '{column}'" for register, column in names.items())
        sql = sql.replace(place, f"CASE registers_record.register {cases} ELSE '' END")
    return sql


def _spoken(sql: str) -> str:
    """Write a statement as the database in use understands it."""
    for place, words in SPOKEN[connection.vendor].items():
        sql = sql.replace(place, words)
    return sql
