"""The trail in the database: append-only, sealed, read events grouped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

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


def test_what_is_done_to_the_database_past_the_guards_is_found(trail: None, own_checkpoints: None) -> None:
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

    def slowly(batch: list[reading.Waiting]) -> None:
        time.sleep(0.02)
        commits.append(len(batch))
        for one in batch:
            kept.add(one.event.thing)
            reading._tell(one, None)  # noqa: SLF001

    def read(thread: int) -> None:
        for number in range(5):
            group.keep(Event(thing=f"{thread}-{number}"))
            returned.append(f"{thread}-{number}" in kept)

    monkeypatch.setattr(reading, "commit", slowly)
    group = reading.Group()
    threads = [threading.Thread(target=read, args=[number]) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert returned == [True] * 200
    assert sum(commits) == 200
    assert len(commits) < 60


def test_of_many_reads_a_failed_commit_fails_all_that_wait_for_it_and_no_later_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    is_broken = threading.Event()
    is_broken.set()

    def refused(batch: list[reading.Waiting]) -> None:
        time.sleep(0.05)
        for one in batch:
            reading._tell(one, DatabaseError("disk full") if is_broken.is_set() else None)  # noqa: SLF001

    def read() -> None:
        try:
            group.keep(Event())
        except DatabaseError as error:
            told.append(str(error))

    monkeypatch.setattr(reading, "commit", refused)
    group = reading.Group()
    threads = [threading.Thread(target=read) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert told == ["disk full"] * 10
    is_broken.clear()
    group.keep(Event())


def test_a_read_that_waits_too_long_fails_and_blocks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    may_go_on = threading.Event()
    kept: list[str] = []

    def stuck(batch: list[reading.Waiting]) -> None:
        may_go_on.wait(30)
        for one in batch:
            kept.append(one.event.thing)
            reading._tell(one, None)  # noqa: SLF001

    monkeypatch.setattr(reading, "commit", stuck)
    monkeypatch.setattr(reading, "PATIENCE_S", 0.05)
    group = reading.Group()
    first = threading.Thread(target=group.keep, args=[Event(thing="first")])
    first.start()
    time.sleep(0.05)
    with pytest.raises(TimeoutError):
        group.keep(Event(thing="second"))
    may_go_on.set()
    first.join(30)
    group.keep(Event(thing="third"))
    assert kept == ["first", "third"]


def test_a_read_that_cannot_be_kept_fails_and_spoils_no_other(db: None) -> None:
    good, bad = (
        reading.Waiting(new_event("record.read", by=System(), kind="household", thing="h")) for _ in range(2)
    )
    bad.event.kind = None  # type: ignore[assignment]
    reading.commit([good, bad])
    assert good.turn.result()
    assert isinstance(bad.turn.exception(), DatabaseError)
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_read_outside_a_transaction_is_committed_before_it_returns() -> None:
    record_read(by=System(), kind="household", thing="h1")
    assert Event.objects.get().thing == "h1"


@pytest.mark.django_db(transaction=True)
def test_sealers_at_once_beside_writers_make_one_sound_chain() -> None:
    """On a real server with many connections; SQLite in memory has one."""
    if connection.vendor != "postgresql":
        return

    def work(act: Callable[[], object]) -> None:
        for _ in range(20):
            act()
        connection.close()

    def write() -> None:
        with transaction.atomic():
            record("record.change", by=System(), kind="record", thing="t")

    threads = [threading.Thread(target=work, args=[act]) for act in (write, seal_events) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal_all()
    found = verify(read_chain())
    assert (found.is_sound, found.count) == (True, 80)
    assert Seal.objects.count() == Event.objects.count() == 80
