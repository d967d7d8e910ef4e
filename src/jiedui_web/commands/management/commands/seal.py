"""Seals events: once, or again and again beside the server."""

from __future__ import annotations

import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.db import Error, connection

from jiedui_web.audit.keeping import make_checkpoint
from jiedui_web.audit.sealing import seal_all, seal_events
from jiedui_web.commands.words import both

WHOLE_S = 600
CHECKPOINT_S = 3600


class Command(BaseCommand):
    """Seal events; hourly, sign a checkpoint."""

    help = both("commands.seal")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--every``."""
        parser.add_argument("--every", type=float, default=0, help=both("commands.seal_every"))

    def handle(self, *, every: float, **_: object) -> None:
        """Seal once, or until somebody ends it."""
        if not every:
            self.stdout.write(both("commands.sealed", count=seal_all()))
            return
        passed: dict[str, float] = {}
        while True:
            try:
                _pass(passed)
            except Error as error:
                self.stderr.write(f"{type(error).__name__}: {error}")
                connection.close()
            time.sleep(every)


def _pass(passed: dict[str, float]) -> None:
    """Seal what is new; now and then look through the whole trail, and sign a checkpoint."""
    now = time.monotonic()
    if now - passed.get("whole", -WHOLE_S) >= WHOLE_S:
        seal_all()
        passed["whole"] = now
    while seal_events():
        pass
    if now - passed.get("checkpoint", -CHECKPOINT_S) >= CHECKPOINT_S:
        make_checkpoint()
        passed["checkpoint"] = now
