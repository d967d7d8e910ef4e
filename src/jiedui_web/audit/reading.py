"""Recording reads of persons: many requests' events in one commit, each answer after its own.

A commit waits for the disk. Whoever comes first commits; who comes meanwhile waits together, and one of them
commits for all. So there is no thread to look after, and alone nobody waits for others.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

from django.db import Error, connection, transaction

from jiedui_web.audit.models import Event
from jiedui_web.audit.recording import Actor, new_event
from jiedui_web.audit.turns import in_turn

MOST = 500
"""Events in one commit."""
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

    Within a transaction the event belongs to it, and stands when that is committed.

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
    if connection.in_atomic_block:
        event.save(force_insert=True)
    else:
        GROUP.keep(event)


@dataclass(slots=True)
class Waiting:
    """An event that waits; its turn tells whether it is kept already, or its request must commit."""

    event: Event
    turn: Future[bool] = field(default_factory=Future)


class Group:
    """Requests of one process that commit their events together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Waiting] = deque()
        self._has_leader = False

    def keep(self, event: Event) -> None:
        """Keep an event; returns when it is committed.

        Raises
        ------
        django.db.Error, TimeoutError
            If it could not be kept.
        """
        own = Waiting(event)
        with self._lock:
            leads = not self._has_leader
            self._has_leader = True
            if not leads:
                self._waiting.append(own)
        if leads or not self._is_kept(own):
            self._lead(own)

    def _is_kept(self, own: Waiting) -> bool:
        """Wait for the turn: true if another request committed the event."""
        try:
            return own.turn.result(PATIENCE_S)
        except TimeoutError:
            with self._lock:
                if not own.turn.done():
                    self._waiting.remove(own)
                    raise
            return own.turn.result()

    def _lead(self, own: Waiting) -> None:
        """Commit the own event with all that wait, then give the lead to one who came meanwhile."""
        try:
            with in_turn():
                with self._lock:
                    others = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST - 1))]
                commit([own, *others])
        finally:
            with self._lock:
                following = self._waiting.popleft() if self._waiting else None
                self._has_leader = following is not None
            if following:
                following.turn.set_result(False)
        own.turn.result()


def commit(batch: list[Waiting]) -> None:
    """Keep a batch in one transaction; if the database refuses it, each event by itself."""
    try:
        with transaction.atomic():
            Event.objects.bulk_create([one.event for one in batch])
    except BaseException as error:
        if len(batch) > 1 and isinstance(error, Error):
            for one in batch:
                commit([one])
            return
        for one in batch:
            _tell(one, error)
        if not isinstance(error, Exception):
            raise
    else:
        for one in batch:
            _tell(one, None)


def _tell(one: Waiting, error: BaseException | None) -> None:
    """Tell a request that its event is kept, or why not; who was told to lead asks anew."""
    if one.turn.done():
        one.turn = Future()
    if error:
        one.turn.set_exception(error)
    else:
        one.turn.set_result(True)


GROUP = Group()


def _new_group() -> None:
    """Begin anew in a forked process, which has no threads of its parent's."""
    globals()["GROUP"] = Group()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_new_group)
