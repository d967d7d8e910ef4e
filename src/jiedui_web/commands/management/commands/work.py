"""The worker of tasks: takes up what a killed one left, then works through the queue."""

from __future__ import annotations

from typing import Any

from django_tasks_db.management.commands import db_worker

from jiedui_web.bridge.pairing import warm_up
from jiedui_web.commands.words import both
from jiedui_web.registers.importing import resume_stopped


class Command(db_worker.Command):
    """Do the tasks of the site until somebody ends it."""

    help = both("commands.work")

    def handle(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - handed on as they are
        """Let stopped imports go on, compile the pairing kernel once, then work."""
        resume_stopped()
        warm_up()
        super().handle(*arguments, **options)
