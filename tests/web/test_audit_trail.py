"""The trail in the database: append-only, sealed, read events grouped."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future

import pytest
from django.db import DatabaseError, connection, transaction

from jiedui_web.accounts.actions import System
from jiedui_web.audit import keeping, reading
from jiedui_web.audit.guarding import guard, guards_missing, unguard
from jiedui_web.audit.models import Event, Seal
from jiedui_web.audit.reading import record_read
from jiedui_web.audit.recording import new_event, record
from jiedui_web.audit.sealing import head_of_chain, read_chain, seal_all, seal_events
from jiedui_web.audit.verifying import verify

FORBIDDEN = (
    "UPDATE audit_event SET actor = 'x'",
    "DELETE FROM audit_event",
    "UPDATE audit_seal SET hash = 'x'",
    "DELETE FROM audit_seal",
)


@pytest.fixture
def trail(db: None) -> None:
    for number in range(5):
        record("record.change", by=System(), kind="record", thing=f"t{number}", after={"n": number})
    assert seal_events() == 5


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_no_statement_changes_or_deletes_the_trail(trail: None, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Event.objects.count() == Seal.objects.count() == 5


def test_no_statement_replaces_or_truncates_the_trail(trail: None) -> None:
    statement = (
        "INSERT OR REPLACE INTO audit_seal SELECT number, event_id, previous, 'x' FROM audit_seal"
        if connection.vendor == "sqlite"
        else "TRUNCATE audit_event, audit_seal"
    )
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_missing_guards_are_told_and_put_back(trail: None) -> None:
    assert not guards_missing(connection)
    unguard(connection)
    assert guards_missing(connection)
    guard(connection)
    assert not guards_missing(connection)


def test_sealing_twice_seals_nothing_twice_and_the_chain_verifies(trail: None) -> None:
    assert seal_events() == 0
    record("record.change", by=System(), kind="record", thing="later")
    assert seal_all() == 1
    found = verify(read_chain())
    assert found.is_sound
    assert (found.count, found.head) == head_of_chain()


def test_what_is_done_to_the_database_past_the_guards_is_found(trail: None) -> None:
    checkpoint = keeping.make_checkpoint()
    unguard(connection)
    third = Seal.objects.get(number=3)
    Event.objects.filter(pk=third.event_id).update(actor="somebody else")
    assert [(one.kind, one.number) for one in verify(read_chain()).findings] == [("edited", 3)]
    Event.objects.filter(pk=third.event_id).delete()
    assert [(one.kind, one.number) for one in verify(read_chain()).findings] == [("deleted", 3)]
    Seal.objects.filter(number__gte=3).delete()
    assert verify(read_chain()).is_sound
    assert [one.kind for one in verify(read_chain(), [checkpoint]).findings] == ["cut"]


def test_an_event_that_appears_late_is_sealed_by_the_whole_pass(trail: None) -> None:
    late = Event.objects.create(
        pk=-9999, at=Event.objects.all()[0].at, actor="a", action="record.change", kind="record", thing="late"
    )
    assert seal_events() == 0
    assert seal_all() == 1
    assert Seal.objects.get(event_id=late.pk).number == 6


def test_a_read_in_a_transaction_is_recorded_in_it(db: None) -> None:
    record_read(by=System(), kind="household", detail={"count": 20}, action="record.list")
    event = Event.objects.get()
    assert (event.action, event.detail) == ("record.list", {"count": 20})


def test_reads_of_many_are_committed_together_and_none_returns_before_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commits: list[int] = []
    kept: set[str] = set()
    returned: list[bool] = []

    def commit(batch: list[tuple[Event, Future[None]]]) -> None:
        time.sleep(0.02)
        commits.append(len(batch))
        for event, one in batch:
            kept.add(event.thing)
            one.set_result(None)

    def read(number: int) -> None:
        writer.write(Event(thing=f"h{number}"))
        returned.append(f"h{number}" in kept)

    monkeypatch.setattr(reading, "_commit", commit)
    writer = reading.Writer()
    threads = [threading.Thread(target=read, args=[number]) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.stop()
    assert returned == [True] * 40
    assert sum(commits) == 40
    assert len(commits) < 20


def test_a_read_that_cannot_be_kept_fails_and_spoils_no_other(db: None) -> None:
    good, bad = (new_event("record.read", by=System(), kind="household", thing="h") for _ in range(2))
    bad.kind = None  # type: ignore[assignment]
    told: list[Future[None]] = [Future(), Future()]
    reading._commit([(good, told[0]), (bad, told[1])])  # noqa: SLF001
    assert told[0].exception() is None
    assert isinstance(told[1].exception(), DatabaseError)
    assert Event.objects.count() == 1
