"""Taking turns at SQLite's one writer: processes wait in a queue of the system instead of asking anew.

Whoever finds the database locked sleeps and asks anew, up to a tenth of a second each time; small commits of
several processes then wait far longer than they last.
"""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

HAS_QUEUE = importlib.util.find_spec("fcntl") is not None
"""Windows has no such lock; there SQLite's own waiting must do."""


@contextlib.contextmanager
def in_turn() -> Iterator[None]:
    """Hold the queue of this site's writers; on PostgreSQL, and in memory, there is none."""
    name = str(connection.settings_dict["NAME"])
    if not HAS_QUEUE or connection.vendor != "sqlite" or ":memory:" in name or "mode=memory" in name:
        yield
        return
    import fcntl

    with Path(f"{name}.turn").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
