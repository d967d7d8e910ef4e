"""Signs a checkpoint and prints it, to be kept elsewhere."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from jiedui_web.audit.keeping import make_checkpoint
from jiedui_web.audit.sealing import seal_all
from jiedui_web.commands.trail import show_checkpoint
from jiedui_web.commands.words import both


class Command(BaseCommand):
    """Sign a checkpoint."""

    help = both("commands.checkpoint")

    def handle(self, **_: object) -> None:
        """Seal, sign, print."""
        seal_all()
        show_checkpoint(make_checkpoint())
