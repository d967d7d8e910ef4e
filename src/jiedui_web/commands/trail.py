"""``jiedui audit export``."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from jiedui_web.audit.keeping import exported_lines, make_checkpoint
from jiedui_web.audit.signing import Checkpoint
from jiedui_web.commands.words import both


def export_trail(file: Path) -> int:
    """Write the sealed trail to a file, whole or not at all, and say the checkpoint of its end."""
    partial = file.with_name(file.name + ".part")
    with os.fdopen(
        os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as out:
        out.writelines(exported_lines())
        out.flush()
        os.fsync(out.fileno())
    partial.replace(file)
    show_checkpoint(make_checkpoint())
    return 0


def show_checkpoint(checkpoint: Checkpoint) -> None:
    """Say a checkpoint, for whoever keeps it elsewhere."""
    typer.echo(
        both("commands.checkpoint_made", number=checkpoint.number, head=checkpoint.head, at=checkpoint.at)
    )
    typer.echo(checkpoint.spelled(), nl=False)
