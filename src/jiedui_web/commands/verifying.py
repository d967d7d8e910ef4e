"""``jiedui audit verify``: needs neither Django nor the site."""

from __future__ import annotations

from pathlib import Path

import typer

from jiedui_web.audit.signing import read_checkpoints
from jiedui_web.audit.verifying import Verified, read_export, verify
from jiedui_web.commands.words import both

SHOWN = 20
"""Findings written out."""


def verify_file(file: Path, *, checkpoints: Path | None, key: str) -> int:
    """Verify an exported trail and say what was found; 0 if it is sound, 1 if not, 2 if it is none."""
    kept = list(read_checkpoints(checkpoints)) if checkpoints else []
    try:
        found = verify(read_export(file), kept, key=key.lower())
    except ValueError:
        typer.echo(both("commands.no_trail", file=file.name), err=True)
        return 2
    show_verified(found)
    return 0 if found.is_sound else 1


def show_verified(found: Verified) -> None:
    """Say what a verification found."""
    for one in found.findings[:SHOWN]:
        typer.echo(both(f"commands.found_{one.kind}", number=one.number, to=one.to))
    if len(found.findings) > SHOWN:
        typer.echo(both("commands.found_more", count=len(found.findings) - SHOWN))
    if found.is_sound:
        typer.echo(both("commands.sound", count=found.count, head=found.head))
        typer.echo(
            both("commands.proven", number=found.proven_to) if found.proven_to else both("commands.unproven")
        )
    for key in found.keys:
        typer.echo(both("commands.signed_by", key=key))
