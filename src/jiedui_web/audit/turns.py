"""Taking turns at SQLite's one writer: processes wait in a queue of the system instead of asking anew.

Whoever finds the database locked sleeps and asks anew, up to a tenth of a second each time; small commits of
several processes then wait far longer than they last.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no such lock; there SQLite's own waiting is enough
    fcntl = None  # type: ignore[assignment]


@contextlib.contextmanager
def in_turn() -> Iterator[None]:
    """Hold the queue of this site's writers; on PostgreSQL, and in memory, there is none."""
    name = str(connection.settings_dict["NAME"])
    if fcntl is None or connection.vendor != "sqlite" or ":memory:" in name or "mode=memory" in name:
        yield
        return
    with Path(f"{name}.turn").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
