"""Recording reads of persons: many requests' events in one commit, each answer after its own.

A commit waits for the disk; one thread a process writes the events of all requests that wait meanwhile.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from queue import Empty, SimpleQueue

from django.db import Error, close_old_connections, connection, transaction

from jiedui_web.audit.models import Event
from jiedui_web.audit.recording import Actor, new_event

MOST = 500
"""Events in one commit."""
IDLE_S = 5.0
"""After so long without a read the thread ends and gives its connection back."""
PATIENCE_S = 30.0
"""A request that cannot record its read for so long fails, and shows nothing."""


def record_read(
    *,
    by: Actor,
    kind: str,
    thing: str = "",
    place_code: str = "",
    programme: str = "",
    detail: Mapping[str, object] | None = None,
    action: str = "record.read",
) -> None:
    """Record that somebody read about persons; returns when the event is on the disk.

    Parameters
    ----------
    thing
        The outer id of what was read; of a list empty, with its filter and count in ``detail``.
    action
        ``record.read`` for one thing, ``record.list`` for a list, ``record.export`` for a file.
    """
    event = new_event(
        action, by=by, kind=kind, thing=thing, place_code=place_code, programme=programme, detail=detail
    )
    in_memory = getattr(connection, "is_in_memory_db", None)
    if connection.in_atomic_block or (in_memory and in_memory()):
        event.save(force_insert=True)
    else:
        WRITER.write(event)


class Writer:
    """A thread that commits the events of all who wait, together."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[tuple[Event, Future[None]] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def write(self, event: Event) -> None:
        """Keep an event; returns when it is committed.

        Raises
        ------
        django.db.Error, TimeoutError
            If it could not be kept.
        """
        kept: Future[None] = Future()
        with self._lock:
            self._waiting.put((event, kept))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="audit-reads", daemon=True)
                self._thread.start()
        kept.result(PATIENCE_S)

    def stop(self) -> None:
        """End the thread after what waits is written."""
        with self._lock:
            thread = self._thread
            if thread is not None:
                self._waiting.put(None)
        if thread is not None:
            thread.join(PATIENCE_S)

    def _run(self) -> None:
        """Write batch after batch until nothing comes any more."""
        try:
            while batch := self._next():
                close_old_connections()
                _commit(batch)
        finally:
            connection.close()

    def _next(self) -> list[tuple[Event, Future[None]]]:
        """Give all that wait, at least one; nothing when it is time to end."""
        try:
            first = self._waiting.get(timeout=IDLE_S)
        except Empty:
            first = None
        if first is None:
            with self._lock:
                if self._waiting.empty():
                    self._thread = None
                    return []
            return self._next()
        batch = [first]
        while len(batch) < MOST:
            try:
                further = self._waiting.get_nowait()
            except Empty:
                break
            if further is None:
                self._waiting.put(None)
                break
            batch.append(further)
        return batch


def _commit(batch: list[tuple[Event, Future[None]]]) -> None:
    """Keep a batch in one transaction; if the database refuses it, each event by itself."""
    try:
        with transaction.atomic():
            Event.objects.bulk_create([event for event, _ in batch])
    except Exception as error:  # noqa: BLE001 - whoever waits is told, whatever it was
        if len(batch) > 1 and isinstance(error, Error):
            for one in batch:
                _commit([one])
            return
        for _, kept in batch:
            kept.set_exception(error)
    else:
        for _, kept in batch:
            kept.set_result(None)


WRITER = Writer()


def _new_writer() -> None:
    """Begin anew in a forked process, which has no thread of its parent's."""
    globals()["WRITER"] = Writer()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_new_writer)
