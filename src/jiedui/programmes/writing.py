"""Outputs whole or not at all: everything is written beside the target, then takes its place at once."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from jiedui.errors import InputError
from jiedui.language import finding

if TYPE_CHECKING:
    from jiedui.programmes.by_part import PartRun
    from jiedui.programmes.running import Run
    from jiedui.publish import Written

MARK, TIMINGS = "run.json", "timings.json"
T = TypeVar("T")


def publish_run(run: Run | PartRun, target: Path) -> Written:
    """Write everything a run publishes into the folder target.

    Raises
    ------
    InputError
        If target holds anything but an earlier output.
    """
    from jiedui.programmes.by_part import PartRun
    from jiedui.programmes.part_publishing import make_part_publication
    from jiedui.programmes.publishing import make_publication
    from jiedui.publish import write

    publication = make_part_publication(run) if isinstance(run, PartRun) else make_publication(run)
    return write_whole(target, lambda made: write(publication, made, run.lang), timings=run.seconds)


def write_whole(target: Path, write: Callable[[Path], T], *, timings: Mapping[str, float]) -> T:
    """Let `write` fill a new folder, then put it in the place of target.

    An earlier output of ours is replaced; whatever goes wrong, target stays as it was.

    Raises
    ------
    InputError
        If target holds anything but an earlier output, or cannot be written (a full disk, no right to).
    """
    check_target(target)
    try:
        return _write_beside(target, write, timings)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError([finding("programme.cannot_write", file=target.name, found=reason)]) from error


def _write_beside(target: Path, write: Callable[[Path], T], timings: Mapping[str, float]) -> T:
    """Fill a new folder beside target and let them change places; leave no crumbs."""
    target.parent.mkdir(parents=True, exist_ok=True)
    _clear_crumbs(target)
    made = Path(tempfile.mkdtemp(prefix=f"{_prefix(target)}{os.getpid()}-", dir=target.parent))
    try:
        made.chmod(0o755)
        result = write(made)
        rounded = {step: round(seconds, 3) for step, seconds in timings.items()}
        (made / TIMINGS).write_text(json.dumps(rounded, indent=2) + "\n", encoding="utf-8")
        _list_files(made)
        _swap(made, target)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return result


def _prefix(target: Path) -> str:
    """Give how the names of folders begin that are being filled for a target."""
    return f".{target.name}-"


def _clear_crumbs(target: Path) -> None:
    """Remove what runs left that were killed while writing: their process is no more."""
    for path in target.parent.iterdir() if os.name == "posix" else ():
        process = path.name.removeprefix(_prefix(target)).partition("-")[0]
        if path.name.startswith(_prefix(target)) and process.isdecimal() and not _is_alive(int(process)):
            shutil.rmtree(path, ignore_errors=True)


def _is_alive(process: int) -> bool:
    """Whether a process still runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def check_target(target: Path) -> None:
    """Refuse a target that is a file, or a folder with other people's things in it."""
    if target.is_dir() and _files(target) <= _listed(target):
        return
    if target.exists():
        raise InputError([finding("programme.out_not_ours", found=target.name)])


def _files(folder: Path) -> set[str]:
    """Give every file of a folder and the folders inside it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


def _list_files(made: Path) -> None:
    """Write into the record of the run which files it wrote."""
    from jiedui.publish import write_run

    record = json.loads((made / MARK).read_text(encoding="utf-8")) if (made / MARK).is_file() else {}
    write_run(made / MARK, record | {"files": sorted(_files(made) | {MARK})})


def _listed(target: Path) -> set[str]:
    """Give the files that an earlier run says it wrote; none where there is no record of one."""
    try:
        return set(json.loads((target / MARK).read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _swap(made: Path, target: Path) -> None:
    """Put made in the place of target; what stood there stands in made's place, or nowhere, afterwards."""
    try:
        made.rename(target)
    except OSError:
        if _exchange(made, target):
            return
        old = made.with_name(made.name + "-old")
        target.rename(old)
        made.rename(target)
        shutil.rmtree(old)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, so that a kill leaves either; False where the system cannot."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None) if sys.platform == "linux" else None
    here, exchange = -100, 2
    return rename is not None and rename(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0
