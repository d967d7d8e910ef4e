"""Makes the first administrator of a site, with a one-time password."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from jiedui_web.commands.words import both
from jiedui_web.office.actions import make_administrator


class Command(BaseCommand):
    """Make an administrator over all places."""

    help = both("commands.make_administrator")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the names."""
        parser.add_argument("username", help=both("commands.username"))
        parser.add_argument("name", help=both("commands.name"))
        parser.add_argument("--organisation", default="", help=both("commands.organisation"))

    def handle(self, *, username: str, name: str, organisation: str, **_: object) -> None:
        """Make the administrator; print the password once."""
        try:
            password = make_administrator(username=username, name=name, organisation=organisation)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(both("commands.administrator_made", username=username, password=password))
