"""Acts on imports: each in one transaction with its event, of two at once exactly one wins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.db import IntegrityError, transaction
from django.utils import timezone

from jiedui_web.accounts.models import User
from jiedui_web.registers import tasks
from jiedui_web.registers.import_merging import built_upon
from jiedui_web.registers.import_reading import confirmed_lines
from jiedui_web.registers.import_runs import OUTDATED, SILENT, UNDOING, note, remove_files, stopped, sweep
from jiedui_web.registers.models import LIVE, Import, SavedMapping, StagedRow, State

LONG_NUMBER = re.compile(r"[0-9０-９]{12,}[xXｘＸ]?")
"""A person's number in the name of a file: it is not kept."""
KEPT = 3000
"""Lines of maps that are kept for an organisation in a programme."""
OPEN = (State.MAPPING, State.IN_REVIEW)


class OvertookError(Exception):
    """Somebody else decided, or the review is no longer the last: what was asked was not done."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as it arrived: its owner's name for it, its name in the upload folder, its hash."""

    name: str
    stored: str
    sha256: str
    size: int


@transaction.atomic
def receive(*, by: User, programme: str, place_code: str, file: Stored) -> tuple[Import, bool]:
    """Enter an uploaded file; the same file again gives the import it already has, and False."""
    name = _name_kept(file.name)
    same = Import.objects.filter(
        programme=programme, place_code=place_code, sha256=file.sha256, state__in=LIVE
    )
    try:
        with transaction.atomic():
            made = Import.objects.create(
                programme=programme,
                place_code=place_code,
                file_name=name,
                stored=file.stored,
                sha256=file.sha256,
                by=by.outer_id,
                at=timezone.now(),
                worked_at=timezone.now(),
            )
    except IntegrityError:
        return same.get(), False
    note(made, "import.upload", by=by, detail={"size": file.size})
    tasks.read_import.enqueue(made.outer_id)
    return made, True


def _name_kept(name: str) -> str:
    """Give a file's name without folders, long numbers, and signs that nobody sees or that turn the text."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(filter(str.isprintable, LONG_NUMBER.sub("*", last)))[-255:]


@transaction.atomic
def confirm_mapping(run: Import, *, by: User, feeds: Sequence[list[list[str]]], version: int) -> None:
    """Keep what each heading feeds, in the order of the map; where that differs, the file is read anew.

    Raises
    ------
    OvertookError
        If the map was confirmed, or the file read anew, since it was looked at.
    """
    held = _hold(run, version, *OPEN)
    changed = any(line["feeds"] != chosen for line, chosen in zip(held.mapping, feeds, strict=True))
    held.mapping = [
        {**line, "feeds": chosen, "confirmed": True} for line, chosen in zip(held.mapping, feeds, strict=True)
    ]
    held.state = State.RECEIVED if changed else State.IN_REVIEW
    held.worked_at = timezone.now()
    held.save(update_fields=["mapping", "state", "worked_at"])
    _save_lines(held, by)
    note(held, "import.map", by=by, detail={"headings": len(held.mapping), "read_anew": changed})
    if changed:
        tasks.read_import.enqueue(held.outer_id)


@transaction.atomic
def ask_commit(run: Import, *, by: User, version: int) -> None:
    """Have the reviewed rows put in force; the event stands in the transaction that does it.

    Raises
    ------
    OvertookError
        If the review is not the last one, or somebody else decided.
    """
    ready = Import.objects.filter(pk=run.pk, state=State.IN_REVIEW, version=version).exclude(step=OUTDATED)
    now = timezone.now()
    values = {"decided_by": by.outer_id, "decided_at": now, "worked_at": now, "step": "waiting"}
    if not ready.update(state=State.COMMITTING, **values):
        raise OvertookError
    tasks.merge_import.enqueue(run.outer_id)


@transaction.atomic
def refuse(run: Import, *, by: User, version: int) -> None:
    """Put an import aside for good: its staged rows go, nothing in force changes.

    Raises
    ------
    OvertookError
        If somebody else decided, or read it anew, meanwhile.
    """
    _hold(run, version, *OPEN)
    now = timezone.now()
    Import.objects.filter(pk=run.pk).update(
        state=State.REFUSED, step="", decided_by=by.outer_id, decided_at=now
    )
    StagedRow.objects.filter(brought_by=run).delete()
    note(run, "import.refuse", by=by, detail={"counts": run.counts})
    transaction.on_commit(lambda: remove_files(run))


@transaction.atomic
def ask_undo(run: Import, *, by: User) -> list[Import]:
    """Have an import undone; where something was built upon it, give the imports that did, and do nothing.

    Raises
    ------
    OvertookError
        If it is not in force, or being undone already.
    """
    if later := list(Import.objects.filter(replaced__brought_by=run).distinct().order_by("decided_at")):
        return later
    done = Import.objects.filter(pk=run.pk, state=State.COMMITTED).exclude(step=UNDOING)
    values = {"undone_by": by.outer_id, "worked_at": timezone.now()}
    if built_upon(run).exists() or not done.update(step=UNDOING, **values):
        raise OvertookError
    tasks.undo_import.enqueue(run.outer_id)
    return []


@transaction.atomic
def look_anew(run: Import, *, by: User) -> None:
    """Have an outdated review made anew."""
    note(run, "import.review", by=by)
    tasks.compare_import.enqueue(run.outer_id)


@transaction.atomic
def run_again(run: Import, *, by: User) -> None:
    """Begin a run that failed or stopped anew.

    Raises
    ------
    OvertookError
        If it goes on, or has ended.
    """
    failed = Import.objects.filter(pk=run.pk, state=State.FAILED).exclude(step="unreadable")
    if failed.update(state=State.RECEIVED, step="", worked_at=timezone.now()):
        note(run, "import.again", by=by)
        tasks.read_import.enqueue(run.outer_id)
    elif run in stopped():
        note(run, "import.again", by=by)
        _go_on(run)
    else:
        raise OvertookError


@transaction.atomic
def resume_stopped(*, silent: bool = False) -> int:
    """Let every import go on whose worker was killed: to be called when a worker starts; gives how many.

    Parameters
    ----------
    silent
        Whether to wait until a run gave no sign of life for a while: another worker may have it.
    """
    sweep()
    found = list(stopped(silent=SILENT if silent else SILENT * 0))
    for run in found:
        _go_on(run)
    return len(found)


def ask_returned(run: Import, *, by: User, lang: str) -> None:
    """Have the owner's workbook written with what is to be looked into."""
    with transaction.atomic():
        note(run, "import.return", by=by, detail={"language": lang})
        tasks.return_import.enqueue(run.outer_id, lang)


def _go_on(run: Import) -> None:
    Import.objects.filter(pk=run.pk).update(worked_at=timezone.now())
    following = {State.COMMITTING: tasks.merge_import, State.COMMITTED: tasks.undo_import}
    following.get(State(run.state), tasks.read_import).enqueue(run.outer_id)


def _hold(run: Import, version: int, *states: State) -> Import:
    """Give an import held for this transaction, if it is still as it was looked at."""
    held = Import.objects.select_for_update().filter(pk=run.pk, version=version, state__in=states).first()
    if held is None:
        raise OvertookError
    return held


def _save_lines(run: Import, by: User) -> None:
    """Keep the map for next month's files of the organisation; it replaces the one of the same sheet."""
    saved, _ = SavedMapping.objects.select_for_update().get_or_create(
        programme=run.programme, organisation=by.organisation_id_outer
    )
    day = timezone.localdate().isoformat()
    lines = [one for line in run.mapping for one in confirmed_lines(run, line, who=by.outer_id, when=day)]
    others = [line for line in saved.lines if line["file"] != run.file_name]
    saved.lines = [*others, *lines][-KEPT:]
    saved.save(update_fields=["lines"])
