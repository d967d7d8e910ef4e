"""What workers do in the background."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import connection
from django_tasks import task

from jiedui_web.pairs.actions.solvings import perform, tell_alive

BEAT_SECONDS = 10


@task()
def solve_programme(outer_id: str) -> None:
    """Perform a solving."""
    with _beating(outer_id):
        perform(outer_id)


@contextmanager
def _beating(outer_id: str) -> Iterator[None]:
    """Tell every few seconds that the worker lives, whatever step it is in."""
    over = Event()

    def beat() -> None:
        while not over.wait(BEAT_SECONDS):
            tell_alive(outer_id)
            connection.close()

    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
