"""Runs of an import's task: claimed by one worker, fenced against an older one, with signs of life."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from jiedui_web.accounts.actions import System
from jiedui_web.audit.recording import Actor, record
from jiedui_web.bridge.importing import FOLDER
from jiedui_web.registers.models import Import, StagedRow, State

SILENT = timedelta(minutes=5)
"""A run that gave no sign of life for so long has stopped: longer than the slowest file is read."""
LEFT_BEHIND = 3600
"""Seconds after which nobody reads in a folder any more."""
UNDOING = "undoing"
OUTDATED = "outdated"
"""Step of a review that must be made anew before anybody commits it."""


class OvertakenError(Exception):
    """Another run has taken over: this one writes nothing more."""


def upload_folder() -> Path:
    """Give the folder of uploaded files."""
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def path_of(run: Import) -> Path:
    """Give the uploaded file of an import."""
    return upload_folder() / run.stored


def findings_of(run: Import) -> Path:
    """Give the file that holds all findings of an import."""
    return upload_folder() / f"{run.stored}.findings"


def returned_of(run: Import, lang: str) -> Path:
    """Give the workbook returned to the owner, in a language."""
    return upload_folder() / f"{run.stored}.{lang}.xlsx"


def remove_files(run: Import) -> None:
    """Remove the uploaded file of an import and what was written beside it."""
    for path in upload_folder().glob(f"{run.stored}*"):
        path.unlink(missing_ok=True)


def sweep() -> None:
    """Remove the folders that killed readers left: older than any reader may get."""
    for folder in upload_folder().glob(f"{FOLDER}*"):
        if time.time() - folder.stat().st_mtime > LEFT_BEHIND:
            shutil.rmtree(folder, ignore_errors=True)


def claim(outer_id: str, now: Q, **values: Any) -> Import | None:  # noqa: ANN401 - values of columns
    """Take an import over for a run, if it waits for one; none when there is nothing to do."""
    found = Import.objects.filter(now, outer_id=outer_id)
    with transaction.atomic():
        if not found.update(attempt=F("attempt") + 1, worked_at=timezone.now(), done=0, total=0, **values):
            return None
        return Import.objects.get(outer_id=outer_id)


@contextmanager
def step(run: Import, **values: Any) -> Iterator[None]:  # noqa: ANN401 - values of columns
    """Do a part of a run in one transaction, with the values that it leaves in the import.

    Raises
    ------
    OvertakenError
        If another run has taken over: then nothing of the part stays.
    """
    with transaction.atomic():
        mine = Import.objects.filter(pk=run.pk, attempt=run.attempt, state=run.state)
        if not mine.update(worked_at=timezone.now(), **values):
            raise OvertakenError
        yield


def fail(run: Import, reason: str, **values: Any) -> None:  # noqa: ANN401 - values of columns
    """End a run whose file cannot be taken in: nothing of it stays but the file and the reason."""
    with step(run, state=State.FAILED, step=reason, **values):
        StagedRow.objects.filter(brought_by=run).delete()
        note(run, "import.fail", by=System(), detail={"reason": reason})


def note(run: Import, action: str, *, by: Actor, detail: Mapping[str, object] | None = None) -> None:
    """Record the one event of an act on an import, with the hash of its file."""
    record(
        action,
        by=by,
        kind="import",
        thing=run.outer_id,
        place_code=run.place_code,
        programme=run.programme,
        detail={"sha256": run.sha256, **(detail or {})},
    )


def counted(run: Import) -> dict[str, dict[str, int]]:
    """Count the staged rows by register and state."""
    found: dict[str, dict[str, int]] = {}
    rows = StagedRow.objects.filter(brought_by=run).values_list("register", "state")
    for register, state, count in rows.annotate(count=Count("id")).order_by("register", "state"):
        found.setdefault(register, {})[state] = count
    return found


def stopped(*, silent: timedelta = SILENT) -> QuerySet[Import]:
    """Give the imports whose run has stopped without an end, such as by a killed worker."""
    working = Q(state__in=[State.RECEIVED, State.READING, State.COMMITTING]) | Q(
        state=State.COMMITTED, step=UNDOING
    )
    return Import.objects.filter(
        working, Q(worked_at__isnull=True) | Q(worked_at__lt=timezone.now() - silent)
    )
